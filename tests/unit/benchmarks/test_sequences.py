"""The measured sequences: the same without a seed, others with one, and a result that says which."""

from typing import Any

import pytest

from benchmarks import sequences
from tests.sequences import machine


@pytest.fixture(autouse=True)
def a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequences, "SEQUENCES", 5)
    monkeypatch.setattr(sequences, "STEPS", 8)


def drawn(seed: float | None = None) -> dict[str, Any]:
    """What a measurement says but for how long it took."""
    return {name: value for name, value in sequences.measure(seed=seed).items() if name != "seconds"}


def test_without_a_seed_it_is_the_same_ones_every_time() -> None:
    assert drawn() == drawn()
    assert drawn()["seed"] == "none: the same every time"


def test_a_seed_has_its_own_and_is_told() -> None:
    first, again, other = drawn(7.0), drawn(7), drawn(8)
    assert first == again
    assert (first["seed"], other["seed"]) == (7, 8)
    assert len({one["events"] for one in (first, other, drawn())}) == 3


def test_what_shows_only_at_the_end_of_a_sequence_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(_: object) -> None:
        raise AssertionError("wrong at the end")

    monkeypatch.setattr(machine, "clocks_do_not_ask_which_stream_came_first", wrong)
    with pytest.raises(AssertionError, match="wrong at the end"):
        sequences.measure()
