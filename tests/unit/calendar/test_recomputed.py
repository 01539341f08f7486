"""When a year is published: which provisional due times change, and that settled ones never do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.calendar import Due, Duration, OfficeHours, Unit, WorkingCalendar, changed_since, due_at, recomputed
from shared.calendar.published import published_years

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = OfficeHours.model_validate({"week": ["08:00-12:00", "14:30-17:30"]})
BEFORE = WorkingCalendar(timezone=SHANGHAI, office_hours=OFFICE)
YEAR = max(published_years()) + 5  # stays unpublished while the package is updated a few times
WEEK = frozenset(date(YEAR, 10, day) for day in range(1, 8))
AFTER = BEFORE.model_copy(update={"extra_holidays": WEEK, "published_years": frozenset({YEAR})})
starts = st.datetimes(datetime(YEAR, 1, 1), datetime(YEAR, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds


def local(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(YEAR, month, day, hour, tzinfo=SHANGHAI)


def test_a_due_time_that_moves_is_told() -> None:
    limit = Duration.parse("1 calendar_day")
    was = due_at(BEFORE, local(10, 5), limit)
    assert was.provisional
    becomes = recomputed(BEFORE, AFTER, local(10, 5), limit)
    assert becomes == due_at(AFTER, local(10, 5), limit)
    assert becomes is not None
    assert becomes.at > was.at
    assert not becomes.provisional


def test_where_the_instant_stays_the_mark_falls() -> None:
    start, limit = local(6, 15), Duration.parse("1 hour")
    assert recomputed(BEFORE, AFTER, start, limit) is None, "an hour is never provisional"
    limit = Duration.parse("1 working_day")
    ordinary = next(local(11, day) for day in range(10, 17) if date(YEAR, 11, day).weekday() == 1)
    becomes = recomputed(BEFORE, AFTER, ordinary, limit)
    assert becomes is not None
    assert becomes.at == due_at(BEFORE, ordinary, limit).at
    assert not becomes.provisional


def test_nothing_new_is_no_change() -> None:
    for limit in ("1 working_minute", "5 working_day", "15 calendar_day", "1 month", "1 month elapsed", "20 minute"):
        assert recomputed(BEFORE, BEFORE, local(10, 1), Duration.parse(limit)) is None


def test_a_settled_due_time_never_moves() -> None:
    closed = BEFORE.with_days(holidays=[date(2026, 7, 14)])
    start = datetime(2026, 7, 13, 10, tzinfo=SHANGHAI)
    limit = Duration.parse("1 working_day")
    assert due_at(closed, start, limit).at != due_at(BEFORE, start, limit).at
    assert recomputed(BEFORE, closed, start, limit) is None


def test_what_was_told_earlier_is_compared_where_the_old_calendar_counts_the_new_way_already() -> None:
    """A newer table of notices changes every calendar at once: only the kept due time knows the old answer."""
    limit = Duration.parse("1 working_day")
    now = due_at(AFTER, local(9, 29), limit)
    kept = Due(now.at - timedelta(days=2), True, ())
    assert changed_since(kept, AFTER, local(9, 29), limit) == now
    assert changed_since(Due(kept.at, False, ()), AFTER, local(9, 29), limit) is None


@settings(deadline=None)
@given(starts, st.integers(1, 40), st.sampled_from(list(Unit)))
def test_it_tells_exactly_what_differs(start: datetime, amount: int, unit: Unit) -> None:
    limit = Duration(amount, unit)
    was, becomes = due_at(BEFORE, start, limit), due_at(AFTER, start, limit)
    told = recomputed(BEFORE, AFTER, start, limit)
    same = (was.at, was.provisional) == (becomes.at, becomes.provisional)
    assert told == (None if same or not was.provisional else becomes)
