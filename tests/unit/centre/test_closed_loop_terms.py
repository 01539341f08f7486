"""闭环 in a pack: what it leaves out has a value, and what it gets wrong is named with its line."""

from pathlib import Path
from typing import Any

import pytest

from shared.centre.closed_loop import ClosedLoop
from shared.centre.errors import PackFaulty
from shared.centre.load import load_pack

SMALL = Path(__file__).parent / "small_pack"


def pack_with(tmp_path: Path, lines: str) -> Any:
    for file in SMALL.iterdir():
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(text + (lines if file.name == "centre.yaml" else ""), encoding="utf-8")
    return load_pack(tmp_path)


def test_a_pack_that_says_nothing_has_every_way_of_asking() -> None:
    pack = load_pack(SMALL)
    assert pack.closed_loop == ClosedLoop()
    assert set(pack.follow_up_for("noise", "I").kinds) == {"telephone", "visit", "message"}


def test_a_rule_for_a_category_holds_for_what_lies_below_it(tmp_path: Path) -> None:
    pack = pack_with(tmp_path, "closed_loop: {follow_ups: [{categories: [labour], kinds: [visit], source: 样例}]}\n")
    assert pack.follow_up_for("labour.wages", "IV").kinds == ("visit",)
    assert len(pack.follow_up_for("noise", "IV").kinds) == 3


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("closed_loop: {follow_ups: [{categories: [labor], kinds: [visit], source: 样例}]}", "Did you mean 'labour'"),
        ("closed_loop: {follow_ups: [{kinds: [], source: 样例}]}", "kinds"),
        ("closed_loop: {follow_ups: [{kinds: [letter], source: 样例}]}", "kinds"),
        ("closed_loop: {follow_ups: [{kinds: [visit]}]}", "source"),
        ("closed_loop: {photos_max: 9}", "photos_max"),
        ("closed_loop: {reopenings_max: -1}", "reopenings_max"),
        ("closed_loop: {promise_weeks_max: 2}", "promise_weeks_max"),
    ],
)
def test_a_fault_is_found_with_file_and_line(tmp_path: Path, lines: str, words: str) -> None:
    with pytest.raises(PackFaulty) as faulty:
        pack_with(tmp_path, lines + "\n")
    assert words in str(faulty.value)
    assert "centre.yaml" in str(faulty.value)
