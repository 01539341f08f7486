"""What still waits for a channel when everything is settled waits properly, or is found."""

from dataclasses import replace
from datetime import datetime

import pytest

from tests.support.chaos.books import Books, MessageRow, NoticeRow
from tests.support.chaos.check_notices import notices_have_an_end
from tests.unit.chaos.sound import minutes, sound_books

# The books are of minute 60. An ordinary message of minute 0 is given up at 120, an urgent one at 20.
WAITS = MessageRow("m", "pending", False, 5, minutes(10), minutes(62), minutes(57), minutes(57))
WHISTLE = replace(WAITS, urgent=True, created_at=minutes(50), next_try_at=minutes(60.2))


def faults(message: MessageRow, at: datetime | None = None) -> list[str]:
    books = replace(sound_books(), under_way=(message,))
    return list(notices_have_an_end(books if at is None else replace(books, at=at)))


def summons(*states: str) -> Books:
    books = sound_books()
    return replace(books, notices=(NoticeRow(books.notices[0].notice_id, planned=True, ends=states),))


@pytest.mark.parametrize("message", [WAITS, WHISTLE], ids=["ordinary", "urgent"])
def test_a_channel_that_does_not_answer_is_tried_again(message: MessageRow) -> None:
    assert faults(message) == []


def test_who_was_never_tried_may_wait_for_the_channels_rate() -> None:
    assert faults(replace(WAITS, tries=0, tried_at=None, answered_at=None)) == []


def test_a_try_that_outlasted_the_patience_puts_off_the_end_once() -> None:
    """The channel let it wait for its answer; the next time it is looked at it is given up."""
    late = replace(WHISTLE, created_at=minutes(35), tried_at=minutes(54), answered_at=minutes(59.9))
    assert faults(late) == []


def test_what_was_planned_before_the_clock_was_set_back_is_younger_than_nothing() -> None:
    assert faults(replace(WAITS, created_at=minutes(100), tried_at=minutes(101), answered_at=minutes(101))) == []


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (replace(WAITS, next_try_at=minutes(60)), "has waited for its next try since"),
        (replace(WAITS, next_try_at=minutes(119)), "is not tried again before"),
        (replace(WAITS, state="sending", next_try_at=None), "is sending, and nobody is at it"),
        (replace(WAITS, tries=30), "was tried 30 times"),
        (replace(WHISTLE, tries=100), "was tried 100 times"),
        (replace(WAITS, created_at=minutes(-61)), "was never given up"),
        (replace(WHISTLE, created_at=minutes(35)), "was never given up"),
        (replace(WAITS, created_at=minutes(-61), tried_at=None, answered_at=None), "was never given up"),
        (replace(WAITS, created_at=minutes(-61), answered_at=None), "was never given up"),
    ],
    ids=[
        "its time has passed",
        "put off for an hour",
        "a sender that is gone",
        "tried for ever",
        "rung for ever",
        "tried beyond its time",
        "rung beyond its time",
        "never tried at all",
        "a try nobody heard of",
    ],
)
def test_what_waits_for_ever_is_found(message: MessageRow, words: str) -> None:
    [fault] = faults(message)
    assert fault.startswith("message m ")
    assert words in fault


@pytest.mark.parametrize("states", [("delivered", "pending"), ("delivered", "skipped"), ("answered", "failed")])
def test_a_summons_waits_for_a_channel_or_was_needless_or_answered_in_the_program(states: tuple[str, ...]) -> None:
    assert list(notices_have_an_end(summons(*states))) == []


@pytest.mark.parametrize(
    "states", [("delivered",), ("delivered", "failed"), ("delivered", "sent"), ("read",), ("failed",)]
)
def test_a_summons_that_ended_nowhere_is_found(states: tuple[str, ...]) -> None:
    [fault] = notices_have_an_end(summons(*states))
    assert "has no end" in fault
