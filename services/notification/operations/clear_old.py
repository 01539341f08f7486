"""What nobody asks for any more goes: old notices that ended, with their messages and tries, and what was settled then.

The record of what was told to whom is the event record, which stays.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from services.notification.model import Attempt, Base, Message, Notice, Settled, SummonsCall
from services.notification.model.message import UNDER_WAY
from shared.infra.arrays import among
from shared.infra.clearing import hourly
from shared.infra.unit_of_work import Transaction, UnitOfWork

CLEAR_MAX = 500
"""Rows of one kind in one transaction: the courier must not wait for it."""


def clearing(work: UnitOfWork, retention: timedelta) -> Callable[[], Awaitable[datetime | None]]:
    async def clear(now: datetime) -> bool:
        return await clear_old(work, now - retention) == CLEAR_MAX

    return hourly(clear, work)


async def clear_old(work: UnitOfWork, before: datetime) -> int:
    """At most CLEAR_MAX rows of each kind. Returns the most of any one kind."""
    async with work.begin() as tx:
        notices = await _clear_notices(tx, before)
        settled = await _clear(tx, Settled, Settled.at, before)
        calls = await _clear(tx, SummonsCall, SummonsCall.called_at, before)
        return max(notices, settled, calls)


async def _clear_notices(tx: Transaction, before: datetime) -> int:
    """Those that are planned and of which nothing is under way; what another copy holds is left to it."""
    under_way = sa.exists().where(
        Message.notice_id == Notice.notice_id, Message.state.in_([state.value for state in UNDER_WAY])
    )
    old = sa.select(Notice.notice_id).where(Notice.created_at < before, Notice.planned_at.is_not(None), ~under_way)
    bounded = old.order_by(Notice.created_at).limit(CLEAR_MAX).with_for_update(skip_locked=True)
    notices = (await tx.session.scalars(bounded)).all()
    if notices:
        messages = sa.select(Message.message_id).where(among(Message.notice_id, notices))
        for gone in (
            sa.delete(Attempt).where(Attempt.message_id.in_(messages)),
            sa.delete(Message).where(among(Message.notice_id, notices)),
            sa.delete(Notice).where(among(Notice.notice_id, notices)),
        ):
            await tx.session.execute(gone.execution_options(synchronize_session=False))
    return len(notices)


async def _clear(tx: Transaction, model: type[Base], at: InstrumentedAttribute[datetime], before: datetime) -> int:
    key = sa.inspect(model).primary_key
    old = sa.select(*key).where(at < before).order_by(at).limit(CLEAR_MAX).with_for_update(skip_locked=True)
    gone = sa.delete(model).where(sa.tuple_(*key).in_(old)).returning(at)
    return len((await tx.session.execute(gone.execution_options(synchronize_session=False))).all())
