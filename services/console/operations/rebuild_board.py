"""The read model made anew in one transaction: screens have the old one until it is done; nobody projects meanwhile.

Where an event cannot be applied nothing has changed in the end. Then the other way is gone (`clear_board`, and reading
again through the inbox), where each event is judged by itself and kept as a dead letter.
"""

import gc
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from typing import Any

import sqlalchemy as sa
from nats.aio.client import Client
from pydantic import ValidationError

from services.console.model import FACTS, BoardCase
from services.console.operations.clear_board import NOBODY_PROJECTS
from services.console.operations.folding import Folded, key_of
from services.console.operations.project import PROJECTED
from services.console.operations.writing_folded import Written
from shared.contracts.base import Envelope
from shared.contracts.subjects import CONSOLE, CONSUMERS
from shared.infra.inbox import Handler
from shared.infra.rereading import Reread, rereading
from shared.infra.unit_of_work import SharedWork, UnitOfWork

HELD_MAX = 10_000
"""Cases in memory; of more, those not heard of for longest are written, and taken back when they are heard of again."""

PAGES_MAX = 20_000
"""Of a table emptied by one statement, which has a time limit."""


MAY_BE_SILENT = sa.text("set local idle_in_transaction_session_timeout = '120s'")
"""Thousands of events are folded in memory between two words to the database, and a batch of them is waited for."""


class NotInOneGo(Exception):
    """An event that cannot be applied, or is missing from its chain, stands in the way."""


async def rebuild_board(
    work: UnitOfWork, client: Client, handlers: Mapping[str, Handler], *, held_max: int = HELD_MAX
) -> int:
    """How many events were read. `handlers` apply what is no case's. Raises NotInOneGo and Unavailable."""
    async with work.shared() as shared, AsyncExitStack() as stack:
        await shared.session.execute(MAY_BE_SILENT)
        await shared.session.execute(NOBODY_PROJECTS)
        listed = set(await shared.session.scalars(sa.select(BoardCase.case_id).where(BoardCase.listed)))
        for table in (
            BoardCase.__table__,
            *(facts.__table__ for facts in FACTS),
            work.spine.inbox,
            work.spine.dead_letter,
        ):
            await _empty(shared, table)
        written = await Written.begin(shared.session, listed)
        streams = [
            await stack.enter_async_context(rereading(client, consumer, work.centre))
            for consumer in CONSUMERS
            if consumer.reader == CONSOLE
        ]
        with _without_searching_for_circles():
            told = await _fold(shared, streams, written, handlers, held_max)
        await written.finish()
    return told


@contextmanager
def _without_searching_for_circles() -> Generator[None]:
    """Nothing here refers to itself, and looking through all that is held takes as long as all the rest."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


async def _fold(
    work: SharedWork, streams: Sequence[Reread], written: Written, handlers: Mapping[str, Handler], held_max: int
) -> int:
    held: dict[str, Folded] = {}
    told = 0
    async for consumer, batch in _in_time(streams):
        told += len(batch)
        for back in await written.take_back({key_of(envelope) for envelope in batch} - held.keys()):
            held[back.key] = back
        for envelope in batch:
            key = key_of(envelope)
            case = held[key] = held.pop(key, None) or Folded(key)  # at the end: those heard of last
            try:
                if case.admits(consumer, envelope):
                    await _apply(work, case, envelope, handlers)
            except Exception as trouble:
                raise NotInOneGo(f"{envelope.type} {envelope.id}: {type(trouble).__name__}") from trouble
        if len(held) > held_max:
            oldest = list(held)[: len(held) - held_max // 2]
            await written.write([held.pop(key) for key in oldest])
    await written.write(list(held.values()))
    return told


async def _apply(work: SharedWork, case: Folded, envelope: Envelope, handlers: Mapping[str, Handler]) -> None:
    if envelope.type in PROJECTED:
        case.take(envelope)
    elif envelope.type in handlers:
        await handlers[envelope.type](work, envelope)


async def _in_time(streams: Sequence[Reread]) -> AsyncGenerator[tuple[str, list[Envelope]]]:
    """Batch by batch, of the stream that is furthest behind in time, so that a case's events come near each other."""
    while under_way := [stream for stream in streams if not stream.ended]:
        stream = min(under_way, key=lambda one: one.at)
        try:
            batch = await stream.batch()
        except ValidationError as trouble:
            raise NotInOneGo(f"an event of {stream.consumer.source} cannot be read") from trouble
        yield stream.consumer.name, batch


async def _empty(work: SharedWork, table: Any) -> None:
    """Row by row and in pieces: a truncated table could not be read by anybody until all is done."""
    name = f"{table.schema}.{table.name}"
    pages = await work.session.scalar(sa.text(f"select pg_relation_size('{name}') / 8192")) or 0
    for first in range(0, pages + 1, PAGES_MAX):
        piece = f"ctid >= '({first},0)' and ctid < '({first + PAGES_MAX},0)'"
        await work.session.execute(sa.text(f"delete from {name} where {piece}"))  # noqa: S608 - own names
