"""Who was responsible, as it stood on record at the time: each version of a roster answers for its own time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.calendar import WorkingCalendar
from shared.duty.answers import on_duty_between, who
from shared.duty.nouns import OnDuty, Roster


@dataclass(frozen=True, slots=True)
class Version:
    """A roster as it was in force from `since` up to `until` (None: still), by the calendar of that time."""

    roster: Roster
    calendar: WorkingCalendar
    since: datetime
    until: datetime | None

    def holds_at(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)

    def clip(self, each: OnDuty) -> OnDuty:
        """Another version may say something else before and after."""
        until = each.until if self.until is None else min(each.until or self.until, self.until)
        return each.model_copy(update={"since": max(each.since, self.since), "until": until})


def who_on_record(versions: Iterable[Version], at: datetime) -> tuple[OnDuty, ...]:
    """As `who`, by the versions in force at the instant; an instant to come is answered by what is in force now."""
    found = [
        version.clip(each)
        for version in versions
        if version.holds_at(at)
        for each in who(version.roster, at, version.calendar)
    ]
    return tuple(sorted(found, key=lambda each: each.shift == "backup"))


def shifts_on_record(versions: Iterable[Version], post: str, start: datetime, end: datetime) -> tuple[OnDuty, ...]:
    """The stretches of one post that touch the time from `start` to `end`, each as it stood on record."""
    found: list[OnDuty] = []
    for version in versions:
        first, last = max(start, version.since), end if version.until is None else min(end, version.until)
        if first < last:
            touching = on_duty_between(version.roster, first, last, version.calendar)
            found += [version.clip(each) for each in touching if each.staff == post]
    return tuple(sorted(found, key=lambda each: each.since))
