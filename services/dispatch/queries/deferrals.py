"""What may be read of deferrals: what waits for a decision, and what was asked and granted on a case."""

from datetime import datetime

import sqlalchemy as sa

from services.dispatch.model import Deferral, WorkOrder
from services.dispatch.policy.cases import OPEN_WORK_ORDERS
from shared.contracts.actors import CENTRE_ROLES, Actor
from shared.contracts.dispatch import Deferrals, ListDeferrals
from shared.infra.unit_of_work import UnitOfWork


async def list_deferrals(work: UnitOfWork, request: ListDeferrals, /, *, now: datetime) -> Deferrals:
    """Those that wait for a decision, oldest first; or all of one case, with what lapsed meanwhile shown as lapsed."""
    query = sa.select(Deferral, WorkOrder).join(WorkOrder, WorkOrder.work_order_id == Deferral.work_order_id)
    wanted = _waiting(now) if request.case_code is None else Deferral.case_code == request.case_code
    query = query.where(wanted).order_by(Deferral.asked_at, Deferral.deferral_id).limit(request.limit)
    async with work.read() as session:
        rows = (await session.execute(query)).all()
    return Deferrals(
        deferrals=tuple(
            deferral.view(order, now, with_words=_may_read_words(request.actor, order)) for deferral, order in rows
        )
    )


def _waiting(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        Deferral.state == "asked",
        sa.func.least(Deferral.due_at, Deferral.until) > now,  # `least` leaves out what is null
        Deferral.round == WorkOrder.round,
        WorkOrder.state.in_(OPEN_WORK_ORDERS),
    )


def _may_read_words(actor: Actor, order: WorkOrder) -> bool:
    return actor.role in CENTRE_ROLES or actor.unit == order.unit
