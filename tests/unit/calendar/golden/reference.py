"""The same arithmetic a second time, as slow and plain as it can be: day by day and minute by minute.

Knows nothing of the code under test, nor of any package: the notices are written out here, in local time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

# Year, then days off (a dash joins the first and the last of a rest), then after the bar the make-up workdays.
NOTICES = """
2024: 1.1 2.10-2.17 4.4-4.6 5.1-5.5 6.10 9.15-9.17 10.1-10.7 | 2.4 2.18 4.7 4.28 5.11 9.14 9.29 10.12
2025: 1.1 1.28-2.4 4.4-4.6 5.1-5.5 5.31-6.2 10.1-10.8 | 1.26 2.8 4.27 9.28 10.11
2026: 1.1-1.3 2.15-2.23 4.4-4.6 5.1-5.5 6.19-6.21 9.25-9.27 10.1-10.7 | 1.4 2.14 2.28 5.9 9.20 10.10
"""
BY_REGULATION = """
2027: 1.1 2.5-2.10 4.5 5.1-5.4 6.9 9.15 10.1-10.5 |
2028: 1.1 1.3 |
"""
INVENTED_2027 = """
2027: 1.1-1.3 2.5-2.11 4.3-4.5 5.1-5.5 6.9 9.15 10.1-10.7 | 1.31 2.13 4.25 5.8 9.26 10.9
"""
Windows = list[tuple[str, str]]
PLAIN: Windows = [("08:00", "12:00"), ("14:30", "17:30")]
SUMMER: Windows = [("08:00", "12:00"), ("15:00", "18:00")]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def _days(text: str, year: int) -> set[date]:
    found: set[date] = set()
    for part in text.split():
        first, _, last = part.partition("-")
        ends = [date(year, *map(int, each.split("."))) for each in (first, last or first)]
        while ends[0] <= ends[1]:
            found.add(ends[0])
            ends[0] += DAY
    return found


def _read(notices: str) -> tuple[set[date], set[date]]:
    off: set[date] = set()
    on: set[date] = set()
    for line in filter(None, notices.splitlines()):
        year, _, rest = line.partition(":")
        rests, _, makeups = rest.partition("|")
        off |= _days(rests, int(year))
        on |= _days(makeups, int(year))
    return off, on


@dataclass(frozen=True)
class Office:
    """Which days are worked, and the windows of one that is."""

    off: set[date]
    on: set[date]
    hours: Callable[[date], Windows]

    def works(self, day: date) -> bool:
        return day in self.on or (day not in self.off and day.weekday() not in (5, 6))

    def windows(self, day: date) -> list[tuple[datetime, datetime]]:
        if not self.works(day):
            return []
        return [(_at(day, opens), _at(day, closes)) for opens, closes in self.hours(day)]

    def is_open(self, minute: datetime) -> bool:
        return any(opens <= minute < closes for opens, closes in self.windows(minute.date()))

    def differing(self, off: str = "", on: str = "", hours: Callable[[date], Windows] | None = None) -> "Office":
        """The same office with days of 2026 of its own, or with other hours."""
        more, less = _days(off, 2026), _days(on, 2026)
        return Office((self.off - less) | more, (self.on - more) | less, hours or self.hours)


def _at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock))


def _summer(day: date) -> Windows:
    return SUMMER if day.month in (6, 7, 8, 9) else PLAIN


def _short_fridays(day: date) -> Windows:
    own: dict[int, Windows] = {4: [("08:00", "12:00"), ("14:30", "16:30")], 5: [("09:00", "12:00")]}
    return own.get(day.weekday(), PLAIN)


OFFICE = Office(*_read(NOTICES + BY_REGULATION), lambda _: PLAIN)
ENTERED = Office(*_read(NOTICES + INVENTED_2027), lambda _: PLAIN)
CENTRE = OFFICE.differing(off="7.14")
OFFICES = {
    "plain": OFFICE,
    "entered": ENTERED,
    "seasons": OFFICE.differing(hours=_summer),
    "weekdays": OFFICE.differing(hours=_short_fridays),
    "centre": CENTRE,
    "township": CENTRE.differing(off="7.15-7.16 10.10", on="7.18 10.7"),
}


def reference_due(office: Office, start: datetime, limit: str) -> datetime:
    """Start and due time are local and naive: Shanghai puts no clock forward."""
    amount, unit, *style = limit.split()
    return _COUNTED[unit, bool(style)](office, start, int(amount))


def _minutes(_: Office, start: datetime, amount: int) -> datetime:
    return start + MINUTE * amount


def _working_minutes(office: Office, start: datetime, amount: int) -> datetime:
    while amount:
        amount -= office.is_open(start)
        start += MINUTE
    return start


def _working_days(office: Office, start: datetime, amount: int) -> datetime:
    return office.windows(_nth_worked(office, start.date(), amount))[-1][1]


def _calendar_days(office: Office, start: datetime, amount: int) -> datetime:
    return _close_of(office, start.date() + DAY * amount)


def _months(office: Office, start: datetime, amount: int) -> datetime:
    return _close_of(office, _months_on(start.date(), amount))


def _elapsed_months(_: Office, start: datetime, amount: int) -> datetime:
    return datetime.combine(_months_on(start.date(), amount), start.time())


def _elapsed_working_days(office: Office, start: datetime, amount: int) -> datetime:
    while not office.is_open(start):
        start += MINUTE
    day = _nth_worked(office, start.date(), amount)
    at = datetime.combine(day, start.time())
    closes = office.windows(day)[-1][1]
    while at < closes and not office.is_open(at) and not office.is_open(at - MINUTE):
        at += MINUTE
    return min(at, closes)


def _nth_worked(office: Office, day: date, amount: int) -> date:
    while amount:
        day += DAY
        amount -= office.works(day)
    return day


def _close_of(office: Office, day: date) -> datetime:
    while not office.works(day):
        day += DAY
    return office.windows(day)[-1][1]


def _months_on(day: date, amount: int) -> date:
    year, month = day.year, day.month
    for _ in range(amount):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + DAY * (day.day - 1), first_of_next - DAY)


_COUNTED: dict[tuple[str, bool], Callable[[Office, datetime, int], datetime]] = {
    ("minute", False): _minutes,
    ("hour", False): lambda office, start, amount: _minutes(office, start, 60 * amount),
    ("working_minute", False): _working_minutes,
    ("working_hour", False): lambda office, start, amount: _working_minutes(office, start, 60 * amount),
    ("working_day", False): _working_days,
    ("calendar_day", False): _calendar_days,
    ("month", False): _months,
    ("calendar_day", True): lambda office, start, amount: _minutes(office, start, 1440 * amount),
    ("month", True): _elapsed_months,
    ("working_day", True): _elapsed_working_days,
}
