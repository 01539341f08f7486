"""What the table of clocks makes of a story: which clocks are open after it, with no database and no time."""

from collections.abc import Callable, Iterable
from typing import Any

from services.escalation.policy import effects
from services.escalation.policy.obligations import (
    Arm,
    Cancel,
    CaseFacts,
    Close,
    Describe,
    Effect,
    Effects,
    Grounds,
    Meet,
    Obligation,
    Which,
)
from shared.contracts.base import CaseEvent
from shared.contracts.dispatch import (
    ProposalDecided,
    RequesterContacted,
    RouteProposed,
    WorkOrderDispatched,
    WorkOrderReopened,
    WorkOrderReportedBack,
    WorkOrderReturned,
    WorkOrderSignedOff,
    WorkOrderWithdrawn,
)
from shared.contracts.intake import CaseAccepted, CaseClosed

TABLE: dict[type[CaseEvent], Callable[[Any, CaseFacts], Effects]] = {
    CaseAccepted: effects.on_case_accepted,
    CaseClosed: effects.on_case_closed,
    WorkOrderDispatched: effects.on_work_order_dispatched,
    WorkOrderSignedOff: effects.on_work_order_signed_off,
    RequesterContacted: effects.on_requester_contacted,
    WorkOrderReturned: effects.on_work_order_returned,
    WorkOrderWithdrawn: effects.on_work_order_withdrawn,
    WorkOrderReportedBack: effects.on_work_order_reported_back,
    WorkOrderReopened: effects.on_work_order_reopened,
    RouteProposed: effects.on_route_proposed,
    ProposalDecided: effects.on_proposal_decided,
}


class ClockBook:
    """As escalation keeps it: an obligation is armed once, and on a case that is over it is not open."""

    def __init__(self, told: Iterable[CaseEvent] = ()) -> None:
        self.open: dict[str, Obligation] = {}
        self._known: set[str] = set()
        self._grounds: Grounds | None = None
        self._closed = False
        for event in told:
            self.hear(event)

    def hear(self, event: CaseEvent) -> None:
        effects_of = TABLE.get(type(event))
        if effects_of is not None:
            for effect in effects_of(event, CaseFacts(grounds=self._grounds)):
                self._carry_out(effect)

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Describe(grounds):
                self._grounds = self._grounds or grounds
            case Arm(obligation):
                self._arm(obligation)
            case Meet(which) | Cancel(which):
                for key in [key for key, one in self.open.items() if _fits(one, which)]:
                    del self.open[key]
            case Close():
                self._closed = True
                self.open.clear()
            case _:
                pass  # what is owed by others than dispatch and the units

    def _arm(self, obligation: Obligation) -> None:
        if obligation.key not in self._known:
            self._known.add(obligation.key)
            if not self._closed:
                self.open[obligation.key] = obligation


def _fits(one: Obligation, which: Which) -> bool:
    if which.key is not None:
        return one.key == which.key
    return which.stage in (None, one.stage) and which.work_order_id in (None, one.work_order_id)
