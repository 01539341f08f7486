"""By when a thing is promised: one arithmetic for whoever decides on more time and whoever keeps the clock."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.escalation.policy.obligations import CaseFacts, Moved, Obligation
from services.escalation.policy.terms import SHORTENED, terms_of
from shared.calendar import Unit, working_time_between
from shared.centre.promised import asked_early, extended, promised, resumed
from shared.centre.working_time import calendar_of
from tests.unit.escalation.given import CATEGORY, MONDAY, UNIT, Story, at, quanzhou

HOURS = st.integers(min_value=0, max_value=24 * 60)


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text.replace(' ', 'T')}:00+08:00")


DUE = local("2026-11-30 17:30")


@pytest.mark.parametrize("reopened", [False, True])
@pytest.mark.parametrize("level", ["I", "II", "III", "IV"])
def test_a_clock_runs_to_the_very_time_that_is_promised(level: str, reopened: bool) -> None:
    story = Story(level=level)
    owed = Obligation("k", "report_back", UNIT, MONDAY, story.grounds, unit=UNIT, shortened=reopened)
    here = promised(quanzhou(), "report_back", CATEGORY, level, MONDAY, reopened=reopened)  # type: ignore[arg-type]
    terms = terms_of(quanzhou(), owed, CaseFacts())
    assert (terms.due_at, terms.provisional, terms.limit) == (here.due.at, here.due.provisional, str(here.duration))


def test_a_moved_time_stands_on_the_same_limit_and_says_why() -> None:
    moved = Moved(at(99_999), True, "延期: why")
    owed = Obligation("k", "report_back", UNIT, MONDAY, Story().grounds, unit=UNIT, shortened=True, moved=moved)
    terms = terms_of(quanzhou(), owed, CaseFacts())
    assert (terms.due_at, terms.provisional, terms.limit) == (at(99_999), True, "3 working_day")
    assert terms.limit_source.endswith(f"; {SHORTENED}; 延期: why")
    assert all(MONDAY < one.at < at(99_999) for one in terms.steps if one.kind == "warn" and one.at is not None)


@pytest.mark.parametrize(
    ("days", "until"),
    [(1, "2026-12-01 17:30"), (4, "2026-12-04 17:30"), (5, "2026-12-07 17:30"), (10, "2026-12-14 17:30")],
)
def test_an_extension_counts_working_days_from_the_time_promised_before(days: int, until: str) -> None:
    assert extended(quanzhou(), DUE, days).at == local(until)


def test_an_extension_over_days_nobody_published_yet_is_provisional() -> None:
    assert extended(quanzhou(), local("2031-12-30 17:30"), 10).provisional


@pytest.mark.parametrize(
    ("days", "now", "early"),
    [
        (0, "2026-11-30 17:29", True),
        (0, "2026-11-30 17:30", False),
        (1, "2026-11-29 23:59", True),
        (1, "2026-11-30 00:00", False),
        (2, "2026-11-26 23:59", True),
        (2, "2026-11-27 00:00", False),
    ],
)
def test_asked_so_many_whole_working_days_before(days: int, now: str, early: bool) -> None:
    assert asked_early(quanzhou(), DUE, days, now=local(now)) is early


@given(stopped=HOURS, waited=HOURS)
def test_what_was_left_of_office_time_is_what_is_left(stopped: int, waited: int) -> None:
    calendar, stopped_at = calendar_of(quanzhou()), MONDAY + timedelta(hours=stopped % 170)
    resumed_at = stopped_at + timedelta(hours=waited % 900)
    again = resumed(quanzhou(), Unit.WORKING_DAY, DUE, stopped_at=stopped_at, resumed_at=resumed_at)
    left = working_time_between(calendar, stopped_at, DUE)
    assert working_time_between(calendar, resumed_at, again.at) == left
    assert again.at > resumed_at


@given(stopped=HOURS, waited=HOURS, unit=st.sampled_from([Unit.HOUR, Unit.MINUTE, Unit.CALENDAR_DAY]))
def test_of_any_other_limit_it_is_plain_time(stopped: int, waited: int, unit: Unit) -> None:
    stopped_at = DUE - timedelta(minutes=stopped + 1)
    resumed_at = stopped_at + timedelta(minutes=waited)
    again = resumed(quanzhou(), unit, DUE, stopped_at=stopped_at, resumed_at=resumed_at)
    assert again.at - resumed_at == DUE - stopped_at
