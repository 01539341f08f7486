"""When a limit ends, counted day by day: from another table of holidays and without any code of the product.

Whoever reads it can check it against the rulebook: minutes and hours run on, working ones inside the sessions only,
days begin with the next one and end at close of business, a last calendar day off moves on.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

ZONE = ZoneInfo("Asia/Shanghai")
SESSIONS = ((time(8, 0), time(12, 0)), (time(14, 30), time(17, 30)))
CLOSE = SESSIONS[-1][1]
ONE_DAY = timedelta(days=1)


@cache
def _china(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days off and weekend days worked, by the notice of a year."""
    table = holidays.country_holidays("CN", years=[year])
    return frozenset(table.keys()), frozenset(getattr(table, "weekend_workdays", ()))


def works(day: date) -> bool:
    off, worked = _china(day.year)
    return day in worked or (day.weekday() < 5 and day not in off)


def due(start: datetime, limit: str) -> datetime:
    """`limit` as clocks tell it: `5 working_day`. ValueError for one nobody counts here."""
    number, unit = limit.split()
    amount, local = int(number), start.astimezone(ZONE)
    match unit:
        case "minute":
            return start + timedelta(minutes=amount)
        case "hour":
            return start + timedelta(hours=amount)
        case "working_minute":
            return _inside_sessions(local, timedelta(minutes=amount))
        case "working_hour":
            return _inside_sessions(local, timedelta(hours=amount))
        case "working_day":
            return _closing(_nth_workday_after(local.date(), amount))
        case "calendar_day":
            return _closing(_not_off(local.date() + timedelta(days=amount)))
        case _:
            raise ValueError(limit)


def extended(before: datetime, days: int) -> datetime:
    """So many working days after the day it was due."""
    return _closing(_nth_workday_after(before.astimezone(ZONE).date(), days))


def straddles(start: datetime, end: datetime, first: date, last: date) -> bool:
    """Whether a whole festival lies between."""
    return start.astimezone(ZONE).date() < first and end.astimezone(ZONE).date() > last


def _nth_workday_after(day: date, number: int) -> date:
    while number:
        day += ONE_DAY
        number -= works(day)
    return day


def _not_off(day: date) -> date:
    while not works(day):
        day += ONE_DAY
    return day


def _closing(day: date) -> datetime:
    return datetime.combine(day, CLOSE, ZONE)


def _sessions_from(start: datetime) -> Iterator[tuple[datetime, datetime]]:
    day = start.date()
    while True:
        for opens, closes in SESSIONS if works(day) else ():
            begins, ends = datetime.combine(day, opens, ZONE), datetime.combine(day, closes, ZONE)
            if ends > start:
                yield max(begins, start), ends
        day += ONE_DAY


def _inside_sessions(start: datetime, span: timedelta) -> datetime:
    for begins, ends in _sessions_from(start):
        if span <= ends - begins:
            return begins + span
        span -= ends - begins
    raise AssertionError("unreachable")
