"""The append-only record: events are written in the transaction of their effect, hash-chained per chain."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import uuid_utils.compat as uuids
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.base import CaseEvent, Event, TimelineEntry
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


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(envelope: dict[str, Any]) -> bytes:
    return _CANONICAL(envelope).encode()


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


# A chain that is there is locked without another version of its row: an update that changes nothing would write one.
LOCK = """with begun as (
        insert into {schema}.chain (chain, sequence, hash)
        select chain, 0, :genesis from unnest(cast(:chains as text[])) as chain order by chain
        on conflict do nothing returning chain, sequence, hash
    ), held as (
        select chain, sequence, hash from {schema}.chain
        where chain = any(cast(:chains as text[])) order by chain for update
    )
    select chain, sequence, hash from begun union all select chain, sequence, hash from held"""
TELL = """with told as (
        insert into {schema}.event (event_id, chain, sequence, type, subject, at, envelope, hash)
        select event_id, chain, sequence, type, subject, at, envelope::jsonb, hash
        from unnest(
            cast(:ids as uuid[]), cast(:chains as text[]), cast(:sequences as integer[]), cast(:types as text[]),
            cast(:subjects as text[]), cast(:ats as timestamptz[]), cast(:envelopes as text[]), cast(:hashes as bytea[])
        ) with ordinality as new (event_id, chain, sequence, type, subject, at, envelope, hash, place)
        order by place
    )
    update {schema}.chain as head set sequence = new.sequence, hash = new.hash
    from unnest(cast(:heads as text[]), cast(:lasts as integer[]), cast(:digests as bytea[]))
        as new (chain, sequence, hash)
    where head.chain = new.chain"""


class _Rows:
    """Event rows by columns, as the database takes them in one statement."""

    def __init__(self) -> None:
        names = ("ids", "chains", "sequences", "types", "subjects", "ats", "envelopes", "hashes")
        self.columns: dict[str, list[Any]] = {name: [] for name in names}

    def add(
        self, event_id: UUID, chain: str, sequence: int, body: dict[str, Any], at: datetime, text: bytes, digest: bytes
    ) -> None:
        row = (event_id, chain, sequence, body["type"], body["subject"], at, text.decode(), digest)
        for column, value in zip(self.columns.values(), row, strict=True):
            column.append(value)


class EventRecord:
    """Writes and reads the event rows of one service."""

    def __init__(self, spine: Spine, *, service: str, centre: str) -> None:
        self._spine = spine
        self._service = service
        self._centre = centre
        self._source = f"muster/{centre}/{service}"
        # Arrays instead of a row of parameters per event: one statement, prepared once, for any number of events.
        self._lock = sa.text(LOCK.format(schema=spine.schema))
        self._tell = sa.text(TELL.format(schema=spine.schema))

    async def append(self, connection: AsyncConnection, pending: Sequence[Pending]) -> None:
        """Adds the events to their chains. Chain heads are locked in one order, so two transactions cannot deadlock."""
        if not pending:
            return
        heads = await self._lock_heads(connection, sorted({item.event.chain for item in pending}))
        rows = _Rows()
        for item in pending:
            chain = item.event.chain
            sequence, previous = heads[chain]
            event_id = uuids.uuid7()
            body = self._envelope(item, event_id, sequence + 1)
            text = canonical(body)
            digest = hashlib.sha256(previous + text).digest()
            heads[chain] = (sequence + 1, digest)
            rows.add(event_id, chain, sequence + 1, body, item.at, text, digest)
        moved = {
            "heads": list(heads),
            "lasts": [sequence for sequence, _ in heads.values()],
            "digests": [digest for _, digest in heads.values()],
        }
        await connection.execute(self._tell, rows.columns | moved)

    async def _lock_heads(self, connection: AsyncConnection, chains: list[str]) -> dict[str, tuple[int, bytes]]:
        """A chain begins with its first event. Two transactions that begin one at once take turns by its row: who comes
        second cannot see it yet, and asks once more.
        """
        while True:
            result = await connection.execute(self._lock, {"chains": chains, "genesis": GENESIS})
            heads = {row.chain: (row.sequence, row.hash) for row in result}
            if len(heads) == len(chains):
                return heads

    def _envelope(self, item: Pending, event_id: UUID, sequence: int) -> dict[str, Any]:
        """As `Envelope` writes itself; made without one, because everything in it is known to fit."""
        event = item.event
        return {
            "specversion": "1.0",
            "id": str(event_id),
            "source": self._source,
            "type": event.TYPE,
            "time": item.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "subject": event.case_code if isinstance(event, CaseEvent) else event.chain,
            "datacontenttype": "application/json",
            "schema_version": event.SCHEMA,
            "centre": self._centre,
            "chain": event.chain,
            "sequence": sequence,
            "actor": item.cause.actor,
            "causation": item.cause.causation,
            "trace": item.cause.trace,
            "data": event.model_dump(mode="json"),
        }

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
