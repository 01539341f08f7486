"""What may be read of dispatch: open work orders, what waits for a person, who was called, the pack in force."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import sqlalchemy as sa

from services.dispatch.model import CalledUnit, RoutedCase, Summons, WorkOrder
from services.dispatch.policy import OPEN_SUMMONSES, OPEN_WORK_ORDERS, CaseState
from shared.contracts.actors import CENTRE_ROLES
from shared.contracts.base import Level
from shared.contracts.dispatch import (
    CentrePackInForce,
    ListSummonses,
    ListTriage,
    ListWorkOrders,
    ReadCentrePack,
    SummonedUnit,
    Summonses,
    SummonsGround,
    SummonsView,
    TriageCase,
    TriageCases,
    UnitSummonsState,
    WorkOrders,
    WorkOrderView,
)
from shared.infra.unit_of_work import UnitOfWork


async def read_centre_pack(work: UnitOfWork, request: ReadCentrePack, /, *, now: datetime) -> CentrePackInForce:
    async with work.read() as session:
        pack = await work.packs.in_force(session)
    return CentrePackInForce(version=pack.version, pack=pack.model_dump(mode="json"))


async def list_work_orders(work: UnitOfWork, request: ListWorkOrders, /, *, now: datetime) -> WorkOrders:
    """Open ones, oldest first; those of another state where it is asked for."""
    states = OPEN_WORK_ORDERS if request.state is None else [request.state]
    query = sa.select(WorkOrder, RoutedCase).join(RoutedCase, RoutedCase.case_id == WorkOrder.case_id)
    query = query.where(WorkOrder.state.in_(states))
    if request.unit is not None:
        query = query.where(WorkOrder.unit == request.unit)
    query = query.order_by(WorkOrder.dispatched_at, WorkOrder.work_order_id).limit(request.limit)
    async with work.read() as session:
        rows = (await session.execute(query)).all()
    return WorkOrders(work_orders=tuple(_work_order(order, case) for order, case in rows))


def _work_order(order: WorkOrder, case: RoutedCase) -> WorkOrderView:
    return WorkOrderView(
        work_order_id=order.work_order_id,
        case_code=order.case_code,
        unit=order.unit,
        state=order.state,
        category=case.category,
        place=case.place,
        level=cast("Level", case.level),
        round=order.round,
        dispatched_at=order.dispatched_at,
        signed_off_at=order.signed_off_at,
    )


async def list_triage(work: UnitOfWork, request: ListTriage, /, *, now: datetime) -> TriageCases:
    """Longest waiting first, with what the unit that returned it last wrote."""
    waits = RoutedCase.state == CaseState.TRIAGE
    query = sa.select(RoutedCase).where(waits).order_by(RoutedCase.waiting_since, RoutedCase.case_id)
    async with work.read() as session:
        total = await session.scalar(sa.select(sa.func.count()).select_from(RoutedCase).where(waits))
        cases = (await session.scalars(query.limit(request.limit))).all()
        returned = (
            sa.select(WorkOrder)
            .where(WorkOrder.case_id.in_([case.case_id for case in cases]), WorkOrder.returned_at.is_not(None))
            .order_by(WorkOrder.returned_at)
        )
        last = {order.case_id: order for order in await session.scalars(returned)}
    with_words = request.actor.role in CENTRE_ROLES
    shown = tuple(_triage(case, last.get(case.case_id), with_words=with_words) for case in cases)
    return TriageCases(cases=shown, total=total or 0)


def _triage(case: RoutedCase, returned: WorkOrder | None, *, with_words: bool) -> TriageCase:
    return TriageCase(
        case_code=case.case_code,
        category=case.category,
        place=case.place,
        level=cast("Level", case.level),
        reason=case.reason,
        returns=case.returns,
        since=case.waiting_since or case.routed_at,
        suggested_unit=None if returned is None else returned.suggested_unit,
        ground=None if returned is None or not with_words else returned.return_ground,
    )


async def list_summonses(work: UnitOfWork, request: ListSummonses, /, *, now: datetime) -> Summonses:
    """Newest first: asked for or running, or all of them."""
    query = sa.select(Summons).order_by(Summons.asked_at.desc(), Summons.summons_id.desc()).limit(request.limit)
    if request.only_running:
        query = query.where(Summons.state.in_(OPEN_SUMMONSES))
    async with work.read() as session:
        found = (await session.scalars(query)).all()
        ids = [summons.summons_id for summons in found]
        units = sa.select(CalledUnit).where(CalledUnit.summons_id.in_(ids)).order_by(CalledUnit.position)
        called = (await session.scalars(units)).all()
    with_words = request.actor.role in CENTRE_ROLES
    return Summonses(summonses=tuple(_summons(each, called, with_words=with_words) for each in found))


def _summons(summons: Summons, called: Sequence[CalledUnit], *, with_words: bool) -> SummonsView:
    return SummonsView(
        summons_id=summons.summons_id,
        case_code=summons.case_code,
        state=summons.state,
        ground=SummonsGround(summons.ground),
        asked_by=summons.asked_by,
        approved_by=None if summons.pack_version is None else summons.decided_by,
        units=tuple(_unit(unit) for unit in called if unit.summons_id == summons.summons_id),
        asked_at=summons.asked_at,
        reason=summons.reason if with_words else None,
    )


def _unit(unit: CalledUnit) -> SummonedUnit:
    return SummonedUnit(
        unit=unit.unit,
        state=UnitSummonsState(unit.state),
        called_at=unit.called_at,
        acknowledged_at=unit.acknowledged_at,
        arrived_at=unit.arrived_at,
    )
