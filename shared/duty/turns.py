"""Whose turn it is: from a rotation and a local day to the turn's number, its days and its instants."""

import calendar as gregorian
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from shared.duty.duty_days import DutyCalendar, DutyDays
from shared.duty.nouns import FIRST_DAY, LAST_DAY, Member, Rotation

_ONE_DAY = timedelta(days=1)
FOREVER = datetime.max.replace(tzinfo=UTC)
# Instants outside are on no roster; a day of air on both ends keeps every time zone inside what dates can say.
BEGINNING = datetime.combine(FIRST_DAY - _ONE_DAY, time(), UTC)
HORIZON = datetime.combine(LAST_DAY + _ONE_DAY, time(), UTC)


@dataclass(frozen=True, slots=True)
class Run:
    """One member on duty without a break, within one turn. `last_day` None and `until` FOREVER: no end is planned."""

    rotation: Rotation
    turn: int
    first_day: date
    last_day: date | None
    since: datetime
    until: datetime

    @property
    def member(self) -> Member:
        return self.rotation.members[self.turn % len(self.rotation.members)]


class Turns:
    """The turns of one rotation in one time zone on one working calendar."""

    def __init__(self, rotation: Rotation, timezone: ZoneInfo, duty: DutyDays) -> None:
        self.rotation = rotation
        self._zone = timezone
        self._duty = duty
        self._alone = len(rotation.members) == 1  # a duty that never changes hands has one turn
        self._begins = rotation.changes_at if rotation.opens is None else rotation.opens
        self._ends = self._begins if rotation.closes is None else rotation.closes
        self._whole_days = self._begins == self._ends

    def at(self, at: datetime) -> Run | None:
        """The run that covers the instant."""
        if not BEGINNING <= at < HORIZON:
            return None
        today = at.astimezone(self._zone).date()
        for day in (today, today - _ONE_DAY):
            if self._has(day) and self._since(day) <= at < self._until(day):
                return self._run(day)
        return None

    def between(self, start: datetime, end: datetime) -> Iterator[Run]:
        """The runs that touch the time from `start` to `end`, in order."""
        day = max(self.rotation.starts_on, self._local_date(max(start, BEGINNING)) - _ONE_DAY)
        last = min(self.rotation.ends_on or LAST_DAY, self._local_date(min(end, HORIZON)))
        while day <= last:
            if not self._has(day):
                day += _ONE_DAY
                continue
            run = self._run(day)
            if run.since < end and start < run.until and run.since < run.until:
                yield run
            if run.last_day is None:
                return
            day = run.last_day + _ONE_DAY

    # -- days ----------------------------------------------------------------------------------------------------------

    def _has(self, day: date) -> bool:
        rotation = self.rotation
        if day < rotation.starts_on or day > (rotation.ends_on or LAST_DAY):
            return False
        return self._duty.has(day)

    def _turn(self, day: date) -> int:
        rotation = self.rotation
        if self._alone:
            return 0
        match rotation.every:
            case "daily":
                counted = rotation.counts_only_duty_days
                passed = self._duty.count(rotation.starts_on, day) if counted else (day - rotation.starts_on).days
                return passed // rotation.length
            case "weekly":
                return (day - rotation.starts_on).days // (7 * rotation.length)
            case "monthly":
                return months_between(rotation.starts_on, day) // rotation.length

    def _run(self, day: date) -> Run:
        first, last = self._days_of_turn(day) if self._unbroken else self._days_around(day)
        until = FOREVER if last is None else self._until(last)
        return Run(self.rotation, self._turn(day), first, last, self._since(first), until)

    @property
    def _unbroken(self) -> bool:
        return self._whole_days and self._duty.every_day

    def _days_of_turn(self, day: date) -> tuple[date, date | None]:
        """First and last day of the turn, where duty never pauses."""
        rotation = self.rotation
        if self._alone:
            return rotation.starts_on, rotation.ends_on
        first, end = (self._starts(self._turn(day) + ahead) for ahead in (0, 1))
        return first, min(end - _ONE_DAY, rotation.ends_on or LAST_DAY)

    def _starts(self, turn: int) -> date:
        rotation = self.rotation
        if rotation.every == "monthly":
            return months_later(rotation.starts_on, turn * rotation.length)
        return rotation.starts_on + turn * rotation.length * (_ONE_DAY if rotation.every == "daily" else 7 * _ONE_DAY)

    def _days_around(self, day: date) -> tuple[date, date]:
        """The days of the same turn that join on to this one without a pause."""
        first = last = day
        while self._joins(first - _ONE_DAY, first):
            first -= _ONE_DAY
        while self._joins(last, last + _ONE_DAY):
            last += _ONE_DAY
        return first, last

    def _joins(self, day: date, after: date) -> bool:
        if not (self._whole_days and self._has(day) and self._has(after)):
            return False
        return self._turn(day) == self._turn(after)

    # -- instants ------------------------------------------------------------------------------------------------------

    def _since(self, day: date) -> datetime:
        return self._instant(day, self._begins)

    def _until(self, day: date) -> datetime:
        """Never before its beginning: a night hour that the clocks leave out in spring is no duty at all."""
        closes_on = day if self._ends > self._begins else day + _ONE_DAY
        return max(self._since(day), self._instant(closes_on, self._ends))

    def _instant(self, day: date, at: time) -> datetime:
        """An hour that comes twice in autumn means its first coming; one left out in spring, the hour after it."""
        return datetime.combine(day, at, self._zone).astimezone(UTC)

    def _local_date(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()


def turns_of(rotation: Rotation, timezone: str, days: DutyCalendar) -> Turns:
    return Turns(rotation, _zone(timezone), days.days_of(rotation))


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last where it has none."""
    years, month = divmod(day.month - 1 + months, 12)
    year = min(day.year + years, LAST_DAY.year + 1)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def months_between(first: date, day: date) -> int:
    """Whole months gone, counted by `months_later`."""
    months = (day.year - first.year) * 12 + day.month - first.month
    return months if months_later(first, months) <= day else months - 1
