"""What a clock does and when: warnings, firing and the ladder, laid down in full when it is armed and frozen then.

The plan never changes. What changes is how far the clock is with it (`Progress`); from both follows when each step is
due. So a rung that waits for the unit's acknowledgement stands in the plan without an instant until that comes, and one
that spares a unit on the way waits for the unit's own estimate.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from shared.centre.pack import LadderStep
from shared.contracts.escalation import SupervisionLevel

Kind = Literal["warn", "fire", "climb", "lapse"]
# At one instant a clock warns first, then fires, then climbs; what lapses then was due until then.
_ORDER: dict[Kind, int] = {"warn": 0, "fire": 1, "climb": 2, "lapse": 3}


class Told(BaseModel):
    """A post the ladder tells: a unit's liaison or lead, or a post of the centre (then without a unit)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    post: str
    unit: str | None = None


class Step(BaseModel):
    """One thing a clock does. `number` counts the steps of the ladder from 1.

    `at` is its instant; a rung `from: acknowledged` has none, but `minutes` after an acknowledgement yet to come.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime | None = None
    minutes: int = 0
    kind: Kind
    percent: int = 0
    number: int = 0
    told: tuple[Told, ...] = ()
    unless: Literal["acknowledged", "on_the_way", "arrived"] | None = None
    action: Literal["remind", "overdue", "end", "supervise", "refer"] | None = None
    level: SupervisionLevel | None = None

    @property
    def calls(self) -> bool:
        """Calls for more than a notice, at its own time and never before: a supervision order, or a referral."""
        return self.action in ("supervise", "refer")

    @property
    def waits_for_the_unit(self) -> bool:
        """Rung because the unit has answered, and is not here all the same."""
        return self.kind == "climb" and (self.at is None or self.unless == "on_the_way")


_STEPS = TypeAdapter(tuple[Step, ...])


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a clock is: places in the plan that are behind it, and what the unit said."""

    done: frozenset[int] = frozenset()
    acknowledged_at: datetime | None = None
    expected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueSteps:
    """What is to be done now, the places behind the clock then, and when it goes on (`next_at` None: never)."""

    steps: tuple[Step, ...]
    done: frozenset[int]
    next_at: datetime | None


def agenda(
    started_at: datetime,
    due_at: datetime,
    warnings: Iterable[tuple[int, datetime]],
    ladder: Iterable[tuple[LadderStep, tuple[Told, ...]]],
    *,
    beside: Iterable[Step] = (),
    lapses_at: datetime | None = None,
    fires: bool = True,
) -> tuple[Step, ...]:
    """All steps in the order of their instants, then those without one. `warnings` are percents with their instants.

    A rung keeps the number it has in the pack; one that tells nobody and does nothing more is left out. `beside` are
    steps that stand on no ladder. Nothing is done once it lapsed. What does not fire (a right, which lapses at its due
    time) climbs no rung from then on either.
    """
    steps = [*beside, *(Step(at=at, kind="warn", percent=percent) for percent, at in warnings)]
    if fires:
        steps.append(Step(at=due_at, kind="fire"))
    if lapses_at is not None:
        steps.append(Step(at=lapses_at, kind="lapse"))
    for number, (rung, told) in enumerate(ladder, start=1):
        common = {"kind": "climb", "number": number, "told": told, "unless": rung.unless, "action": rung.action}
        if not told and rung.action not in ("end", "supervise"):
            continue
        if rung.level is not None:
            common["level"] = rung.level
        if rung.from_ == "acknowledged":
            steps.append(Step.model_validate({**common, "minutes": rung.minutes}))
        else:
            start = started_at if rung.from_ == "start" else due_at
            if not fires and start + timedelta(minutes=rung.minutes) >= due_at:
                continue
            steps.append(Step.model_validate({**common, "at": start + timedelta(minutes=rung.minutes)}))
    return tuple(sorted(steps, key=lambda step: (step.at is None, step.at or started_at, _ORDER[step.kind])))


