"""Whom the response plans would call."""

from datetime import datetime

import sqlalchemy as sa

from services.dispatch.errors.cases import CaseUnknown
from services.dispatch.model import RoutedCase
from services.dispatch.model.summons import units_called_on
from services.dispatch.policy.picking import planned_units
from shared.contracts.dispatch import PlannedUnit, PlanSummons, SummonsPlan
from shared.infra.unit_of_work import UnitOfWork


async def plan_summons(work: UnitOfWork, request: PlanSummons, /, *, now: datetime) -> SummonsPlan:
    """出动预案, dry: nothing is called, and nothing is kept."""
    async with work.read() as session:
        case = await session.scalar(sa.select(RoutedCase).where(RoutedCase.case_code == request.case_code))
        if case is None:
            raise CaseUnknown(f"case {request.case_code} is not with dispatch", field="case_code")
        called = frozenset(await session.scalars(units_called_on(case.case_id)))
        pack = await work.packs.in_force(session)
    planned = planned_units(pack, case.category, request.level or case.graded()["level"], field="level")
    return SummonsPlan(
        units=tuple(PlannedUnit(unit=each.unit, plan=each.plan, why=each.why) for each in planned),
        already_under_way=tuple(each.unit for each in planned if each.unit in called),
    )
