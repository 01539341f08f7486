"""What may be read of work orders, and of what units reported on them."""

from collections import defaultdict
from datetime import datetime
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from services.dispatch.errors.cases import CaseUnknown
from services.dispatch.errors.joint import NotOfThisCase
from services.dispatch.model import ReportPhoto, RoutedCase, WorkOrder, WorkOrderDelay, WorkOrderReport
from services.dispatch.policy.cases import NO_PART_STATES, OPEN_WORK_ORDERS, OWING
from services.dispatch.policy.views import may_read_results, own_unit_only
from shared.contracts.actors import Actor
from shared.contracts.base import Level
from shared.contracts.dispatch import (
    CaseResults,
    ListWorkOrders,
    ReadResults,
    ReportedResult,
    ReportOutcome,
    WorkOrders,
    WorkOrderView,
)
from shared.contracts.photos import PhotoView
from shared.infra.arrays import among
from shared.infra.unit_of_work import UnitOfWork


async def list_work_orders(work: UnitOfWork, request: ListWorkOrders, /, *, now: datetime) -> WorkOrders:
    """Open ones, oldest first; those of another state where it is asked for.

    A unit's staff see the work orders of their unit and those of the cases it has a part in.
    """
    states = OPEN_WORK_ORDERS if request.state is None else [request.state]
    query = sa.select(WorkOrder, RoutedCase).join(RoutedCase, RoutedCase.case_id == WorkOrder.case_id)
    query = query.where(WorkOrder.state.in_(states))
    if request.unit is not None:
        query = query.where(WorkOrder.unit == request.unit)
    if request.case_code is not None:
        query = query.where(RoutedCase.case_code == request.case_code)
    if own_unit_only(request.actor):
        query = query.where(_seen_by(request.actor))
    query = query.order_by(WorkOrder.dispatched_at, WorkOrder.work_order_id).limit(request.limit)
    async with work.read() as session:
        rows = (await session.execute(query)).all()
    return WorkOrders(work_orders=tuple(_work_order(order, case) for order, case in rows))


async def read_results(work: UnitOfWork, request: ReadResults, /, *, now: datetime) -> CaseResults:
    """Every unit of the case reads what the others reported; nobody outside it but the centre's staff does."""
    async with work.read() as session:
        case = await session.scalar(sa.select(RoutedCase.case_id).where(RoutedCase.case_code == request.case_code))
        if case is None:
            raise CaseUnknown(
                f"case {request.case_code} is not with dispatch", field="case_code", case_code=request.case_code
            )
        query = sa.select(WorkOrder).where(WorkOrder.case_id == case)
        query = query.order_by(WorkOrder.dispatched_at, WorkOrder.work_order_id)
        orders = {order.work_order_id: order for order in await session.scalars(query)}
        _require_part(request, [order for order in orders.values() if order.state not in NO_PART_STATES])
        reports = sa.select(WorkOrderReport).where(among(WorkOrderReport.work_order_id, orders))
        found = (await session.scalars(reports.order_by(WorkOrderReport.reported_at))).all()
        photos = await _photos(session, case)
        told = sa.select(WorkOrderDelay).where(among(WorkOrderDelay.work_order_id, orders))
        delays = (await session.scalars(told.order_by(WorkOrderDelay.delayed_at))).all()
    owing = tuple(order.unit for order in orders.values() if order.state in OWING[order.part])
    return CaseResults(
        results=tuple(_result(each, orders[each.work_order_id], photos) for each in found),
        delays=tuple(each.view(orders[each.work_order_id]) for each in delays),
        owing=owing,
    )


def _require_part(request: ReadResults, orders: list[WorkOrder]) -> None:
    actor = request.actor
    if not may_read_results(actor, frozenset(order.unit for order in orders)):
        raise NotOfThisCase(
            f"what was reported on case {request.case_code} is read by its units and the centre's staff",
            field="actor.unit" if own_unit_only(actor) else "actor.role",
        )


def _seen_by(actor: Actor) -> sa.ColumnElement[bool]:
    part = sa.select(WorkOrder.case_id).where(WorkOrder.unit == actor.unit, WorkOrder.state.not_in(NO_PART_STATES))
    return sa.or_(WorkOrder.unit == actor.unit, WorkOrder.case_id.in_(part))


def _work_order(order: WorkOrder, case: RoutedCase) -> WorkOrderView:
    return WorkOrderView(
        work_order_id=order.work_order_id,
        case_code=order.case_code,
        unit=order.unit,
        role=order.part,
        designated=order.designated,
        state=order.state,
        category=case.category,
        place=case.place,
        level=cast("Level", case.level),
        round=order.round,
        dispatched_at=order.dispatched_at,
        signed_off_at=order.signed_off_at,
        contacted_at=order.contacted_at,
    )


async def _photos(session: AsyncSession, case_id: UUID) -> dict[tuple[UUID, int], list[PhotoView]]:
    """By work order and round; without what they show."""
    query = sa.select(ReportPhoto).where(ReportPhoto.case_id == case_id).order_by(ReportPhoto.number)
    found: defaultdict[tuple[UUID, int], list[PhotoView]] = defaultdict(list)
    for photo in await session.scalars(query.options(defer(ReportPhoto.sealed))):
        found[photo.work_order_id, photo.round].append(photo.view())
    return found


def _result(
    report: WorkOrderReport, order: WorkOrder, photos: dict[tuple[UUID, int], list[PhotoView]]
) -> ReportedResult:
    return ReportedResult(
        work_order_id=order.work_order_id,
        unit=order.unit,
        role=order.part,
        round=report.round,
        outcome=ReportOutcome(report.outcome),
        result=report.result,
        reported_at=report.reported_at,
        photos=tuple(photos[report.work_order_id, report.round]),
    )
