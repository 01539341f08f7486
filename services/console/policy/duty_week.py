"""A week of one roster as people read it: day by day who is on duty, and in which hours where not all day. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.calendar import WorkingCalendar
from shared.duty import Gap, OnDuty, Roster, Shift, on_duty_between

DAYS = 7
WEEKS_AWAY_MAX = 52


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody on duty on one day. `since` and `until` are local times of day; None: from, or to, its very end."""

    staff: str
    unit: str | None
    since: time | None
    until: time | None
    why: str


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    primary: tuple[Turn, ...]
    backup: tuple[Turn, ...]
    bare: tuple[tuple[time | None, time | None], ...]
    """Stretches of the day in which nobody is there and somebody should be."""


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_of(
    roster: Roster, first: date, calendar: WorkingCalendar, zone: ZoneInfo, gaps: Sequence[Gap] = ()
) -> tuple[Day, ...]:
    start, end = _midnight(first, zone), _midnight(first + timedelta(days=DAYS), zone)
    told = on_duty_between(roster, start, end, calendar)
    own = [gap for gap in gaps if gap.roster == roster.code]
    return tuple(_day(first + timedelta(days=passed), told, own, zone) for passed in range(DAYS))


def _day(day: date, told: Sequence[OnDuty], gaps: Sequence[Gap], zone: ZoneInfo) -> Day:
    begins, ends = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    bare = [_within(gap.starts_at, gap.ends_at, begins, ends, zone) for gap in gaps]
    return Day(
        day,
        tuple(_turns("primary", told, begins, ends, zone)),
        tuple(_turns("backup", told, begins, ends, zone)),
        tuple(each for each in bare if each is not None),
    )


def _turns(shift: Shift, told: Sequence[OnDuty], begins: datetime, ends: datetime, zone: ZoneInfo) -> Iterator[Turn]:
    for each in told:
        within = _within(each.since, each.until, begins, ends, zone)
        if each.shift == shift and within is not None:
            yield Turn(each.staff, each.unit, *within, each.why)


def _within(
    since: datetime, until: datetime | None, begins: datetime, ends: datetime, zone: ZoneInfo
) -> tuple[time | None, time | None] | None:
    """None where it does not touch the day."""
    if since >= ends or (until is not None and until <= begins):
        return None
    opens = since.astimezone(zone).time() if since > begins else None
    closes = until.astimezone(zone).time() if until is not None and until < ends else None
    return opens, closes


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def own_turns(
    rosters: Sequence[Roster], staff: str, unit: str | None, start: datetime, end: datetime, calendar: WorkingCalendar
) -> list[OnDuty]:
    """The turns of a post, and of its unit's posts, in the order they begin."""
    told = on_duty_between(rosters, start, end, calendar)
    return [each for each in told if each.staff == staff or (unit is not None and each.unit == unit)]
