"""The terms work orders' present rounds began with, as they were told: whoever keeps the clock goes by the same."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.dispatch.model import WorkOrder
from services.dispatch.policy.deferrals import Sent
from shared.contracts.dispatch import WorkOrderDispatched, WorkOrderReopened
from shared.infra.arrays import among
from shared.infra.unit_of_work import Transaction, UnitOfWork


async def terms_sent(work: UnitOfWork, tx: Transaction, orders: Sequence[WorkOrder]) -> Mapping[UUID, Sent]:
    """From the event that began each one's present round."""
    event = work.spine.event
    data = event.c.envelope["data"]
    query = (
        sa.select(event.c.type, data)
        .where(
            among(event.c.chain, {str(order.case_id) for order in orders}),
            event.c.type.in_([WorkOrderDispatched.TYPE, WorkOrderReopened.TYPE]),
            among(data["work_order_id"].astext, [str(order.work_order_id) for order in orders]),
        )
        .order_by(event.c.sequence)
    )
    rows = (await tx.session.execute(query)).all()
    return {UUID(told["work_order_id"]): _sent(kind, told) for kind, told in rows}  # the last of each stays


def _sent(kind: str, told: dict[str, Any]) -> Sent:
    if kind == WorkOrderReopened.TYPE:
        again = WorkOrderReopened.model_validate(told)
        return Sent(again.category, again.level, again.pack_version, again.reopened_at, reopened=True)
    first = WorkOrderDispatched.model_validate(told)
    return Sent(first.category, first.level, first.pack_version, first.dispatched_at, reopened=False)
