"""What goes after its time, in bounded pieces. Answers kept for repeated requests are such, in every service."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import sqlalchemy as sa

from shared.infra.scheduling import Sweep
from shared.infra.unit_of_work import UnitOfWork

CLEAR_MAX = 1_000
"""Requests in one transaction."""

LOOK_EVERY = timedelta(hours=1)

ANSWERS_KEPT = timedelta(days=30)
"""Nobody repeats a request later than this; an answer may hold words of persons, so it is kept no longer."""


def hourly(clear: Callable[[datetime], Awaitable[bool]], work: UnitOfWork) -> Callable[[], Awaitable[datetime | None]]:
    """Rounds of a sweep: `clear(now)` does a bounded piece and tells whether there may be more, which comes at once."""
    seen_at: datetime | None = None

    async def run() -> datetime | None:
        nonlocal seen_at
        now = work.clock.now()
        if seen_at is not None and seen_at <= now < seen_at + LOOK_EVERY:
            return seen_at + LOOK_EVERY
        more = await clear(now)
        seen_at = None if more else now
        return now if more else now + LOOK_EVERY

    return run


def clear_answers_sweep(work: UnitOfWork, retention: timedelta) -> Sweep:
    kept = min(ANSWERS_KEPT, retention)
    run = hourly(lambda now: clear_answers(work, before=now - kept), work)
    return Sweep(f"{work.service}-clear-answers", run, work.clock)


async def clear_answers(work: UnitOfWork, *, before: datetime) -> bool:
    """Whether there may be more."""
    request = work.spine.request
    key = sa.tuple_(request.c.name, request.c.key)
    old = sa.select(request.c.name, request.c.key).where(request.c.at < before).limit(CLEAR_MAX)
    async with work.begin() as tx:
        gone = await tx.session.execute(sa.delete(request).where(key.in_(old)).returning(request.c.key))
        return len(gone.all()) == CLEAR_MAX
