"""What waits on a case beyond what its row has, asked of the services at once, as whoever looks."""

import asyncio
import hashlib
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel
from starlette.requests import Request as WebRequest

from services.console.web.desk import actor_of, ask, may
from shared.contracts.base import Request
from shared.contracts.dispatch import (
    AddSupporter,
    DecideDeferral,
    Deferral,
    ExplainRoute,
    ListDeferrals,
    ListTriage,
    ListWorkOrders,
    RedispatchCase,
    ReleaseSupporter,
    ReturnedSupport,
    RouteExplained,
    WorkOrderView,
)
from shared.contracts.escalation import (
    IssueSupervision,
    ListClocks,
    ListSupervision,
    ListVerifications,
    SendVerificationAgain,
    SupervisionLevel,
    SupervisionOrderView,
    TakeUpRaised,
    VerificationTask,
)
from shared.errors import Refused

A = TypeVar("A", bound=BaseModel)
RAISED = "raised:"
"""What begins the key of the clock that waits for the duty director where a case came back too often."""


@dataclass(frozen=True, slots=True)
class Supporter:
    """`returned`: it says that the work is not its own, and waits for an answer."""

    order: str
    unit: str
    returned: ReturnedSupport | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    orders: tuple[WorkOrderView, ...] = ()
    returned: tuple[ReturnedSupport, ...] = ()
    deferrals: tuple[Deferral, ...] = ()
    supervision: tuple[SupervisionOrderView, ...] = ()
    unfound: tuple[VerificationTask, ...] = ()
    route: RouteExplained | None = None
    raised: bool = False

    @property
    def lead(self) -> WorkOrderView | None:
        return next((one for one in self.orders if one.role == "lead"), None)

    @property
    def supporters(self) -> tuple[Supporter, ...]:
        """At work, and those that said "not ours"."""
        back = tuple(Supporter(str(one.work_order_id), one.unit, one) for one in self.returned)
        known = {one.order for one in back}
        at_work = (Supporter(str(one.work_order_id), one.unit) for one in self.orders if one.role == "support")
        return (*back, *(one for one in at_work if one.order not in known))

    @property
    def answered(self) -> tuple[SupervisionOrderView, ...]:
        return tuple(one for one in self.supervision if one.state == "answered")

    @property
    def raisable(self) -> tuple[SupervisionOrderView, ...]:
        return tuple(one for one in self.supervision if one.level != SupervisionLevel.LISTED)

    @property
    def mark(self) -> str:
        """Changes with whatever is here: what somebody decided on since a form was shown is not decided again."""
        seen = (
            [(one.work_order_id, one.state, one.round) for one in self.orders],
            [one.work_order_id for one in self.returned],
            [(one.deferral_id, one.state) for one in self.deferrals],
            [(one.order_id, one.state, one.round, one.level.value) for one in self.supervision],
            [(one.verification_id, one.attempt) for one in self.unfound],
            self.route.proposal.proposal_id if self.route and self.route.proposal else None,
            self.raised,
        )
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:12]


async def read_case_facts(request: WebRequest, code: str) -> CaseFacts:
    """Only what whoever looks could act on: nobody else waits for the answers."""
    of_dispatch = asyncio.gather(
        told_where_needed(request, ListWorkOrders, AddSupporter, case_code=code),
        told_where_needed(request, ListTriage, ReleaseSupporter, limit=1),
        told_where_needed(request, ListDeferrals, DecideDeferral, case_code=code),
        told_where_needed(request, ExplainRoute, RedispatchCase, case_code=code),
    )
    of_escalation = asyncio.gather(
        told_where_needed(request, ListSupervision, IssueSupervision, case_code=code),
        told_where_needed(request, ListVerifications, SendVerificationAgain, state="not_found"),
        told_where_needed(request, ListClocks, TakeUpRaised, case_code=code),
    )
    told = await asyncio.gather(of_dispatch, of_escalation)
    (orders, triage, deferrals, route), (supervision, unfound, clocks) = told
    return CaseFacts(
        orders=orders.work_orders if orders else (),
        returned=tuple(one for one in triage.returned_support if one.case_code == code) if triage else (),
        deferrals=tuple(one for one in deferrals.deferrals if one.state == "asked") if deferrals else (),
        supervision=supervision.orders if supervision else (),
        unfound=tuple(one for one in unfound.tasks if one.case_code == code) if unfound else (),
        route=route,
        raised=any(c.clock.startswith(RAISED) and c.ended_at is None for c in clocks.clocks) if clocks else False,
    )


async def told_where_needed(
    request: WebRequest, kind: type[Request[A]], needed_for: type[Request[Any]], **fields: Any
) -> A | None:
    """None where it is no use to whoever looks, and where a service refuses: it has not heard of the case (yet)."""
    if not may(actor_of(request), needed_for):
        return None
    try:
        return await ask(request, kind, **fields)
    except Refused:
        return None
