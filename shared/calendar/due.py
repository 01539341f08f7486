"""When a limit ends, and when to warn before it does."""

import calendar as gregorian
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shared.calendar import steps
from shared.calendar.duration import Duration, Style, Unit
from shared.calendar.span import advance, working_time_between
from shared.calendar.working import Day, DayBook, WorkingCalendar, day_book

_ONE_DAY = timedelta(days=1)
_WORKED = frozenset({Unit.WORKING_MINUTE, Unit.WORKING_HOUR, Unit.WORKING_DAY})


@dataclass(frozen=True, slots=True)
class Due:
    """`at` is UTC. `provisional`: a day it rests on may still be changed by a holiday notice to come."""

    at: datetime
    provisional: bool
    steps: tuple[str, ...]


def due_at(calendar: WorkingCalendar, start: datetime, limit: Duration) -> Due:
    """The instant a limit that runs from `start` ends.

    Minutes and hours run on through nights and holidays; working ones only inside office hours of worked days. Days
    and months are counted the statute's way: from the day after `start`, to close of business of the last day, and a
    last calendar day that is not worked moves to the next one that is (Civil Code 201 to 203). Elapsed ones run from
    the instant: n times 24 hours; the same time of day n months later, or of the nth working day within its hours.
    ValueError for a naive `start`, and for a due time past the year 9999.
    """
    _require_aware(start)
    try:
        return _RULES[limit.style][limit.unit](day_book(calendar), start.astimezone(UTC), limit)
    except OverflowError as beyond:
        raise ValueError(f"{limit} from {start.isoformat()} ends beyond the calendar") from beyond


def warn_at(
    start: datetime,
    due: datetime,
    percent: int,
    *,
    calendar: WorkingCalendar | None = None,
    unit: Unit | None = None,
) -> datetime:
    """The instant (UTC) by which `percent` (1 to 99) of the span from `start` to `due` has gone.

    Measured on the wall clock; with `calendar` and a working `unit`, in office time, so that half of one working day
    is not spent by a night. `due` may be any due time of that clock, an extended one too.
    """
    _require_aware(start)
    _require_aware(due)
    if not 1 <= percent <= 99:
        raise ValueError(f"a warning comes between 1 and 99 percent of the time, not at {percent}")
    if due <= start:
        raise ValueError("a warning lies between start and due; due is not after start")
    if calendar is not None and unit in _WORKED:
        office_time = working_time_between(calendar, start, due)
        if office_time:
            return advance(day_book(calendar), start.astimezone(UTC), office_time * percent / 100).at
    return start.astimezone(UTC) + (due - start) * percent / 100


def _require_aware(at: datetime) -> None:
    if at.utcoffset() is None:
        raise ValueError("instants must be aware: a time without its zone is no deadline")


def _continuous(book: DayBook, start: datetime, limit: Duration) -> Due:
    span = timedelta(hours=limit.amount) if limit.unit is Unit.HOUR else timedelta(minutes=limit.amount)
    at = start + span
    line = f"{limit.words()} without a break, nights and holidays included"
    return _by_the_clock(book, start, at, line)


def _by_the_clock(book: DayBook, start: datetime, at: datetime, line: str) -> Due:
    """What rests on no day's being worked, and so is never provisional."""
    return Due(at, False, (steps.received(start, book.timezone), line, steps.due(at, book.timezone)))


def _elapsed_days(book: DayBook, start: datetime, limit: Duration) -> Due:
    at = start + timedelta(days=limit.amount)
    line = f"{limit.words()} elapsed: {limit.amount} times 24 hours, nights and holidays included"
    return _by_the_clock(book, start, at, line)


def _elapsed_months(book: DayBook, start: datetime, limit: Duration) -> Due:
    local = start.astimezone(book.timezone)
    day = _same_day_later(local.date(), limit.amount)
    at = datetime.combine(day, local.timetz()).astimezone(UTC)
    line = f"{limit.words()} elapsed: the same time of the same day of that month, or of its last (Civil Code 202)"
    return _by_the_clock(book, start, at, line)


