"""README's table of figures says what the result files say, and nothing else."""

import json
from pathlib import Path

import pytest

from benchmarks.table import README, table, with_table


def test_the_table_is_the_result_files() -> None:
    text = README.read_text(encoding="utf-8")
    assert with_table(text, table()) == text, "python -m benchmarks.table writes it anew"


def test_a_figure_that_was_touched_by_hand_is_seen() -> None:
    text = README.read_text(encoding="utf-8")
    touched = text.replace(" kills, ", "9 kills, ")
    assert touched != text
    assert with_table(touched, table()) != touched


def test_what_was_not_measured_is_not_told(tmp_path: Path) -> None:
    figures = {"pss_mb": 182.2}
    said = {"measured_at": "2026-11-28T00:00:00+00:00", "figures": figures}
    (tmp_path / "memory.json").write_text(json.dumps(said), encoding="utf-8")
    assert [row for row in table(tmp_path).splitlines() if "MB" in row] == table(tmp_path).splitlines()[2:]
    with pytest.raises(ValueError, match="figures"):
        with_table("no place for it", table(tmp_path))


def test_a_figure_that_an_older_result_lacks_is_not_told(tmp_path: Path) -> None:
    said = {"measured_at": "2026-11-28T00:00:00+00:00", "figures": {"due_together": {}}}
    (tmp_path / "clocks.json").write_text(json.dumps(said), encoding="utf-8")
    assert table(tmp_path).splitlines()[2:] == []
