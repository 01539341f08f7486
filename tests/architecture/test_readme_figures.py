"""README's table of figures says what the result files say, and nothing else."""

import json
import re
from pathlib import Path

import pytest

from benchmarks.table import README, Bound, short, table, with_table

MEASUREMENTS = README.parent / "benchmarks" / "README.md"


def test_the_table_is_the_result_files() -> None:
    text = README.read_text(encoding="utf-8")
    assert with_table(text, table()) == text, "python -m benchmarks.table writes it anew"


def test_a_figure_that_was_touched_by_hand_is_seen() -> None:
    text = README.read_text(encoding="utf-8")
    touched = text.replace(" kills, ", "9 kills, ")
    assert touched != text
    assert with_table(touched, table()) != touched


def test_whatever_falls_short_has_its_reason() -> None:
    reasons = section(MEASUREMENTS.read_text(encoding="utf-8"))
    assert [line.what for line in short() if f"**{line.what}**" not in reasons] == []


def test_no_reason_is_left_standing_for_what_is_met() -> None:
    named = set(re.findall(r"^- \*\*(.+?)\*\*", section(MEASUREMENTS.read_text(encoding="utf-8")), re.MULTILINE))
    assert named <= {line.what for line in short()}


def test_a_miss_cannot_hide(tmp_path: Path) -> None:
    """Every kind of it: a figure beyond its bound, a result that was never had, a remark that goes with it."""
    keep(tmp_path, "memory", {"pss_mb": 450.1})
    killed = {"processes_and_connections_ended": 1, "cases": 1, "missed": 0, "double": 0, "felt_s": {"max": 5}}
    keep(tmp_path, "kills", killed, remark="Half.")
    told = {row.split(" | ")[0].removeprefix("| "): row for row in table(tmp_path).splitlines()[2:]}
    assert "| **short** |" in told["everything idle: memory of all processes"]
    assert "not measured | **short**" in told["a second start"]
    assert "slowest recovery 5 s. Half. | to be measured again |" in told["killed at work"]
    assert {"everything idle: memory of all processes", "a second start"} <= {line.what for line in short(tmp_path)}
    assert "killed at work" not in {line.what for line in short(tmp_path)}
    unclean = {"commit": "f00", "clean": False, "not_clean_because": ["files changed meanwhile: a.py"]}
    keep(tmp_path, "starting", {"second_start_s": {"median": 3.0}}, revision=unclean)
    assert "3.0 s. Not of one revision: files changed meanwhile: a.py | to be measured again |" in table(tmp_path)
    keep(tmp_path, "memory", {"pss_mb": 4, "runs": 3})
    assert "| 4 MB | met | `memory` 2026-11-28, median of 3 |" in table(tmp_path)
    legs = {"7": {"revision": {"commit": "f01", "clean": True}}, "8": {"revision": unclean}}
    zeros = dict.fromkeys(("lost", "missed", "double", "broken", "slowest_recovery_from_a_single_kill_s"), 0)
    keep(tmp_path, "chaos", {"faults": 200, "cases": 20_000, "centres": 2, "legs": legs, **zeros})
    assert "from one kill 0 s. Not of one revision: files changed meanwhile: a.py | to be measured again |" in table(
        tmp_path
    )


def test_a_bound_is_met_up_to_itself() -> None:
    bound = Bound("a[b]", least=1, most=2)
    assert [bound.is_met({"a": {"b": figure}}) for figure in (0.99, 1, 2, 2.01)] == [False, True, True, False]


def test_a_figure_that_a_result_lacks_is_no_row_less(tmp_path: Path) -> None:
    keep(tmp_path, "clocks", {"due_together": {}})
    with pytest.raises(KeyError):
        table(tmp_path)


def test_a_text_without_a_place_for_it_is_refused() -> None:
    with pytest.raises(ValueError, match="figures"):
        with_table("no place for it", table())


def section(text: str) -> str:
    return text.partition("## What falls short, and why")[2].partition("\n## ")[0]


def keep(folder: Path, name: str, figures: dict[str, object], **more: object) -> None:
    said = {"measured_at": "2026-11-28T00:00:00+00:00", "figures": figures, **more}
    (folder / f"{name}.json").write_text(json.dumps(said), encoding="utf-8")