def _elapsed_working_days(book: DayBook, start: datetime, limit: Duration) -> Due:
    first, begins = _next_open(book, start)
    days = _walked(book, first.date, limit.amount)
    last = days[-1]
    same_time = datetime.combine(last.date, begins.astimezone(book.timezone).timetz()).astimezone(UTC)
    # Hours may differ from day to day: a time at which nobody is there is no time to be due at.
    at = next((max(same_time, opens) for opens, closes in last.spans if same_time <= closes), last.closes_at)
    rule = f"{limit.words()} elapsed: to the same time of the last of them, within its office hours"
    lines = [rule, *steps.waited(start, begins, book.timezone), *steps.counted_days(days)]
    return _explained(book, start, at, [*_days_until(book, start, first), *days], lines)


def _next_open(book: DayBook, at: datetime) -> tuple[Day, datetime]:
    """The first instant of office hours not before `at`, and its day."""
    day = book.day(book.local_date(at))
    while True:
        for opens, closes in day.spans:
            if at < closes:
                return day, max(at, opens)
        day = book.day(day.date + _ONE_DAY)


def _days_until(book: DayBook, start: datetime, first: Day) -> list[Day]:
    """The days from the one of `start` to the one the count begins on."""
    begun = book.local_date(start)
    return [book.day(begun + _ONE_DAY * passed) for passed in range((first.date - begun).days + 1)]


def _working_time(book: DayBook, start: datetime, limit: Duration) -> Due:
    hours = limit.unit is Unit.WORKING_HOUR
    run = advance(book, start, timedelta(hours=limit.amount) if hours else timedelta(minutes=limit.amount))
    rule = f"{limit.words()}, counted only inside office hours"
    return _explained(book, start, run.at, [day for day, _ in run.days], [rule, *steps.counted_time(run.days)])


def _working_days(book: DayBook, start: datetime, limit: Duration) -> Due:
    days = _walked(book, book.local_date(start), limit.amount)
    lines = [_from_next_day(limit), *steps.counted_days(days), steps.close_of_business(days[-1])]
    return _explained(book, start, days[-1].closes_at, days, lines)


def _walked(book: DayBook, after: date, working_days: int) -> list[Day]:
    """The days after `after`, up to the last of so many worked ones."""
    days: list[Day] = []
    while working_days:
        after += _ONE_DAY
        days.append(book.day(after))
        working_days -= days[-1].works
    return days


def _calendar_days(book: DayBook, start: datetime, limit: Duration) -> Due:
    return _ending_on(book, start, limit, book.local_date(start) + timedelta(days=limit.amount))


def _months(book: DayBook, start: datetime, limit: Duration) -> Due:
    return _ending_on(book, start, limit, _same_day_later(book.local_date(start), limit.amount))


def _ending_on(book: DayBook, start: datetime, limit: Duration, last: date) -> Due:
    moved_to = book.next_workday(last)
    days = [book.day(last + _ONE_DAY * passed) for passed in range((moved_to - last).days + 1)]
    ends = f"counted out, the last day is {steps.day_text(last)}"
    lines = [_from_next_day(limit), ends, *steps.skipped_days(days[:-1]), steps.close_of_business(days[-1])]
    return _explained(book, start, days[-1].closes_at, days, lines)


def _same_day_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last where it has none (Civil Code 202)."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        raise OverflowError
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def _from_next_day(limit: Duration) -> str:
    return f"{limit.words()}, counted from the next day: the day it begins is left out (Civil Code 201)"


def _explained(book: DayBook, start: datetime, at: datetime, days: Iterable[Day], lines: list[str]) -> Due:
    days = tuple(days)
    told = (steps.received(start, book.timezone), *lines, *steps.provisional(days), steps.due(at, book.timezone))
    return Due(at, any(day.provisional for day in days), told)


Rule = Callable[[DayBook, datetime, Duration], Due]
_STATUTE: dict[Unit, Rule] = {
    Unit.MINUTE: _continuous,
    Unit.HOUR: _continuous,
    Unit.WORKING_MINUTE: _working_time,
    Unit.WORKING_HOUR: _working_time,
    Unit.WORKING_DAY: _working_days,
    Unit.CALENDAR_DAY: _calendar_days,
    Unit.MONTH: _months,
}
_ELAPSED: dict[Unit, Rule] = {
    Unit.WORKING_DAY: _elapsed_working_days,
    Unit.CALENDAR_DAY: _elapsed_days,
    Unit.MONTH: _elapsed_months,
}
_RULES: dict[Style, dict[Unit, Rule]] = {Style.STATUTE: _STATUTE, Style.ELAPSED: _ELAPSED}
