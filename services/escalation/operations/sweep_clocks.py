"""The sweep: every clock whose next step has come due does it, exactly once in effect, however many copies sweep."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from services.escalation.model import Clock
from shared.infra.unit_of_work import UnitOfWork

CLAIM_MAX = 500
ROUNDS_MAX = 10_000
# A clock that is due but locked by somebody is looked at again after this, in the clock's own time.
LOCKED_AGAIN = timedelta(milliseconds=50)


async def sweep_clocks(work: UnitOfWork) -> datetime | None:
    """Does all that is due. Returns when the next step of any clock is, None where none is left."""
    for _ in range(ROUNDS_MAX):
        if await _sweep_once(work) == 0:
            break
    async with work.read() as session:
        next_at = await session.scalar(sa.select(sa.func.min(Clock.next_at)).where(Clock.next_at.is_not(None)))
    now = work.clock.now()
    return next_at if next_at is None or next_at > now else now + LOCKED_AGAIN


async def _sweep_once(work: UnitOfWork) -> int:
    """One claim, one transaction: what the clocks did and the events that tell of it. Returns how many there were."""
    now = work.clock.now()
    due = sa.select(Clock).where(Clock.next_at <= now).order_by(Clock.next_at).limit(CLAIM_MAX)
    async with work.begin() as tx:
        clocks = (await tx.session.scalars(due.with_for_update(key_share=True, skip_locked=True))).all()
        for clock in clocks:
            tx.record(*clock.advance(now))
    return len(clocks)
