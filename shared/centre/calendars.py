"""A centre's working calendar, from what its pack says of hours and days."""

from collections.abc import Iterable
from datetime import date, time
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.calendar import OfficeHours, Season, Week, Window, WorkingCalendar
from shared.centre import office_days
from shared.centre.office_days import HolidayYear, HoursOfWeek, LocalDays, Session


class PackDays(NamedTuple):
    """All of a pack that its calendars are made of."""

    timezone: str
    office_hours: office_days.OfficeHours
    holidays: tuple[date, ...]
    extra_workdays: tuple[date, ...]
    closures: tuple[LocalDays, ...]
    openings: tuple[LocalDays, ...]
    holiday_years: tuple[HolidayYear, ...]


@lru_cache(maxsize=32)
def working_calendar(of: PackDays) -> WorkingCalendar:
    """The centre's calendar: the notices entered by hand, beaten by the centre's own days."""
    calendar = WorkingCalendar(
        timezone=ZoneInfo(of.timezone),
        office_hours=_office_hours(of.office_hours),
        published_years=frozenset(each.year for each in of.holiday_years),
    )
    for notice in sorted(of.holiday_years, key=lambda each: each.year):
        calendar = _by_notice(calendar, notice)
    plain = calendar.with_days(holidays=of.holidays, workdays=of.extra_workdays)
    return _with_local_days(plain, _for_all(of.closures), _for_all(of.openings))


@lru_cache(maxsize=512)
def calendar_of_township(of: PackDays, township: str) -> WorkingCalendar:
    """The centre's calendar with the township's own days, which beat the centre's."""
    closures = [span for span in of.closures if township in span.townships]
    openings = [span for span in of.openings if township in span.townships]
    return _with_local_days(working_calendar(of), closures, openings)


def _by_notice(calendar: WorkingCalendar, notice: HolidayYear) -> WorkingCalendar:
    off = {day: f"public holiday ({span.name}, {notice.notice})" for span in notice.days_off for day in span.days}
    on = dict.fromkeys(notice.workdays, f"make-up workday (调休, {notice.notice})")
    return calendar.with_days(holidays=off, workdays=on, reasons=off | on)


def _with_local_days(
    calendar: WorkingCalendar, closures: Iterable[LocalDays], openings: Iterable[LocalDays]
) -> WorkingCalendar:
    off = {day: f"closed by the centre's own list ({span.reason})" for span in closures for day in span.days}
    on = {day: f"working day by the centre's own list ({span.reason})" for span in openings for day in span.days}
    return calendar.with_days(holidays=off, workdays=on, reasons=off | on)


def _for_all(spans: Iterable[LocalDays]) -> list[LocalDays]:
    return [span for span in spans if not span.townships]


def _office_hours(hours: office_days.OfficeHours) -> OfficeHours:
    seasons = (Season(starts=each.from_, ends=each.to, week=_week(each)) for each in hours.seasons)
    return OfficeHours(week=_week(hours), seasons=tuple(seasons))


def _week(hours: HoursOfWeek) -> Week:
    days, plain = hours.weekdays, hours.sessions
    return Week(
        monday=_windows(days.monday or plain),
        tuesday=_windows(days.tuesday or plain),
        wednesday=_windows(days.wednesday or plain),
        thursday=_windows(days.thursday or plain),
        friday=_windows(days.friday or plain),
        saturday=_windows(days.saturday or ()),
        sunday=_windows(days.sunday or ()),
    )


def _windows(sessions: Iterable[Session]) -> tuple[Window, ...]:
    return tuple(Window(opens_minute=_minute(each.opens), closes_minute=_minute(each.closes)) for each in sessions)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
