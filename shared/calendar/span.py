"""Working time between instants: only the minutes inside office hours of worked days count."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.calendar.working import Day, DayBook, WorkingCalendar, day_book

_ONE_DAY = timedelta(days=1)
_NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Advance:
    """Where a stretch of working time ends, and the days it ran over with what was counted on each."""

    at: datetime
    days: tuple[tuple[Day, timedelta], ...]


def advance(book: DayBook, start: datetime, need: timedelta) -> Advance:
    """The first instant (UTC) by which `need`, more than nothing, has been worked since `start` (UTC)."""
    day = book.day(book.local_date(start))
    passed: list[tuple[Day, timedelta]] = []
    while True:
        before = need
        for opens, closes in day.spans:
            begins = max(opens, start)
            if begins + need <= closes:
                passed.append((day, before))
                return Advance(begins + need, tuple(passed))
            need -= max(closes - begins, _NONE)
        passed.append((day, before - need))
        day = book.day(day.date + _ONE_DAY)


def working_time_between(calendar: WorkingCalendar, start: datetime, end: datetime) -> timedelta:
    """Office time from `start` to `end`, both aware; nothing when `end` is not after `start`."""
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("instants must be aware: a time without its zone is no deadline")
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    book = day_book(calendar)
    day, last = book.local_date(start), book.local_date(end)
    total = _NONE
    while day <= last:
        for opens, closes in book.day(day).spans:
            total += max(min(closes, end) - max(opens, start), _NONE)
        day += _ONE_DAY
    return total
