"""Events that could not be applied: kept with the reason until somebody retries them, and with all that wait behind."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.base import Envelope
from shared.contracts.common import DeadLetter
from shared.infra.spine import Spine

REASON_MAX = 500
BLOCKED = """select chain from {schema}.dead_letter
    where consumer = :consumer and chain = any(cast(:chains as text[]))
    and retried_at is null and event_id is not null"""


class DeadLetterStore:
    def __init__(self, spine: Spine) -> None:
        self._table = spine.dead_letter
        self._blocked = sa.text(BLOCKED.format(schema=spine.schema))

    async def blocked_chains(self, session: AsyncSession, consumer: str, chains: Sequence[str]) -> set[str]:
        """Chains with an open dead letter: what follows in them must wait behind it, or order would be broken."""
        found = await session.scalars(self._blocked, {"consumer": consumer, "chains": list(chains)})
        return set(found.all())

    async def keep(
        self, session: AsyncSession, *, consumer: str, envelope: Envelope, reason: str, deliveries: int, at: datetime
    ) -> None:
        row = {
            "consumer": consumer,
            "chain": envelope.chain,
            "sequence": envelope.sequence,
            "event_id": envelope.id,
            "type": envelope.type,
            "subject": envelope.subject,
            "reason": reason[:REASON_MAX],
            "deliveries": deliveries,
            "body": envelope.model_dump_json(),
            "died_at": at,
        }
        await session.execute(insert(self._table).values(row).on_conflict_do_nothing())

    async def keep_undecodable(
        self,
        session: AsyncSession,
        *,
        consumer: str,
        body: bytes,
        subject: str,
        reason: str,
        deliveries: int,
        at: datetime,
    ) -> None:
        row = {
            "consumer": consumer,
            "chain": "",
            "sequence": 0,
            "event_id": None,
            "type": "undecodable",
            "subject": subject,
            "reason": reason[:REASON_MAX],
            "deliveries": deliveries,
            "body": body.decode("utf-8", errors="replace").replace("\0", "\ufffd"),
            "died_at": at,
        }
        await session.execute(insert(self._table).values(row))

    async def read(self, session: AsyncSession, *, letter_id: int | None, include_retried: bool) -> list[DeadLetter]:
        query = sa.select(self._table).order_by(self._table.c.id)
        if letter_id is not None:
            query = query.where(self._table.c.id == letter_id)
        elif not include_retried:
            query = query.where(self._table.c.retried_at.is_(None))
        rows = (await session.execute(query.limit(500))).all()
        return [_view(row, with_envelope=letter_id is not None) for row in rows]

    async def waiting_from(self, session: AsyncSession, letter_id: int) -> list[tuple[int, str, Envelope]]:
        """This letter and all open ones of its chain, in the order they must be applied."""
        table = self._table
        chosen = (await session.execute(sa.select(table).where(table.c.id == letter_id))).one_or_none()
        if chosen is None or chosen.event_id is None:
            return []
        query = (
            sa.select(table)
            .where(table.c.consumer == chosen.consumer, table.c.chain == chosen.chain, table.c.retried_at.is_(None))
            .order_by(table.c.sequence)
        )
        rows = (await session.execute(query)).all()
        return [(row.id, row.consumer, Envelope.model_validate_json(row.body)) for row in rows]

    async def mark_retried(self, session: AsyncSession, letter_id: int, at: datetime) -> None:
        await session.execute(sa.update(self._table).where(self._table.c.id == letter_id).values(retried_at=at))

    async def count_open(self, session: AsyncSession) -> int:
        count = sa.select(sa.func.count()).select_from(self._table).where(self._table.c.retried_at.is_(None))
        return await session.scalar(count) or 0


def _view(row: Any, *, with_envelope: bool) -> DeadLetter:
    envelope: dict[str, Any] | None = None
    if with_envelope and row.event_id is not None:
        envelope = json.loads(row.body)
    return DeadLetter(
        id=row.id,
        consumer=row.consumer,
        event_id=row.event_id,
        event_type=row.type,
        subject=row.subject,
        reason=row.reason,
        deliveries=row.deliveries,
        died_at=row.died_at,
        retried_at=row.retried_at,
        envelope=envelope,
    )
