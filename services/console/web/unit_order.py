"""One work order as its unit needs it: what is asked, what others of the case owe and said, what may be done now."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from starlette.requests import Request

from services.console.web.desk import actor_of, ask, desk_of
from shared.contracts.dispatch import (
    CaseResults,
    Deferral,
    ListDeferrals,
    ListWorkOrders,
    ReadResults,
    WorkOrderView,
)
from shared.contracts.escalation import (
    AppealView,
    ClockView,
    ListAppeals,
    ListClocks,
    ListSupervision,
    ReadVerifications,
    SupervisionOrderView,
    VerificationFinding,
)
from shared.contracts.intake import MaskedCase, ReadCase
from shared.errors import Refused, not_found

AT_WORK = frozenset({"signed_off", "handling"})


@dataclass(frozen=True, slots=True)
class OrderFile:
    """`owing`: units of the case that have not reported; the lead cannot report while a supporter is among them."""

    order: WorkOrderView
    case: MaskedCase
    results: CaseResults
    findings: tuple[VerificationFinding, ...]
    deferrals: tuple[Deferral, ...]
    supervision: tuple[SupervisionOrderView, ...]
    clocks: tuple[ClockView, ...]
    appeals: tuple[AppealView, ...]
    now: datetime

    @property
    def owing(self) -> tuple[str, ...]:
        others = tuple(one for one in self.results.owing if one != self.order.unit)
        return others if self.order.role == "lead" else ()

    @property
    def next_clock(self) -> ClockView | None:
        own = [one for one in self.clocks if one.owes == self.order.unit and one.ended_at is None]
        return min((one for one in own if one.stage != "arrival"), key=lambda one: one.due_at, default=None)

    @property
    def to_answer(self) -> tuple[SupervisionOrderView, ...]:
        return tuple(one for one in self.supervision if one.state == "open")

    @property
    def asked(self) -> tuple[Deferral, ...]:
        return tuple(one for one in self.deferrals if one.state == "asked")

    @property
    def suspended(self) -> bool:
        running = (one for one in self.deferrals if one.kind == "suspension" and one.state == "approved")
        return any(one.until is None or one.until > self.now for one in running)

    @property
    def overdue(self) -> tuple[ClockView, ...]:
        """Clocks held against this unit that nobody has appealed against yet."""
        appealed = {one.clock for one in self.appeals}
        fired = (one for one in self.clocks if one.owes == self.order.unit and one.fired_at is not None)
        return tuple(one for one in fired if one.exempted_at is None and one.clock not in appealed)

    @property
    def standing(self) -> frozenset[str]:
        """What is so now, in the words of `UnitAct.states`."""
        at_work, leads = self.order.state in AT_WORK, self.order.role == "lead"
        facts = {
            "dispatched": self.order.state == "dispatched",
            "at_work": at_work and not self.owing,
            "leads": at_work and leads,
            "may_defer": at_work and not self.asked and not self.suspended,
            "suspended": at_work and self.suspended,
            "returnable": (at_work or self.order.state == "dispatched")
            and not self.order.designated
            and self.order.round == 1,
            "supervised": bool(self.to_answer),
            "overdue": bool(self.overdue),
        }
        return frozenset(name for name, so in facts.items() if so)


async def read_order(request: Request, code: str) -> OrderFile:
    """The unit's work order on a case: an open one (it has no two), else the last it reported on. Raises Refused."""
    unit = actor_of(request).unit
    own = partial(ask, request)
    open_orders, reported, case, results, findings = await asyncio.gather(
        own(ListWorkOrders, unit=unit, case_code=code),
        own(ListWorkOrders, unit=unit, case_code=code, state="reported_back"),
        own(ReadCase, case_code=code),
        own(ReadResults, case_code=code),
        _findings(request, code),
    )
    deferrals, supervision, clocks, appeals = await asyncio.gather(
        own(ListDeferrals, case_code=code),
        own(ListSupervision, case_code=code, unit=unit, only_open=False),
        own(ListClocks, case_code=code),
        own(ListAppeals, case_code=code, only_open=False),
    )
    orders = (*open_orders.work_orders, *reversed(reported.work_orders))
    order = next((one for one in orders if one.unit == unit), None)
    if order is None:
        raise not_found("work order", code, field="case_code")
    return OrderFile(
        order=order,
        case=case,
        results=results,
        findings=findings,
        deferrals=tuple(one for one in deferrals.deferrals if one.work_order_id == order.work_order_id),
        supervision=supervision.orders,
        clocks=clocks.clocks,
        appeals=tuple(one for one in appeals.appeals if one.unit == unit),
        now=desk_of(request).clock.now(),
    )


async def _findings(request: Request, code: str) -> tuple[VerificationFinding, ...]:
    """What the grid found last time; nobody looked yet, or it is not this unit's to read: nothing."""
    try:
        return (await ask(request, ReadVerifications, case_code=code)).findings
    except Refused:
        return ()
