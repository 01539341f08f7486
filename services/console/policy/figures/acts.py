"""What was done and is counted one by one: follow-ups, returns, reopenings; and to whom a case was sent, and when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from shared.contracts.base import Event
from shared.contracts.dispatch import WorkOrderDispatched, WorkOrderReopened, WorkOrderReturned
from shared.contracts.intake import CaseFollowedUp, CaseReopened, HandlingMode

Kind = Literal["sent", "returned", "reopened", "follow_up"]


@dataclass(frozen=True, slots=True)
class Act:
    """`reached`: a valid follow-up. `outcome`: how satisfied, why nobody was reached, why returned or reopened.

    A follow-up has no unit in its event: it is that of the unit the case had been sent to last by then.
    """

    kind: Kind
    at: datetime
    unit: str | None = None
    outcome: str | None = None
    reached: bool | None = None
    solved: bool | None = None
    responded: bool | None = None


def _sent(event: WorkOrderDispatched) -> Act | None:
    return Act("sent", event.dispatched_at, event.unit) if event.role == "lead" else None


def _returned(event: WorkOrderReturned) -> Act:
    return Act("returned", event.returned_at, event.unit, event.reason.value)


def _reopened(event: WorkOrderReopened) -> Act:
    return Act("reopened", event.reopened_at, event.unit, event.cause.value)


def _reopened_here(event: CaseReopened) -> Act | None:
    """What a unit handled is told by its work order; here only what the window had handled itself."""
    if event.handling_mode is not HandlingMode.SELF:
        return None
    return Act("reopened", event.reopened_at, None, "dissatisfied")


def _followed_up(event: CaseFollowedUp) -> Act:
    said = event.satisfaction if event.contacted else event.missed
    return Act(
        "follow_up",
        event.followed_up_at,
        outcome=said.value if said is not None else None,
        reached=event.contacted,
        solved=event.solved,
        responded=event.responded,
    )


ACTS: Mapping[str, Callable[[Any], Act | None]] = {
    WorkOrderDispatched.TYPE: _sent,
    WorkOrderReturned.TYPE: _returned,
    WorkOrderReopened.TYPE: _reopened,
    CaseReopened.TYPE: _reopened_here,
    CaseFollowedUp.TYPE: _followed_up,
}


def act_of(event: Event) -> Act | None:
    made = ACTS.get(event.TYPE)
    return made(event) if made is not None else None
