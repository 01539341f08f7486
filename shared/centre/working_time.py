"""A centre's working calendar and the limits of its pack, as the calendar counts them."""

from datetime import datetime, timedelta

from shared.calendar import Duration, Unit, WorkingCalendar
from shared.centre.conditions import Moment
from shared.centre.pack import CentrePack, Limit


def calendar_of(pack: CentrePack) -> WorkingCalendar:
    """Equal packs have the very same calendar, so its days are worked out once."""
    return pack.calendar


def duration_of(limit: Limit) -> Duration:
    return Duration(limit.amount, Unit(limit.unit))


def moment_of(pack: CentrePack, at: datetime) -> Moment:
    """An aware instant by the centre's own clock and working calendar."""
    days = pack.days
    local = at.astimezone(days.timezone)
    today = local.date()
    return Moment(today, local.time(), days.day(today).works, days.day(today - timedelta(days=1)).works)
