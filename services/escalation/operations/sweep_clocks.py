"""The sweep: every clock whose next step has come due does it, exactly once in effect, however many copies sweep."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import make_transient

from services.escalation.model import Clock
from services.escalation.model.base import SCHEMA
from shared.infra.unit_of_work import Transaction, UnitOfWork

CLAIM_MAX = 250
ROUNDS_MAX = 10_000
# A clock that is due but locked by somebody is looked at again after this, in the clock's own time.
LOCKED_AGAIN = timedelta(milliseconds=50)

# Many clocks come due at once (a day's end, an outage): what became of a claim of them is one statement.
_KEEP = sa.text(f"""
    update {SCHEMA}.clock as clock
    set done = cast(new.done as integer[]), next_at = new.next_at, state = new.state, fired_at = new.fired_at,
        warned = cast(new.warned as integer[]), ended_at = new.ended_at, reason = new.reason
    from unnest(
        cast(:keys as text[]), cast(:done as text[]), cast(:next_at as timestamptz[]), cast(:states as text[]),
        cast(:fired_at as timestamptz[]), cast(:warned as text[]), cast(:ended_at as timestamptz[]),
        cast(:reasons as text[])
    ) as new (key, done, next_at, state, fired_at, warned, ended_at, reason)
    where clock.key = new.key""")  # noqa: S608 - the schema is a constant


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
            make_transient(clock)  # kept by `_keep`, all at once, and not one by one by the session
            tx.record(*clock.advance(now))
        await _keep(tx, clocks)
    return len(clocks)


async def _keep(tx: Transaction, clocks: Sequence[Clock]) -> None:
    if not clocks:
        return
    kept = {
        "keys": [clock.key for clock in clocks],
        "done": [_array(clock.done) for clock in clocks],
        "next_at": [clock.next_at for clock in clocks],
        "states": [clock.state for clock in clocks],
        "fired_at": [clock.fired_at for clock in clocks],
        "warned": [_array(clock.warned) for clock in clocks],
        "ended_at": [clock.ended_at for clock in clocks],
        "reasons": [clock.reason for clock in clocks],
    }
    await tx.session.execute(_KEEP, kept)


def _array(numbers: Sequence[int]) -> str:
    """As PostgreSQL writes an array: arrays of several lengths do not fit into one."""
    return f"{{{','.join(map(str, numbers))}}}"
