"""The append-only record: events are written in the transaction of their effect, hash-chained per chain."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import uuid_utils.compat as uuids
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.base import CaseEvent, Envelope, Event, TimelineEntry
from shared.infra.spine import Spine

GENESIS = b"\x00" * 32


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an event is recorded: who acted, which event led to it, which trace it belongs to."""

    actor: str | None
    causation: str | None
    trace: str


@dataclass(frozen=True, slots=True)
class Pending:
    event: Event
    cause: Cause
    at: datetime


def canonical(envelope: dict[str, Any]) -> bytes:
    return json.dumps(envelope, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link(previous: bytes, envelope: dict[str, Any]) -> bytes:
    """The hash of one event: over the hash before it and its whole envelope."""
    return hashlib.sha256(previous + canonical(envelope)).digest()


def chain_is_whole(rows: Iterable[tuple[int, dict[str, Any], bytes]]) -> bool:
    """True if (sequence, envelope, hash) rows, in order, number 1, 2, 3... and every hash fits."""
    previous = GENESIS
    for expected, (sequence, envelope, stored) in enumerate(rows, start=1):
        previous = link(previous, envelope)
        if sequence != expected or previous != stored or envelope["sequence"] != expected:
            return False
    return True


class EventRecord:
    """Writes and reads the event rows of one service."""

    def __init__(self, spine: Spine, *, service: str, centre: str) -> None:
        self._spine = spine
        self._service = service
        self._centre = centre

    async def append(self, connection: AsyncConnection, pending: Sequence[Pending]) -> None:
        """Adds the events to their chains. Chain heads are locked in one order, so two transactions cannot deadlock."""
        if not pending:
            return
        heads = await self._lock_heads(connection, sorted({item.event.chain for item in pending}))
        rows: list[dict[str, Any]] = []
        for item in pending:
            sequence, previous = heads[item.event.chain]
            envelope = self._envelope(item, sequence + 1)
            body = envelope.model_dump(mode="json")
            digest = link(previous, body)
            heads[item.event.chain] = (sequence + 1, digest)
            rows.append(
                {
                    "event_id": envelope.id,
                    "chain": envelope.chain,
                    "sequence": envelope.sequence,
                    "type": envelope.type,
                    "subject": envelope.subject,
                    "at": envelope.time,
                    "envelope": body,
                    "hash": digest,
                }
            )
        await connection.execute(insert(self._spine.event), rows)
        await self._move_heads(connection, heads)

    async def _lock_heads(self, connection: AsyncConnection, chains: list[str]) -> dict[str, tuple[int, bytes]]:
        head = self._spine.chain
        new = sa.select(sa.func.unnest(sa.cast(chains, ARRAY(sa.Text))), sa.literal(0), sa.literal(GENESIS))
        statement = insert(head).from_select(["chain", "sequence", "hash"], new)
        # A no-op update instead of "do nothing": it locks the row and returns what stands there.
        locked = statement.on_conflict_do_update(index_elements=["chain"], set_={"chain": statement.excluded.chain})
        result = await connection.execute(locked.returning(head.c.chain, head.c.sequence, head.c.hash))
        return {row.chain: (row.sequence, row.hash) for row in result}

    async def _move_heads(self, connection: AsyncConnection, heads: dict[str, tuple[int, bytes]]) -> None:
        head = self._spine.chain
        move = (
            sa.update(head)
            .where(head.c.chain == sa.bindparam("b_chain"))
            .values(sequence=sa.bindparam("b_sequence"), hash=sa.bindparam("b_hash"))
        )
        values = [{"b_chain": c, "b_sequence": s, "b_hash": h} for c, (s, h) in heads.items()]
        await connection.execute(move, values)

    def _envelope(self, item: Pending, sequence: int) -> Envelope:
        event = item.event
        return Envelope(
            id=uuids.uuid7(),
            source=f"muster/{self._centre}/{self._service}",
            type=event.TYPE,
            time=item.at,
            subject=event.case_code if isinstance(event, CaseEvent) else event.chain,
            schema_version=event.SCHEMA,
            centre=self._centre,
            chain=event.chain,
            sequence=sequence,
            actor=item.cause.actor,
            causation=item.cause.causation,
            trace=item.cause.trace,
            data=event.model_dump(mode="json"),
        )

    async def timeline(self, connection: AsyncConnection, subject: str) -> tuple[list[TimelineEntry], bool]:
        """All events about a subject in order, and whether their hash chain is whole."""
        event = self._spine.event
        query = sa.select(event).where(event.c.subject == subject).order_by(event.c.position)
        rows = (await connection.execute(query)).all()
        chains: dict[str, list[tuple[int, dict[str, Any], bytes]]] = {}
        for row in rows:
            chains.setdefault(row.chain, []).append((row.sequence, row.envelope, row.hash))
        intact = all(chain_is_whole(sorted(links, key=lambda one: one[0])) for links in chains.values())
        entries = [
            TimelineEntry(
                at=row.at,
                service=self._service,
                type=row.type,
                actor=row.envelope["actor"],
                sequence=row.sequence,
                data=row.envelope["data"],
            )
            for row in rows
        ]
        return entries, intact


def new_id() -> UUID:
    """A time-ordered id, so that indexes grow at one end."""
    return uuids.uuid7()
