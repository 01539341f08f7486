"""What somebody looks at: a period, a part of the centre, and how the time is cut into steps."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Step = Literal["day", "week", "month"]
STEP_OF_DAYS: tuple[tuple[int, Step], ...] = ((45, "day"), (200, "week"))
DAYS_MAX = 1_100


@dataclass(frozen=True, slots=True)
class Lens:
    """From `start` to just before `end`, as far as it is past: what is due later than now is not due yet.

    Sets are of codes; an empty set of places or categories means all of them.
    """

    start: datetime
    end: datetime
    now: datetime
    zone: str
    step: Step = "day"
    unit: str | None = None
    window: str | None = None
    level: str | None = None
    places: frozenset[str] = field(default_factory=frozenset[str])
    categories: frozenset[str] = field(default_factory=frozenset[str])

    def steps(self) -> list[date]:
        """The first day of each step of the period, also of those in which nothing happened; none after now."""
        zone = ZoneInfo(self.zone)
        day = first_of_step(self.start.astimezone(zone).date(), self.step)
        last = min(self.end - timedelta(microseconds=1), self.now).astimezone(zone).date()
        found: list[date] = []
        while day <= last:
            found.append(day)
            day = _next(day, self.step)
        return found


def first_of_step(day: date, step: Step) -> date:
    """Weeks begin on Monday, as the database has it, too."""
    if step == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if step == "week" else day


def _next(day: date, step: Step) -> date:
    if step == "month":
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=7 if step == "week" else 1)


def step_for(since: date, until: date) -> Step:
    """As many steps as a chart can show."""
    days = (until - since).days + 1
    fitting: list[Step] = [step for most, step in STEP_OF_DAYS if days <= most]
    return fitting[0] if fitting else "month"


def lens_of(since: date, until: date, *, now: datetime, zone: str, step: Step | None = None) -> Lens:
    """Whole days of the centre's own time, both included. ValueError for a period that is none."""
    if until < since:
        raise ValueError("the period ends before it begins")
    if (until - since).days >= DAYS_MAX:
        raise ValueError(f"a period has at most {DAYS_MAX} days")
    local = ZoneInfo(zone)
    return Lens(
        start=datetime.combine(since, time(), local),
        end=datetime.combine(until + timedelta(days=1), time(), local),
        now=now,
        zone=zone,
        step=step or step_for(since, until),
    )


def only(lens: Lens, *, unit: str | None, window: str | None) -> Lens:
    """Whoever acts for a unit or a window sees its own, whatever the address asks for."""
    narrowed = lens if unit is None else replace(lens, unit=unit)
    return narrowed if window is None else replace(narrowed, window=window)
