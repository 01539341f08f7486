"""The rows of the centre's mode: locked for who switches, read for who needs the mode of an instant."""

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.model import ModeBook, ModePeriod, Surge
from shared.centre.standing import Switch
from shared.infra import lock_spaces
from shared.infra.unit_of_work import Transaction, UnitOfWork

_KEPT = "dispatch.switches"


async def lock_mode(work: UnitOfWork, tx: Transaction) -> ModeBook:
    """There is one mode of the centre: of two who switch at once the second sees what the first did."""
    await tx.session.execute(sa.select(sa.func.pg_advisory_xact_lock(lock_spaces.MODE, sa.func.hashtext(work.centre))))
    period = sa.select(ModePeriod).where(ModePeriod.ended_at.is_(None))
    surge = sa.select(Surge).where(Surge.ended_at.is_(None)).with_for_update()
    fresh = {"populate_existing": True}
    found = (await tx.session.scalars(period.execution_options(**fresh))).one()
    return ModeBook(found, await tx.session.scalar(surge.execution_options(**fresh)))


async def switches_since(session: AsyncSession, since: datetime) -> tuple[Switch, ...]:
    """The period of that instant and every one after it, in order."""
    query = sa.select(ModePeriod).where(sa.or_(ModePeriod.ended_at.is_(None), ModePeriod.ended_at > since))
    return tuple(each.switch() for each in await session.scalars(query.order_by(ModePeriod.number)))


async def known_switches(tx: Transaction) -> Sequence[Switch]:
    """All of them, in order; read once in each transaction, which a batch of events shares."""
    kept: Sequence[Switch] | None = tx.session.info.get(_KEPT)
    if kept is None:
        kept = tx.session.info[_KEPT] = await switches_since(tx.session, datetime.min.replace(tzinfo=UTC))
    return kept
