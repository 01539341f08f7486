"""What may be read of work orders."""

from datetime import datetime
from typing import cast

import sqlalchemy as sa

from services.dispatch.model import RoutedCase, WorkOrder
from services.dispatch.policy.cases import OPEN_WORK_ORDERS
from shared.contracts.base import Level
from shared.contracts.dispatch import (
    ListWorkOrders,
    WorkOrders,
    WorkOrderView,
)
from shared.infra.unit_of_work import UnitOfWork


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
