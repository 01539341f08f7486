"""A centre's working calendar, from what its pack says of hours and days."""

from datetime import date, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from shared.calendar import OfficeHours, Week, Window, WorkingCalendar
from shared.centre.nouns import Session


@lru_cache(maxsize=32)
def working_calendar(
    timezone: str, sessions: tuple[Session, ...], holidays: tuple[date, ...], workdays: tuple[date, ...]
) -> WorkingCalendar:
    windows = tuple(Window(opens_minute=_minute(each.opens), closes_minute=_minute(each.closes)) for each in sessions)
    week = Week(monday=windows, tuesday=windows, wednesday=windows, thursday=windows, friday=windows)
    return WorkingCalendar(
        timezone=ZoneInfo(timezone),
        office_hours=OfficeHours(week=week),
        extra_holidays=frozenset(holidays),
        extra_workdays=frozenset(workdays),
    )


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