def instant_of(step: Step, progress: Progress) -> datetime | None:
    """When a step is due; None as long as it waits for an acknowledgement.

    A unit that is on the way is not rung before the time it gave itself; when that has passed without arrival, it is.
    """
    at = step.at
    if at is None:
        if progress.acknowledged_at is None:
            return None
        at = progress.acknowledged_at + timedelta(minutes=step.minutes)
    if step.unless == "on_the_way" and progress.expected_at is not None:
        return max(at, progress.expected_at)
    return at


def late_s(at: datetime, now: datetime) -> int:
    """Whole seconds that a thing is done after its time: nought as a rule, as long as the outage after one."""
    return max(0, int((now - at).total_seconds()))


def due_steps(plan: Sequence[Step], progress: Progress, *, due_at: datetime, now: datetime) -> DueSteps:
    """Everything that has come due by `now`, in order; after an outage that is several at once.

    A warning is useless once the time is up, and nobody is told that a summons was not acknowledged when it was;
    whatever else came due is done, however late. That a unit has arrived needs no look: then its clock is met and does
    nothing any more.
    """
    ahead = _ahead(plan, progress)
    come = [(place, step) for at, _, place, step in ahead if at <= now]
    useful = tuple(step for _, step in come if _useful(step, progress, due_at=due_at, now=now))
    done = progress.done | {place for place, _ in come}
    return DueSteps(useful, done, next((at for at, *_ in ahead if at > now), None))


def next_instant(plan: Sequence[Step], progress: Progress) -> datetime | None:
    return next((at for at, *_ in _ahead(plan, progress)), None)


def next_rung(plan: Sequence[Step], progress: Progress, *, forced: bool = False) -> int | None:
    """The place of the rung to climb before its time, None where there is none.

    Only a rung that tells somebody, and never one that gives up or calls for an order. One that nobody needs any more
    (the unit acknowledged meanwhile) is passed over, unless `forced`.
    """
    for _, _, place, step in _ahead(plan, progress):
        needless = step.unless == "acknowledged" and progress.acknowledged_at is not None and not forced
        if step.kind == "climb" and step.told and step.action != "end" and not step.calls and not needless:
            return place
    return None


def climbed_after(plan: Sequence[Step], progress: Progress, number: int) -> bool:
    """Whether a rung that lies after this one in time is behind the clock already."""
    instants = {place: at for place, step in enumerate(plan) if (at := instant_of(step, progress)) is not None}
    rungs = [place for place in instants if plan[place].kind == "climb"]
    own = next((instants[place] for place in rungs if plan[place].number == number), None)
    return own is None or any(place in progress.done and instants[place] > own for place in rungs)


def minute_zero(plan: Sequence[Step], started_at: datetime) -> tuple[int, ...]:
    """The places of rungs due at the very start: who is called at once."""
    return tuple(
        place
        for place, step in enumerate(plan)
        if step.kind == "climb" and step.at is not None and step.at <= started_at and step.action != "end"
    )


def spared_on_the_way(plan: Sequence[Step]) -> frozenset[int]:
    return frozenset(place for place, step in enumerate(plan) if step.unless == "on_the_way")


def _ahead(plan: Sequence[Step], progress: Progress) -> list[tuple[datetime, int, int, Step]]:
    """Instant, order, place and step of all that is to come and has an instant, the soonest first."""
    found: list[tuple[datetime, int, int, Step]] = []
    for place, step in enumerate(plan):
        at = None if place in progress.done else instant_of(step, progress)
        if at is not None:
            found.append((at, _ORDER[step.kind], place, step))
    return sorted(found, key=lambda one: one[:3])


def _useful(step: Step, progress: Progress, *, due_at: datetime, now: datetime) -> bool:
    if step.kind == "warn":
        return now < due_at
    return not (step.unless == "acknowledged" and progress.acknowledged_at is not None)


def frozen(steps: Iterable[Step]) -> list[dict[str, Any]]:
    return [step.model_dump(mode="json", exclude_defaults=True) for step in steps]


def thawed(rows: Sequence[dict[str, Any]]) -> tuple[Step, ...]:
    return _STEPS.validate_python(rows)
