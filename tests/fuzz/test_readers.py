"""No input of any kind brings a reader down; what once did is kept; and a reader that breaks down is seen to."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.errors import InvalidInput
from shared.links import AnswerLink
from tests.fuzz import memory, targets
from tests.fuzz.found import FOUND
from tests.fuzz.rounds import Crash, OneSided, Tally, once, require_both_sides, rounds
from tests.fuzz.targets import TARGETS, Target

ROUNDS_OF_ONE_WEIGHT = 60
pytestmark = pytest.mark.filterwarnings("ignore")  # libraries warn of what they are given; it is meant to be bad


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_any_input_is_taken_or_refused_in_words(name: str) -> None:
    target = TARGETS[name]
    require_both_sides(target, rounds(target, ROUNDS_OF_ONE_WEIGHT * target.weight, "suite"))


def test_seeds_that_no_reader_takes_are_seen() -> None:
    """Planted: tokens nobody signed, which are refused before anything in them is read."""
    unsigned = replace(TARGETS["links"], draw=targets.draw_from(b"eyJhIjoxfQ.c2ln"))
    with pytest.raises(OneSided, match="links: only 0 of 300 inputs were taken"):
        require_both_sides(unsigned, rounds(unsigned, 300, "planted"))


def test_a_reader_that_takes_everything_is_seen() -> None:
    blind = _reading(TARGETS["code"], len)
    with pytest.raises(OneSided, match="code: only 0 of 300 inputs were refused"):
        require_both_sides(blind, rounds(blind, 300, "planted"))


def test_a_fault_behind_the_signature_of_a_link_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a decoder that trusts what was signed, and takes the post it names for text."""
    true = AnswerLink.model_validate

    def trusting(content: Any) -> AnswerLink:
        content["staff"].partition(".")
        return true(content)

    monkeypatch.setattr(AnswerLink, "model_validate", trusting)
    with pytest.raises(Crash, match="AttributeError"):
        rounds(TARGETS["links"], 2_000, "planted")


@pytest.mark.parametrize(("name", "data"), FOUND, ids=lambda one: one if isinstance(one, str) else "")
def test_what_once_crashed_does_not_any_more(name: str, data: bytes) -> None:
    once(TARGETS[name], data, Tally())


@pytest.mark.parametrize("name", TARGETS)
def test_a_crash_is_seen(name: str) -> None:
    """Planted: the reader breaks down over one input in five."""
    target = TARGETS[name]

    def breaks(data: bytes) -> object:
        if sum(data) % 5 == 0:
            raise KeyError("planted")
        return None

    with pytest.raises(Crash, match="KeyError") as found:
        rounds(_reading(target, breaks), 200, "planted")
    assert found.value.data


def _reading(target: Target, read: targets.Read) -> Target:
    return replace(target, read=read)


def test_words_that_come_back_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a refusal that shows the whole of what was sent."""

    monkeypatch.setattr(targets, "refusal_of", lambda fault: InvalidInput(f"{fault}"))
    with pytest.raises(Crash, match="ComesBack"):
        rounds(TARGETS["requests"], 2_000, "planted")


def test_what_takes_for_ever_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.rounds.SECONDS_MAX", 0.001)

    def slow(_: bytes) -> None:
        until = time.process_time() + 0.01
        while time.process_time() < until:
            pass

    with pytest.raises(Crash, match="it took"):
        rounds(_reading(TARGETS["code"], slow), 1, "planted")


def test_what_takes_much_memory_is_seen_below_an_earlier_peak(monkeypatch: pytest.MonkeyPatch) -> None:
    memory.begin_or_skip()
    monkeypatch.setattr("tests.fuzz.rounds.GROWTH_KB_MAX", 200_000)
    filled(mb=400)
    assert memory.peak_kb() > 400_000
    rounds(_reading(TARGETS["code"], lambda _: filled(mb=100)), 1, "planted")
    with pytest.raises(Crash, match=r"it took [23]\d\d MB"):
        rounds(_reading(TARGETS["code"], lambda _: filled(mb=300)), 1, "planted")


def test_a_linux_that_cannot_look_fails_instead_of_passing_over_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(memory, "CLEAR", tmp_path / "away" / "clear_refs")
    for system, ends in (("linux", pytest.fail.Exception), ("darwin", pytest.skip.Exception)):
        monkeypatch.setattr("sys.platform", system)
        with pytest.raises(ends, match="whole life"):
            memory.begin_or_skip()


def filled(*, mb: int) -> int:
    """Written to its last byte, as the system gives no memory before; free again afterwards."""
    return len(b"x" * (mb * 1_000_000))


def test_where_a_peak_cannot_be_forgotten_that_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No such files, as on other systems; what rises above the whole life's peak is seen there as well."""
    monkeypatch.setattr(memory, "CLEAR", tmp_path / "none" / "clear_refs")
    monkeypatch.setattr(memory, "STATUS", tmp_path / "none" / "status")
    assert not rounds(TARGETS["code"], 1, "planted").each_peak_is_its_own
    sizes = iter((1_000, 1_000_000))
    monkeypatch.setattr(memory, "lifetime_peak_kb", lambda: next(sizes))
    with pytest.raises(Crash, match="it took 999 MB"):
        rounds(_reading(TARGETS["code"], len), 1, "planted")
