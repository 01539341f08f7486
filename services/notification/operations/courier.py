"""The courier: plans notices, claims what is due, sends it, and writes down what came of it.

Sending is concurrent and outlives a round: a channel that hangs holds its own places only, never the others. All rows
are changed in rounds, so that one copy never races with itself; several copies share the work by leases.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa

from services.notification.channels import close_all
from services.notification.channels.base import INBOX
from services.notification.model import Message
from services.notification.operations.claim_messages import claim_messages, due_channels, lease_span
from services.notification.operations.means import Means
from services.notification.operations.parcel import Outcome, Parcel
from services.notification.operations.plan_notices import PLAN_MAX, plan_notices
from services.notification.operations.send_parcel import send_parcel
from services.notification.operations.store_outcomes import store_outcomes
from services.notification.policy.timing import furthest_try, patience
from shared.contracts.notification import MessageState
from shared.infra.unit_of_work import UnitOfWork

AT_ONCE_MAX = 60
"""Calls under way per channel: a summons of fifty units leaves at once."""

ORDINARY_MAX = 40
"""Of these places at most so many for ordinary messages: where all of them hang, a whistle still has some."""

ROUNDS_MAX = 1_000
PATIENCE_S = 0.25
FINISH_S = 4.0


class Courier:
    """`run` is one round of the sweep. `on_late` is called when something sent earlier comes back."""

    def __init__(self, work: UnitOfWork, means: Means) -> None:
        self.on_late: Callable[[], None] = lambda: None
        self._work = work
        self._means = means
        self._under_way: set[asyncio.Task[None]] = set()
        self._calls: Counter[str] = Counter()
        self._ordinary: Counter[str] = Counter()
        self._back: list[Outcome] = []
        self._seen_at: datetime | None = None

    async def run(self) -> datetime | None:
        """Does all that is due. Returns when the next message is."""
        await self._write_down()
        await self._look_at_the_clock()
        for _ in range(ROUNDS_MAX):
            planned = await plan_notices(self._work)  # each time: a whistle must not wait until a backlog is sent
            seen, started = await self._send_due()
            if started:
                await asyncio.wait(started, timeout=PATIENCE_S)
            if not await self._write_down() and seen == 0 and planned < PLAN_MAX:
                break
        return await self._next_due()

    async def finish(self) -> None:
        """Waits for what is on its way, writes it down and lets the channels go."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=FINISH_S)
        for task in self._under_way:
            task.cancel()
        await self._write_down()
        await close_all(self._means.channels)

    # -- pieces --------------------------------------------------------------------------------------------------------

    async def _look_at_the_clock(self) -> None:
        """At the first round, and when the time is earlier than it was, rows may lie in a future that is none."""
        before, self._seen_at = self._seen_at, self._work.clock.now()
        if before is None or self._seen_at < before:
            await mend_times(self._work)

    async def _send_due(self) -> tuple[int, list[asyncio.Task[None]]]:
        """Starts what may start now, channel by channel. Returns also how many messages were dealt with."""
        seen, started = 0, list[asyncio.Task[None]]()
        for name in await due_channels(self._work):
            while (room := AT_ONCE_MAX - self._calls[name]) > 0:
                ordinary = ORDINARY_MAX - self._ordinary[name]
                limit = room if ordinary <= 0 else min(room, ordinary)
                channel = self._means.channels.get(name)
                claim = await claim_messages(self._work, name, channel, limit, urgent_only=ordinary <= 0)
                started += [self._start(parcel) for parcel in claim.parcels]
                seen += claim.seen
                if claim.seen < limit:
                    break
        return seen, started

    def _start(self, parcel: Parcel) -> asyncio.Task[None]:
        self._calls[parcel.channel] += 1
        self._ordinary[parcel.channel] += not parcel.urgent
        task = asyncio.create_task(self._send(parcel))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _send(self, parcel: Parcel) -> None:
        try:
            channel = self._means.channels[parcel.channel]
            outcome = await send_parcel(parcel, channel, self._means, self._work.clock.now())
        finally:
            self._calls[parcel.channel] -= 1
            self._ordinary[parcel.channel] -= not parcel.urgent
        self._back.append(outcome)
        self.on_late()

    async def _write_down(self) -> bool:
        """True where there was anything. What could not be written down is kept for the next round."""
        outcomes, self._back = self._back, []
        try:
            await store_outcomes(self._work, outcomes)
        except BaseException:
            self._back = outcomes + self._back
            raise
        return bool(outcomes)

    async def _next_due(self) -> datetime | None:
        full = [name for name, calls in self._calls.items() if calls >= AT_ONCE_MAX]
        crowded = [name for name, calls in self._ordinary.items() if calls >= ORDINARY_MAX]
        async with self._work.read() as session:
            return await session.scalar(next_due(full, crowded))


def next_due(full: Sequence[str], crowded: Sequence[str] = ()) -> sa.Select[datetime]:
    """When the next message is due that has a place; each state asked apart, so that its index is used.

    Channels that are `full` take none, those that are `crowded` only urgent ones.
    """
    free = sa.and_(Message.channel.not_in(full), sa.or_(Message.urgent, Message.channel.not_in(crowded)))
    tried = sa.select(sa.func.min(Message.next_try_at)).where(Message.state == MessageState.PENDING.value, free)
    lost = sa.select(sa.func.min(Message.leased_until)).where(Message.state == MessageState.SENDING.value, free)
    return sa.select(sa.func.least(tried.scalar_subquery(), lost.scalar_subquery()))


async def mend_times(work: UnitOfWork) -> None:
    """After the clock was set back: what was planned for an hour ahead is due now, and no lease lasts longer than one.

    A lease is moved and not ended: its sender may be at work. What it brings back still counts under its token.
    """
    now, lease = work.clock.now(), lease_span(work.clock)
    async with work.begin() as tx:
        for urgent in (True, False):
            terms = patience(urgent=urgent)
            await tx.session.execute(
                sa.update(Message)
                .where(
                    Message.state == MessageState.PENDING.value,
                    Message.urgent.is_(urgent),
                    Message.channel != INBOX,
                    Message.next_try_at > now + furthest_try(urgent=urgent),
                )
                .values(
                    next_try_at=now,
                    deadline_at=sa.func.least(Message.deadline_at, now + terms.deadline),
                    give_up_at=sa.func.least(Message.give_up_at, now + terms.give_up),
                )
                .execution_options(synchronize_session=False)
            )
        await tx.session.execute(
            sa.update(Message)
            .where(Message.state == MessageState.SENDING.value, Message.leased_until > now + 2 * lease)
            .values(leased_until=now + lease)
            .execution_options(synchronize_session=False)
        )
