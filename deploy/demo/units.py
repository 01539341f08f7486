"""The participating units: they sign off, return what they say is not theirs, and report back, some of them late."""

from datetime import timedelta
from functools import partial

from deploy.demo.actors import LIST_MAX, Fresh
from deploy.demo.dice import dice_for, minutes
from deploy.demo.floor import Floor
from deploy.demo.staff import DISPATCHER
from shared.contracts.base import Done
from shared.contracts.dispatch import (
    CaseResults,
    ContactKind,
    ContactRequester,
    ListWorkOrders,
    ReadResults,
    ReportBack,
    ReportOutcome,
    ReturnReason,
    ReturnWorkOrder,
    SignOffWorkOrder,
    WorkOrders,
    WorkOrderStateName,
    WorkOrderView,
)
from shared.contracts.escalation import Clocks, ListClocks

GROUNDS = {
    ReturnReason.NOT_OUR_DUTY: "三定方案未列此项职责",
    ReturnReason.NOT_OUR_PLACE: "经核实地点不在本单位辖区",
}
LATE_AFTER_DUE = (20, 240)
AGAIN = (20, 70)
UNTIL_THEY_HAVE = timedelta(minutes=20)


class Units:
    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._fresh = Fresh[WorkOrderView]()

    async def look(self) -> int | None:
        """What every unit has in its tray: new work orders, and reopened ones."""
        trays = [await self._list(state) for state in ("dispatched", "handling")]
        if None in trays:
            return None
        shown = [order for tray in trays if tray for order in tray.work_orders]
        new = self._fresh.of({(order.work_order_id, order.round): order for order in shown})
        for order in new:
            self._take(order)
        return len(new)

    async def take_up(self) -> None:
        """What an earlier run signed off and did not finish."""
        signed_off = await self._list("signed_off")
        for order in signed_off.work_orders if signed_off else ():
            wait = self._floor.conduct(order.case_code).unit.reports_after
            self._floor.later(wait, partial(self._report_back, order))

    async def _list(self, state: WorkOrderStateName) -> WorkOrders | None:
        return await self._floor.look(ListWorkOrders(actor=DISPATCHER, state=state, limit=LIST_MAX), WorkOrders)

    def _take(self, order: WorkOrderView) -> None:
        conduct = self._floor.conduct(order.case_code).unit
        if order.round > 1:
            again = minutes(dice_for("again", order.case_code, order.round), *AGAIN)
            self._floor.later(again, partial(self._report_back, order))
        else:
            returns = order.role == "lead" and not order.designated and self._says_not_ours(order)
            act = partial(self._return, order) if returns else partial(self._sign_off, order)
            self._floor.later(conduct.signs_off_after, act, since=order.dispatched_at)

    def _says_not_ours(self, order: WorkOrderView) -> bool:
        conduct = self._floor.conduct(order.case_code).unit
        return conduct.returns is not None and order.case_code not in self._floor.returned_by

    async def _sign_off(self, order: WorkOrderView) -> None:
        floor, conduct = self._floor, self._floor.conduct(order.case_code).unit
        command = SignOffWorkOrder(
            actor=floor.staff.liaison(order.unit),
            idempotency_key=floor.key("sign-off", order.work_order_id),
            work_order_id=order.work_order_id,
        )
        if not await floor.ask(command, Done):
            return
        if conduct.late:
            floor.later(await self._time_until_late(order), partial(self._report_back, order))
            return
        if order.role == "lead":
            floor.later(conduct.reports_after / 2, partial(self._contact, order))
        floor.later(conduct.reports_after, partial(self._report_back, order))

    async def _contact(self, order: WorkOrderView) -> None:
        command = ContactRequester(
            actor=self._floor.staff.handler(order.unit),
            idempotency_key=self._floor.key("contact", order.work_order_id),
            work_order_id=order.work_order_id,
            kind=ContactKind.TELEPHONE,
        )
        await self._floor.ask(command, Done)

    async def _time_until_late(self, order: WorkOrderView) -> timedelta:
        """Until some time after what the centre promised: this unit only moves when it is reminded."""
        floor = self._floor
        request = ListClocks(actor=DISPATCHER, case_code=order.case_code, stage="report_back", limit=LIST_MAX)
        clocks = await floor.ask(request, Clocks)
        running = [clock for clock in clocks.clocks if clock.ended_at is None] if clocks else []
        due = [clock.service_due_at or clock.due_at for clock in running]
        if not due:
            return floor.conduct(order.case_code).unit.reports_after
        late = minutes(dice_for("late", order.case_code), *LATE_AFTER_DUE)
        return floor.office.worked_between(floor.clock.now(), min(due)) + late

    async def _return(self, order: WorkOrderView) -> None:
        floor, conduct = self._floor, self._floor.conduct(order.case_code)
        reason = conduct.unit.returns or ReturnReason.NOT_OUR_DUTY
        command = ReturnWorkOrder(
            actor=floor.staff.liaison(order.unit),
            idempotency_key=floor.key("return", order.work_order_id),
            work_order_id=order.work_order_id,
            reason=reason,
            ground=GROUNDS[reason],
            suggested_unit=self._suggested(order.unit, conduct.redispatch_to),
            disputed=conduct.unit.disputes,
        )
        floor.returned_by[order.case_code] = order.unit
        await floor.ask(command, Done)

    def _suggested(self, own: str, other: str) -> str | None:
        """Another unit, but never a township: a unit may not push its own duty down."""
        unit = self._floor.pack.unit(other)
        return other if unit is not None and unit.kind != "township" and other != own else None

    async def _report_back(self, order: WorkOrderView) -> None:
        floor, conduct = self._floor, self._floor.conduct(order.case_code).unit
        if order.role == "lead" and await self._others_owe(order):
            floor.later(UNTIL_THEY_HAVE, partial(self._report_back, order))
            return
        command = ReportBack(
            actor=floor.staff.handler(order.unit),
            idempotency_key=floor.key("report-back", order.work_order_id, order.round),
            work_order_id=order.work_order_id,
            outcome=conduct.outcome if order.round == 1 else ReportOutcome.SOLVED,
            result="已到场核实处理，并向来访人作了答复",
            replied_to_requester=True,
        )
        await floor.ask(command, Done)

    async def _others_owe(self, order: WorkOrderView) -> bool:
        """The lead reports when its supporters have (联办)."""
        request = ReadResults(actor=self._floor.staff.handler(order.unit), case_code=order.case_code)
        results = await self._floor.ask(request, CaseResults)
        return results is not None and bool(set(results.owing) - {order.unit})
