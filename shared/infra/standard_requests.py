"""What every service answers about itself: its part of a case's story, dead letters, health, publishing again."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shared.contracts.common import (
    DeadLetters,
    Health,
    ListDeadLetters,
    ReadHealth,
    ReadTimeline,
    Republished,
    RepublishEvents,
    RetryDeadLetters,
    Timeline,
)
from shared.errors import not_found
from shared.infra.dead_letters import DeadLetterStore
from shared.infra.inbox import Inbox
from shared.infra.requests import Endpoint, serve
from shared.infra.unit_of_work import UnitOfWork

REPUBLISH_RANGE = 5_000
HealthFacts = Callable[[], Awaitable[tuple[bool, dict[str, str]]]]


def standard_endpoints(inboxes: Mapping[str, Inbox], health: HealthFacts) -> list[Endpoint]:
    async def read_health(work: UnitOfWork, request: ReadHealth, /, *, now: datetime) -> Health:
        healthy, facts = await health()
        return Health(service=work.service, healthy=healthy, facts=facts)

    async def retry_dead_letters(work: UnitOfWork, request: RetryDeadLetters, /, *, now: datetime) -> DeadLetters:
        """Not one transaction but one per letter: those that went through stay through."""
        store = DeadLetterStore(work.spine)
        async with work.read() as session:
            letters = await store.read(session, letter_id=request.id, include_retried=True)
        if not letters:
            raise not_found("dead letter", request.id, field="id")
        await inboxes[letters[0].consumer].retry(request.id)
        async with work.read() as session:
            return DeadLetters(letters=tuple(await store.read(session, letter_id=request.id, include_retried=True)))

    return [
        serve(ReadTimeline, read_timeline),
        serve(ListDeadLetters, list_dead_letters),
        serve(RetryDeadLetters, retry_dead_letters),
        serve(ReadHealth, read_health),
        serve(RepublishEvents, republish_events),
    ]


async def read_timeline(work: UnitOfWork, request: ReadTimeline, /, *, now: datetime) -> Timeline:
    async with work.read() as session:
        entries, intact = await work.event_record.timeline(await session.connection(), request.case_code)
    return Timeline(entries=tuple(entries), chain_intact=intact)


async def list_dead_letters(work: UnitOfWork, request: ListDeadLetters, /, *, now: datetime) -> DeadLetters:
    store = DeadLetterStore(work.spine)
    async with work.read() as session:
        letters = await store.read(session, letter_id=request.id, include_retried=request.include_retried)
    return DeadLetters(letters=tuple(letters))


async def republish_events(work: UnitOfWork, request: RepublishEvents, /, *, now: datetime) -> Republished:
    """The relay sends everything again, and the consumers skip what they know."""
    event, unsent = work.spine.event, work.spine.unsent
    async with work.read() as session:
        last = await session.scalar(sa.select(sa.func.max(event.c.position))) or 0
    waiting = 0
    for start in range(0, last, REPUBLISH_RANGE):  # a transaction each, so that nobody waits for the whole history
        async with work.begin(request) as tx:
            ends = min(start + REPUBLISH_RANGE, last)
            sent = sa.select(event.c.position).where(event.c.position > start, event.c.position <= ends)
            again = insert(unsent).from_select(["position"], sent).on_conflict_do_nothing()
            waiting += len((await tx.session.execute(again.returning(unsent.c.position))).all())
    return Republished(events=waiting)
