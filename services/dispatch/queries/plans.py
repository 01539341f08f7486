"""Whom the response plans would call."""

from datetime import datetime

import sqlalchemy as sa

from services.dispatch.errors.cases import CaseUnknown
from services.dispatch.model import CalledUnit, RoutedCase, Summons
from services.dispatch.policy.picking import planned_units
from services.dispatch.policy.summoning import OPEN_SUMMONSES
from shared.contracts.dispatch import PlannedUnit, PlanSummons, SummonsPlan
from shared.infra.unit_of_work import UnitOfWork


async def plan_summons(work: UnitOfWork, request: PlanSummons, /, *, now: datetime) -> SummonsPlan:
    """出动预案, dry: nothing is called, and nothing is kept."""
    async with work.read() as session:
        case = await session.scalar(sa.select(RoutedCase).where(RoutedCase.case_code == request.case_code))
        if case is None:
            raise CaseUnknown(f"case {request.case_code} is not with dispatch", field="case_code")
        under_way = (
            sa.select(CalledUnit.unit)
            .join(Summons, Summons.summons_id == CalledUnit.summons_id)
            .where(Summons.case_id == case.case_id, Summons.state.in_(OPEN_SUMMONSES))
        )
        called = frozenset(await session.scalars(under_way))
        pack = await work.packs.in_force(session)
    planned = planned_units(pack, case.category, request.level or case.graded()["level"], field="level")
    return SummonsPlan(
        units=tuple(PlannedUnit(unit=each.unit, plan=each.plan, why=each.why) for each in planned),
        already_under_way=tuple(each.unit for each in planned if each.unit in called),
    )
