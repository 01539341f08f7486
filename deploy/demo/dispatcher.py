"""What is decided by hand: by the dispatcher what was not placed or returned, by the director what is disputed."""

from functools import partial

from deploy.demo.actors import LIST_MAX, Fresh
from deploy.demo.conduct import handling_units
from deploy.demo.floor import Floor
from deploy.demo.staff import DISPATCHER
from shared.contracts.dispatch import (
    Designated,
    DesignateUnit,
    ListTriage,
    RedispatchCase,
    TriageCase,
    TriageCases,
    WorkOrderSent,
)


class Dispatcher:
    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._fresh = Fresh[TriageCase]()
        self._rulings = 0

    async def look(self) -> int | None:
        listed = await self._floor.look(ListTriage(actor=DISPATCHER, limit=LIST_MAX), TriageCases)
        if listed is None:
            return None
        new = self._fresh.of({(case.case_code, case.returns): case for case in listed.cases})
        for case in new:
            wait = self._floor.conduct(case.case_code).redispatched_after
            act = self._designate if case.desk == "duty_director" else self._send_on
            self._floor.later(wait, partial(act, case), since=case.since)
        return len(new)

    async def _send_on(self, case: TriageCase) -> None:
        floor = self._floor
        command = RedispatchCase(
            actor=DISPATCHER,
            idempotency_key=floor.key("redispatch", case.case_code, case.returns),
            case_code=case.case_code,
            unit=self._unit_for(case),
            reason="经核实事项和地点，指定由该单位承办",
        )
        await floor.ask(command, WorkOrderSent)

    async def _designate(self, case: TriageCase) -> None:
        floor = self._floor
        self._rulings += 1
        command = DesignateUnit(
            actor=floor.staff.director(self._rulings),
            idempotency_key=floor.key("designate", case.case_code, case.returns),
            case_code=case.case_code,
            unit=self._unit_for(case),
            ground="依据三定方案和属地管理规定",
        )
        await floor.ask(command, Designated)

    def _unit_for(self, case: TriageCase) -> str:
        """Whom the returning unit suggests, else whom the dispatcher knows; never whoever returned it, nor a township.

        A department's own duty may not be pushed down to one.
        """
        code, floor = case.case_code, self._floor
        wished = (case.suggested_unit, floor.conduct(code).redispatch_to, *handling_units(floor.pack))
        returned_by = floor.returned_by.get(code)
        townships = {unit.code for unit in floor.pack.units if unit.kind == "township"}
        return next(unit for unit in wished if unit not in townships and unit not in (None, returned_by))
