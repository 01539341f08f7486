"""The arithmetic of a due time in plain words, one line a step."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from shared.calendar.working import Day

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day_text(day: date) -> str:
    return f"{day.isoformat()} {_WEEKDAYS[day.weekday()]}"


def instant_text(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    seconds = f":{local.second:02}" if local.second or local.microsecond else ""
    return f"{day_text(local.date())} {local.hour:02}:{local.minute:02}{seconds}"


def received(start: datetime, zone: ZoneInfo) -> str:
    return f"runs from {instant_text(start, zone)} ({zone.key})"


def due(at: datetime, zone: ZoneInfo) -> str:
    return f"due {instant_text(at, zone)}"


def waited(start: datetime, begins: datetime, zone: ZoneInfo) -> Iterator[str]:
    """One line when a count begins later than it was received, because nobody was there."""
    if begins > start:
        yield f"received outside office hours: the count begins {instant_text(begins, zone)}"


def counted_days(days: Sequence[Day]) -> Iterator[str]:
    """Lines for days walked over, the worked ones numbered; neighbours of one kind share a line."""
    count = 0
    for _, group in groupby(days, key=_kind):
        run = tuple(group)
        if run[0].works:
            first, count = count + 1, count + len(run)
            numbers = f"day {first}" if first == count else f"days {first} to {count}"
            yield f"{_range_text(run)}: {numbers} of the count, {_reason(run[0])}"
        else:
            yield f"{_range_text(run)}: not counted, {_reason(run[0])}"


def counted_time(days: Iterable[tuple[Day, timedelta]]) -> Iterator[str]:
    """Lines for working time counted day by day; neighbours on which nothing is counted share a line."""
    for (counts, kind), group in groupby(days, key=lambda item: (item[1] > timedelta(0), _kind(item[0]))):
        run = tuple(group)
        if counts:
            yield from (f"{day_text(day.date)}: {_span_text(span)} counted, {_hours(day)}" for day, span in run)
        else:
            worked = "after office hours" if kind[0] else _reason(run[0][0])
            yield f"{_range_text([day for day, _ in run])}: nothing counted, {worked}"


def skipped_days(days: Sequence[Day]) -> Iterator[str]:
    """Lines for the days a last day moves over."""
    for _, group in groupby(days, key=_kind):
        run = tuple(group)
        yield f"{_range_text(run)}: {_reason(run[0])}; the last day moves on (Civil Code 203)"


def close_of_business(day: Day) -> str:
    return f"{day_text(day.date)}: last day, ends at close of business (Civil Code 203), {_hours(day)}"


def provisional(days: Iterable[Day]) -> Iterator[str]:
    """One line when some of the days may still be changed by a notice to come."""
    unsettled = [day.date for day in days if day.provisional]
    if unsettled:
        yield (
            f"provisional: the public holidays around {day_text(unsettled[0])} are not published yet, "
            "so only weekends, the festival days fixed by regulation and the centre's own list were left out"
        )


def _kind(day: Day) -> tuple[bool, str, bool]:
    return day.works, day.why, day.provisional


def _reason(day: Day) -> str:
    return f"{day.why}, provisional" if day.provisional else day.why


def _hours(day: Day) -> str:
    return f"{_reason(day)}, open {' and '.join(map(str, day.windows))}"


def _range_text(days: Sequence[Day]) -> str:
    first, last = days[0].date, days[-1].date
    return day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"


def _span_text(span: timedelta) -> str:
    minutes, seconds = divmod(span.total_seconds(), 60)
    hours, minutes = divmod(int(minutes), 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else "", f"{seconds:g} s" if seconds else ""]
    return " ".join(part for part in parts if part)
