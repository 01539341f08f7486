"""Warnings before a due time, and the office time they are measured in."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.calendar import Duration, OfficeHours, Unit, WorkingCalendar, due_at, warn_at, working_time_between

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar(
    timezone=SHANGHAI, office_hours=OfficeHours.model_validate({"week": ["08:00-12:00", "14:30-17:30"]})
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "limit", "percent", "warned"),
    [
        # 20 minutes: half is 10, four fifths 16
        ("2026-10-01T02:00", "20 minute", 50, "2026-10-01T02:10"),
        ("2026-10-01T02:00", "20 minute", 80, "2026-10-01T02:16"),
        # Fri 10:00 + 1 working day ends Mon 17:30: 5 h on Friday and 7 h on Monday, half of them is 6 h
        ("2026-07-10T10:00", "1 working_day", 50, "2026-07-13T09:00"),
        # Wed 30 Sep 17:00 + 1 working day ends 8 Oct 17:30: 0.5 + 7 h, half 3.75 h = 0.5 + 3.25 h
        ("2026-09-30T17:00", "1 working_day", 50, "2026-10-08T11:15"),
        # 8 working hours from Mon 08:00 end Tue 09:00; 80 % is 6 h 24 min
        ("2026-09-28T08:00", "8 working_hour", 80, "2026-09-28T16:54"),
        # calendar days run through nights: from Mon 17:30 to Wed 17:30, half is Tue 17:30
        ("2026-09-28T17:30", "2 calendar_day", 50, "2026-09-29T17:30"),
    ],
)
def test_warned_at_the_part_of_the_time_the_limit_is_measured_in(
    start: str, limit: str, percent: int, warned: str
) -> None:
    duration = Duration.parse(limit)
    due = due_at(CALENDAR, local(start), duration).at
    answer = warn_at(local(start), due, percent, calendar=CALENDAR, unit=duration.unit)
    assert answer == local(warned)
    assert answer.tzinfo is UTC


def test_without_a_calendar_the_wall_clock_is_measured() -> None:
    start, due = local("2026-09-30T17:00"), local("2026-10-08T17:00")
    assert warn_at(start, due, 50) == local("2026-10-04T17:00")


def test_a_span_without_office_time_is_measured_on_the_wall_clock() -> None:
    start, due = local("2026-10-01T10:00"), local("2026-10-01T12:00")
    assert warn_at(start, due, 50, calendar=CALENDAR, unit=Unit.WORKING_HOUR) == local("2026-10-01T11:00")


@pytest.mark.parametrize("percent", [-1, 0, 100, 150])
def test_a_warning_outside_the_time_is_refused(percent: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 99"):
        warn_at(local("2026-09-28T08:00"), local("2026-09-28T09:00"), percent)


def test_a_due_time_before_its_start_is_refused() -> None:
    with pytest.raises(ValueError, match="due is not after start"):
        warn_at(local("2026-09-28T09:00"), local("2026-09-28T09:00"), 50)


def test_naive_times_are_refused() -> None:
    naive = datetime(2026, 9, 28, 8)  # noqa: DTZ001 -- the violation
    for start, due in [(naive, local("2026-09-28T09:00")), (local("2026-09-28T07:00"), naive)]:
        with pytest.raises(ValueError, match="aware"):
            warn_at(start, due, 50)
        with pytest.raises(ValueError, match="aware"):
            working_time_between(CALENDAR, start, due)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-09-28T08:00", "2026-09-28T17:30", 7),
        ("2026-09-28T00:00", "2026-09-29T00:00", 7),
        ("2026-09-28T11:00", "2026-09-28T15:30", 2),
        ("2026-09-30T16:30", "2026-10-08T09:00", 2),
        ("2026-10-01T00:00", "2026-10-08T00:00", 0),
        ("2026-10-05T00:00", "2026-10-12T00:00", 21),  # Thu 8, Fri 9, make-up Sat 10 October
        ("2026-09-28T12:00", "2026-09-28T14:30", 0),
        ("2026-09-29T10:00", "2026-09-28T10:00", 0),
    ],
)
def test_office_time_between_two_instants(start: str, end: str, hours: int) -> None:
    assert working_time_between(CALENDAR, local(start), local(end)) == timedelta(hours=hours)
