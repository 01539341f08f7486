"""Due times once more days are published: what they become, and what a clock still has to do by then. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.escalation.policy.agenda import Step
from services.escalation.policy.obligations import RIGHTS
from shared.calendar import Due, Duration, due_at, warn_at
from shared.centre.pack import CentrePack
from shared.centre.promised import extended, resumed
from shared.centre.working_time import calendar_of


@dataclass(frozen=True, slots=True)
class Counted:
    """What a due time was counted from. `replaces`: the key of the clock whose promise this one took over."""

    started_at: datetime
    ended_at: datetime | None
    reason: str | None
    limit_text: str
    replaces: str | None
    moved_days: int | None


def counted_again(pack: CentrePack, clock: Counted, others: Mapping[str, Counted]) -> Due | None:
    """By the very steps that led to it: limit from the start; so many days more; what was left when it was suspended.

    None where what it was moved by is not on record (told before that was kept), so that it can only stay.
    """
    limit = Duration.parse(clock.limit_text)
    before = None if clock.replaces is None else others.get(clock.replaces)
    if before is None:
        return due_at(calendar_of(pack), clock.started_at, limit) if clock.replaces is None else None
    stood = counted_again(pack, before, others)
    if stood is None or before.ended_at is None:
        return None
    if clock.moved_days is not None:
        again = extended(pack, stood.at, clock.moved_days)
    elif before.reason == "suspended":
        again = resumed(pack, limit.unit, stood.at, stopped_at=before.ended_at, resumed_at=clock.started_at)
    else:
        return None
    return Due(again.at, again.provisional or stood.provisional, again.steps)


def warnings_of(pack: CentrePack, clock: Counted) -> Callable[[int, datetime], datetime]:
    """When so many percent of the time until a due time have gone."""
    unit, calendar = Duration.parse(clock.limit_text).unit, calendar_of(pack)
    return lambda percent, until: warn_at(clock.started_at, until, percent, calendar=calendar, unit=unit)


def held_by_lapse(stage: str, plan: Sequence[Step], due: Due) -> Due:
    """What lapses at a time of its own is owed until then at the latest."""
    lapse = next((step.at for step in plan if step.kind == "lapse"), None)
    if stage in RIGHTS or lapse is None or due.at <= lapse:
        return due
    return Due(lapse, due.provisional, due.steps)


def moved_plan(
    stage: str, plan: Sequence[Step], *, before: datetime, due: datetime, warns: Callable[[int, datetime], datetime]
) -> tuple[Step, ...]:
    """The same steps in the same places, those that count from the due time moved with it."""

    def moved(step: Step) -> Step:
        at = step.at
        if at is None:
            return step
        if step.kind == "warn":
            at = warns(step.percent, due)
        elif step.kind == "fire" or (step.kind == "lapse" and stage in RIGHTS):
            at = due
        elif step.kind == "climb" and at >= before:
            at += due - before
        return step.model_copy(update={"at": at})

    return tuple(moved(step) for step in plan)
