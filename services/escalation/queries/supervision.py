"""What may be read of supervision orders."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from services.escalation.model import Clock, SupervisionAnswer, SupervisionOrder
from services.escalation.policy.supervising import UNDER_WAY, reads_words, sees_own_only
from shared.contracts.escalation import (
    ListSupervision,
    SupervisionOrders,
)
from shared.infra.arrays import among
from shared.infra.unit_of_work import UnitOfWork


async def list_supervision(work: UnitOfWork, request: ListSupervision, /, *, now: datetime) -> SupervisionOrders:
    """By the time the answer is due."""
    # The key is the one `supervision_key` writes.
    order_id, round_ = sa.cast(SupervisionOrder.order_id, sa.Text), sa.cast(SupervisionOrder.round, sa.Text)
    key = sa.literal("supervision:").concat(order_id).concat(":").concat(round_)
    query = (
        sa.select(SupervisionOrder, Clock.due_at, Clock.fired_at)
        .outerjoin(Clock, Clock.key == key)
        .where(*_wanted(request))
        .order_by(Clock.due_at, SupervisionOrder.order_id)
        .limit(request.limit)
    )
    async with work.read() as session:
        rows = (await session.execute(query)).all()
        answers = await _answers(session, [order.order_id for order, _, _ in rows])
    views = (
        order.view(answers[order.order_id], due_at, fired_at, with_words=reads_words(request.actor, order.unit))
        for order, due_at, fired_at in rows
    )
    return SupervisionOrders(orders=tuple(views), now=now)


def _wanted(request: ListSupervision) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if request.order_id is not None:
        wanted.append(SupervisionOrder.order_id == request.order_id)
    elif request.only_open:
        wanted.append(SupervisionOrder.state.in_(sorted(UNDER_WAY)))
    if request.case_code is not None:
        wanted.append(SupervisionOrder.case_code == request.case_code)
    if request.unit is not None:
        wanted.append(SupervisionOrder.unit == request.unit)
    if sees_own_only(request.actor):
        wanted.append(SupervisionOrder.unit == (request.actor.unit or ""))
    return wanted


async def _answers(session: AsyncSession, order_ids: Sequence[UUID]) -> defaultdict[UUID, list[SupervisionAnswer]]:
    query = sa.select(SupervisionAnswer).where(among(SupervisionAnswer.order_id, order_ids))
    found: defaultdict[UUID, list[SupervisionAnswer]] = defaultdict(list)
    for answer in await session.scalars(query.order_by(SupervisionAnswer.round)):
        found[answer.order_id].append(answer)
    return found


async def supervised_among(session: AsyncSession, case_ids: Sequence[UUID]) -> set[UUID]:
    """Of these cases, those handled as `supervised` (督办): a listed order on them is under way."""
    listed = sa.select(SupervisionOrder.case_id).where(
        among(SupervisionOrder.case_id, case_ids),
        SupervisionOrder.level == "listed",
        SupervisionOrder.state.in_(sorted(UNDER_WAY)),
    )
    return set((await session.scalars(listed)).all())
