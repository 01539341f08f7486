"""A centre's working calendar and the limits of its pack, as the calendar counts them."""

from datetime import datetime, timedelta

from shared.calendar import Duration, Style, Unit, WorkingCalendar
from shared.centre.conditions import Moment
from shared.centre.pack import CentrePack, Limit


def calendar_of(pack: CentrePack, place: str | None = None) -> WorkingCalendar:
    """The centre's calendar, or with a place's code the one of its township where that has days of its own.

    Equal packs have the very same calendars, so their days are worked out once.
    """
    return pack.calendar_at(place)


def duration_of(limit: Limit) -> Duration:
    return Duration(limit.amount, Unit(limit.unit), Style(limit.style))


def moment_of(pack: CentrePack, at: datetime) -> Moment:
    """An aware instant by the centre's own clock and working calendar."""
    days = pack.days
    local = at.astimezone(days.timezone)
    today = local.date()
    return Moment(today, local.time(), days.day(today).works, days.day(today - timedelta(days=1)).works)
