"""What may be read of appeals."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from services.escalation.model import Appeal
from services.escalation.policy.supervising import reads_words, sees_own_only
from shared.contracts.escalation import Appeals, ListAppeals
from shared.infra.arrays import among
from shared.infra.unit_of_work import UnitOfWork


async def list_appeals(work: UnitOfWork, request: ListAppeals, /, *, now: datetime) -> Appeals:
    wanted: list[sa.ColumnElement[bool]] = []
    if request.only_open:
        wanted.append(Appeal.state.in_(("made", "proposed")))
    if request.case_code is not None:
        wanted.append(Appeal.case_code == request.case_code)
    if request.appeal_id is not None:
        wanted.append(Appeal.appeal_id == request.appeal_id)
    if sees_own_only(request.actor):
        wanted.append(Appeal.unit == (request.actor.unit or ""))
    query = sa.select(Appeal).where(*wanted).order_by(Appeal.made_at, Appeal.appeal_id).limit(request.limit)
    async with work.read() as session:
        found = (await session.scalars(query)).all()
    return Appeals(appeals=tuple(one.view(with_words=reads_words(request.actor, one.unit)) for one in found))


async def exemptions_among(session: AsyncSession, clocks: Sequence[str]) -> dict[str, datetime]:
    """Of these clocks, those that do not count, and since when."""
    granted = sa.select(Appeal.clock, Appeal.exempted_at).where(among(Appeal.clock, clocks), Appeal.state == "granted")
    return {row.clock: row.exempted_at for row in await session.execute(granted)}
