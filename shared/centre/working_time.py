"""A centre's working calendar and the limits of its pack, as the calendar counts them."""

from datetime import date, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from shared.calendar import Duration, OfficeHours, Unit, Week, Window, WorkingCalendar
from shared.centre.pack import CentrePack, Limit, Session


def calendar_of(pack: CentrePack) -> WorkingCalendar:
    """Equal packs have the very same calendar, so its days are worked out once."""
    return _calendar(pack.timezone, pack.office_hours.sessions, pack.holidays, pack.extra_workdays)


def duration_of(limit: Limit) -> Duration:
    return Duration(limit.amount, Unit(limit.unit))


@lru_cache(maxsize=32)
def _calendar(
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
