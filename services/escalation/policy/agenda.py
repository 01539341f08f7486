"""What a clock does and when: warnings, firing and the ladder, laid down in full when it is armed and frozen then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from shared.centre.pack import LadderStep

Kind = Literal["warn", "fire", "climb"]
# At one instant a clock warns first, then fires, then climbs.
_ORDER: dict[Kind, int] = {"warn": 0, "fire": 1, "climb": 2}


class Told(BaseModel):
    """A post the ladder tells: a unit's liaison or lead, or a post of the centre (then without a unit)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    post: str
    unit: str | None = None


class Step(BaseModel):
    """One thing a clock does at an instant. `number` counts the steps of the ladder from 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    kind: Kind
    percent: int = 0
    number: int = 0
    told: tuple[Told, ...] = ()
    unless: Literal["acknowledged", "on_the_way", "arrived"] | None = None
    action: Literal["remind", "overdue", "end"] | None = None


_STEPS = TypeAdapter(tuple[Step, ...])


@dataclass(frozen=True, slots=True)
class DueSteps:
    """What is to be done now, and where the agenda goes on (`next_at` None: nothing more will come)."""

    steps: tuple[Step, ...]
    next_step: int
    next_at: datetime | None


def agenda(
    started_at: datetime,
    due_at: datetime,
    warnings: Iterable[tuple[int, datetime]],
    ladder: Iterable[tuple[LadderStep, tuple[Told, ...]]],
) -> tuple[Step, ...]:
    """All steps in the order of their instants. `warnings` are percents with their instants."""
    steps = [Step(at=at, kind="warn", percent=percent) for percent, at in warnings]
    steps.append(Step(at=due_at, kind="fire"))
    for number, (rung, told) in enumerate(ladder, start=1):
        at = (started_at if rung.from_ == "start" else due_at) + timedelta(minutes=rung.minutes)
        steps.append(Step(at=at, kind="climb", number=number, told=told, unless=rung.unless, action=rung.action))
    return tuple(sorted(steps, key=lambda step: (step.at, _ORDER[step.kind])))


def due_steps(
    steps: Sequence[Step], *, next_step: int, due_at: datetime, acknowledged: bool, now: datetime
) -> DueSteps:
    """Everything that has come due by `now`, in order; after an outage that is several at once.

    `steps` are those from `next_step` on. A warning is useless once the time is up, and nobody is told that a summons
    was not acknowledged when it was; whatever else came due is done, however late. That a unit has arrived needs no
    look: then its clock is met and does nothing any more.
    """
    come = 0
    while come < len(steps) and steps[come].at <= now:
        come += 1
    useful = tuple(step for step in steps[:come] if _useful(step, due_at, acknowledged=acknowledged, now=now))
    return DueSteps(useful, next_step + come, steps[come].at if come < len(steps) else None)


def _useful(step: Step, due_at: datetime, *, acknowledged: bool, now: datetime) -> bool:
    if step.kind == "warn":
        return now < due_at
    return not (step.unless == "acknowledged" and acknowledged)


def frozen(steps: Iterable[Step]) -> list[dict[str, Any]]:
    return [step.model_dump(mode="json", exclude_defaults=True) for step in steps]


def thawed(rows: Sequence[dict[str, Any]]) -> tuple[Step, ...]:
    return _STEPS.validate_python(rows)
