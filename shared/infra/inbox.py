"""Events in: each is applied once and in the order of its chain, whatever the broker does.

The inbox keeps, per consumer and chain, the sequence number last applied, in the transaction of the effect. A lower
number is a repetition (acknowledged), the next one is applied, a higher one waits for the missing ones (put back with
a short delay). A batch is applied in one transaction: at first as if everything in it were just what comes next, where
it is not, with a close look at each chain; and where anything in it fails, one by one, so that one bad event delays
nobody else. While the database is away, a batch is held on to.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.contracts.base import Envelope, Event
from shared.contracts.catalogue import EVENTS
from shared.errors import Refused, Unavailable
from shared.infra.database import as_unavailable, describe, is_retryable
from shared.infra.dead_letters import DeadLetterStore
from shared.infra.logs import get_log
from shared.infra.unit_of_work import SharedWork, UnitOfWork

BUG_FAILURES_MAX = 5
BUG_DELAYS_S = (0.2, 1.0, 5.0, 15.0)
FAILURES_KEPT_MAX = 1_000
ORDER_DELAY_S = 0.1
ORDER_DELAY_MAX_S = 2.0
WAITS_LONG = 60  # deliveries, some two minutes
CONFLICT_DELAY_S = 0.05
AWAY_DELAYS_S = (0.5, 1.0, 2.0, 5.0, 10.0)
HOLD_MAX_S, HOLD_PAUSE_S = 5.0, 0.3
"""Well within the broker's patience, and a stop's."""

# Arrays instead of a row of parameters per chain: one statement, prepared once, for any number of chains.
NEXT = """with came as (
        select chain, first, last from unnest(
            cast(:chains as text[]), cast(:firsts as integer[]), cast(:lasts as integer[])
        ) as came (chain, first, last)
        where not exists (
            select from {schema}.dead_letter as letter where letter.consumer = :consumer and letter.chain = came.chain
            and letter.retried_at is null and letter.event_id is not null)
    ), moved as (
        update {schema}.inbox as place set sequence = came.last from came
        where place.consumer = :consumer and place.chain = came.chain and place.sequence = came.first - 1
        returning place.chain
    ), begun as (
        insert into {schema}.inbox (consumer, chain, sequence)
        select :consumer, chain, last from came where first = 1 order by chain
        on conflict do nothing returning chain
    )
    select (select count(*) from moved) + (select count(*) from begun)"""
TAKE = """insert into {schema}.inbox (consumer, chain, sequence)
    select :consumer, chain, 0 from unnest(cast(:chains as text[])) as chain
    on conflict (consumer, chain) do update set sequence = {schema}.inbox.sequence
    returning chain, sequence"""
MOVE = """update {schema}.inbox as place set sequence = new.sequence
    from unnest(cast(:chains as text[]), cast(:sequences as integer[])) as new (chain, sequence)
    where place.consumer = :consumer and place.chain = new.chain"""

E = TypeVar("E", bound=Event)
E_contra = TypeVar("E_contra", bound=Event, contravariant=True)
Handler = Callable[[UnitOfWork, Envelope], Awaitable[None]]
Prepare = Callable[[UnitOfWork, Sequence[Envelope]], Awaitable[None]]
Admit = Callable[[AsyncSession, Sequence[Envelope]], Awaitable[list[Envelope]]]


class Operation(Protocol[E_contra]):
    """What happens when an event arrives: `(work, event, envelope, now=...)`, in one transaction."""

    async def __call__(self, work: UnitOfWork, event: E_contra, envelope: Envelope, *, now: datetime) -> None: ...


def on(event: type[E], operation: Operation[E]) -> tuple[str, Handler]:
    """One row of a service's table of events: decode, then one operation."""

    async def handle(work: UnitOfWork, envelope: Envelope) -> None:
        await operation(work, event.model_validate(envelope.data), envelope, now=work.clock.now())

    return event.TYPE, handle


class Delivery(Protocol):
    """One message as the broker handed it over."""

    data: bytes
    subject: str

    async def ack(self) -> None: ...

    async def nak(self, delay: float | None = None) -> None: ...

    async def term(self) -> None: ...


class Verdict(Enum):
    DONE = "done"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Outcome:
    verdict: Verdict
    delay_s: float = 0.0


DONE = Outcome(Verdict.DONE)
AWAY = Outcome(Verdict.LATER)


def deliveries_of(message: Any) -> int:
    metadata = getattr(message, "metadata", None)
    return int(getattr(metadata, "num_delivered", None) or 1)


class Inbox:
    """Applies what one consumer is handed."""

    def __init__(
        self,
        consumer: str,
        work: UnitOfWork,
        handlers: Mapping[str, Handler],
        prepare: Prepare | None = None,
    ) -> None:
        """`prepare` fetches at once what a whole batch will need; the operations are right without it."""
        self.consumer = consumer
        self._prepare = prepare
        self._work = work
        self._handlers = handlers
        self._next = sa.text(NEXT.format(schema=work.spine.schema))
        self._take = sa.text(TAKE.format(schema=work.spine.schema))
        self._move = sa.text(MOVE.format(schema=work.spine.schema))
        self._letters = DeadLetterStore(work.spine)
        self._failures: dict[UUID, int] = {}
        self._log = get_log("inbox")

    async def receive(self, messages: Sequence[Any]) -> set[str]:
        """Applies and answers every message: acknowledged, or put back with a delay. Tells what types came."""
        decoded: list[tuple[Any, Envelope]] = []
        for message in messages:
            try:
                decoded.append((message, Envelope.model_validate_json(message.data)))
            except ValidationError as fault:
                await self._settle(message, await self._bury_undecodable(message, fault))
        if not decoded:
            return set()
        together = await self._apply_when_there([envelope for _, envelope in decoded])
        for message, envelope in decoded:
            await self._settle(message, together or await self._apply_alone(envelope, deliveries_of(message)))
        return {envelope.type for _, envelope in decoded}

    async def _settle(self, message: Any, outcome: Outcome) -> None:
        if outcome.verdict is Verdict.DONE:
            await message.ack()
        else:
            await message.nak(delay=outcome.delay_s)

    async def _apply_when_there(self, envelopes: Sequence[Envelope]) -> Outcome | None:
        """Holds on to a batch for a while where the database is away. Put back at once it would come round again and
        again, with all that stands behind it, and out of order.
        """
        now = asyncio.get_running_loop().time
        until = now() + HOLD_MAX_S
        while (outcome := await self._apply_together(envelopes)) is AWAY and now() < until:
            await asyncio.sleep(HOLD_PAUSE_S)
        if outcome is AWAY:
            self._log.warning("database away", consumer=self.consumer, events=len(envelopes))
        return outcome

    async def _apply_together(self, envelopes: Sequence[Envelope]) -> Outcome | None:
        """All in one transaction; None (and nothing changed) where they have to be looked at one by one."""
        try:
            try:
                await self._apply_batch(envelopes, self._take_next)
            except _NotJustNext:
                await self._apply_batch(envelopes, self._admit)
        except Exception as trouble:  # noqa: BLE001 - not swallowed: each event is done again alone and judged there
            away = as_unavailable(trouble)
            if away is not None and not isinstance(trouble, Unavailable) and not is_retryable(trouble):
                return AWAY
            self._log.debug("batch applied one by one", consumer=self.consumer, trouble=type(trouble).__name__)
            return None
        return DONE

    async def _apply_batch(self, envelopes: Sequence[Envelope], admit: Admit) -> None:
        async with self._work.shared() as shared:
            fresh = await admit(shared.session, envelopes)
            if self._prepare is not None:
                await self._prepare(shared, fresh)
            for envelope in fresh:
                await self._handle(shared, envelope)

    async def _apply_alone(self, envelope: Envelope, deliveries: int) -> Outcome:
        try:
            return await self._apply_one(envelope)
        except Exception as trouble:  # noqa: BLE001 - judged: put back with a delay, or kept as a dead letter
            return await self._judge(envelope, trouble, deliveries)

    async def _apply_one(self, envelope: Envelope) -> Outcome:
        async with self._work.shared() as shared:
            # The lock first: whether the chain is blocked must not change while this event is being decided on.
            applied = (await self._lock(shared.session, [envelope.chain]))[envelope.chain]
            if applied >= envelope.sequence:
                return DONE
            if await self._letters.blocked_chains(shared.session, self.consumer, [envelope.chain]):
                await self._keep_letter(shared, envelope, "waits behind a dead letter of the same chain", 0)
                return DONE
            for fresh in await self._admit(shared.session, [envelope]):
                await self._handle(shared, fresh)
        self._failures.pop(envelope.id, None)
        return DONE

    async def _judge(self, envelope: Envelope, trouble: Exception, deliveries: int) -> Outcome:
        """Only our own failures are counted: an outage or a missing fact is waited for as long as it lasts."""
        if isinstance(trouble, _OutOfOrder):
            if deliveries % WAITS_LONG == 0:
                self._log.warning("event still waits for the one before it", **self._facts(envelope))
            return Outcome(Verdict.LATER, min(ORDER_DELAY_S * deliveries, ORDER_DELAY_MAX_S))
        if is_retryable(trouble):
            return Outcome(Verdict.LATER, CONFLICT_DELAY_S)
        away = as_unavailable(trouble)
        if away is not None:
            delay_s = AWAY_DELAYS_S[min(deliveries - 1, len(AWAY_DELAYS_S) - 1)]
            return Outcome(Verdict.LATER, max(delay_s, away.retry_after_s if deliveries > 1 else 0.1))
        if isinstance(trouble, Refused):
            return await self._bury(envelope, f"refused: {trouble.code}: {trouble.message}", deliveries)
        failures = self._count_failure(envelope)
        if failures < BUG_FAILURES_MAX:
            self._log.warning("event failed", **self._facts(envelope), trouble=describe(trouble))
            return Outcome(Verdict.LATER, BUG_DELAYS_S[min(failures, len(BUG_DELAYS_S)) - 1])
        return await self._bury(envelope, describe(trouble), deliveries)

    def _count_failure(self, envelope: Envelope) -> int:
        if envelope.id not in self._failures and len(self._failures) >= FAILURES_KEPT_MAX:
            self._failures.pop(next(iter(self._failures)))
        self._failures[envelope.id] = self._failures.get(envelope.id, 0) + 1
        return self._failures[envelope.id]

    async def _bury(self, envelope: Envelope, reason: str, deliveries: int) -> Outcome:
        try:
            async with self._work.shared() as shared:
                applied = (await self._lock(shared.session, [envelope.chain]))[envelope.chain]
                if applied >= envelope.sequence:
                    return DONE  # another copy of this service could apply it meanwhile
                await self._keep_letter(shared, envelope, reason, deliveries)
        except Exception as trouble:  # noqa: BLE001 - the database is away: the broker keeps the event for us
            self._log.warning("dead letter not kept yet", **self._facts(envelope), trouble=type(trouble).__name__)
            return Outcome(Verdict.LATER, AWAY_DELAYS_S[-1])
        self._failures.pop(envelope.id, None)
        self._log.error("event became a dead letter", **self._facts(envelope), reason=reason.split(":")[0])
        return DONE

    async def _keep_letter(self, shared: SharedWork, envelope: Envelope, reason: str, deliveries: int) -> None:
        await self._letters.keep(
            shared.session,
            consumer=self.consumer,
            envelope=envelope,
            reason=reason,
            deliveries=deliveries,
            at=self._work.clock.now(),
        )

    async def _bury_undecodable(self, message: Any, fault: ValidationError) -> Outcome:
        where = "; ".join(".".join(map(str, one["loc"])) + " " + one["type"] for one in fault.errors()[:5])
        self._log.error("undecodable event", consumer=self.consumer, where=where)
        try:
            async with self._work.shared() as shared:
                await self._letters.keep_undecodable(
                    shared.session,
                    consumer=self.consumer,
                    body=message.data,
                    subject=message.subject,
                    reason=f"undecodable: {where}",
                    deliveries=deliveries_of(message),
                    at=self._work.clock.now(),
                )
        except Exception as trouble:  # noqa: BLE001 - the database is away: the broker keeps the event for us
            self._log.warning("dead letter not kept yet", consumer=self.consumer, trouble=type(trouble).__name__)
            return Outcome(Verdict.LATER, AWAY_DELAYS_S[-1])
        return DONE

    async def retry(self, letter_id: int) -> int:
        """Applies a dead letter and those waiting behind it, a transaction each. Returns how many went through."""
        done = 0
        while True:
            async with self._work.read() as session:
                waiting = await self._letters.waiting_from(session, letter_id)
            if not waiting:  # asked again each time: a live event may have come to wait meanwhile
                return done
            row_id, _, envelope = waiting[0]
            try:
                async with self._work.shared() as shared:
                    for fresh in await self._admit(shared.session, [envelope], held=False):
                        await self._handle(shared, fresh)
                    await self._letters.mark_retried(shared.session, row_id, self._work.clock.now())
            except Exception as trouble:  # told to whoever retries; the letter stays
                self._log.warning("retry failed", **self._facts(envelope), trouble=describe(trouble))
                if done == 0:
                    raise
                return done
            done += 1

    async def _handle(self, work: UnitOfWork, envelope: Envelope) -> None:
        handler = self._handlers.get(envelope.type)
        if handler is not None:
            await handler(work, envelope)
        elif envelope.type not in EVENTS:
            # Of a newer version, told while this copy still leads: passed over, nobody would ever apply it.
            self._log.warning("event of an unknown kind waits for a newer copy", **self._facts(envelope))
            raise Unavailable(f"{envelope.type} is not known to this version", retry_after_s=1)

    # -- the order of each chain ---------------------------------------------------------------------------------------

    async def _take_next(self, session: AsyncSession, envelopes: Sequence[Envelope]) -> list[Envelope]:
        """All of them, with their chains moved on, in one statement. Raises where one is not just what comes next, or
        its chain is held back: nothing is kept then, so that a closer look takes the places in one order.
        """
        ordered = in_chain_order(envelopes)
        ends: dict[str, tuple[int, int]] = {}
        for envelope in ordered:
            first, last = ends.get(envelope.chain, (envelope.sequence, envelope.sequence - 1))
            if envelope.sequence != last + 1:
                raise _NotJustNext
            ends[envelope.chain] = (first, envelope.sequence)
        chains = sorted(ends)
        firsts, lasts = zip(*(ends[chain] for chain in chains), strict=True)
        places = {"consumer": self.consumer, "chains": chains, "firsts": list(firsts), "lasts": list(lasts)}
        if await session.scalar(self._next, places) != len(chains):
            raise _NotJustNext
        return ordered

    async def _admit(
        self, session: AsyncSession, envelopes: Sequence[Envelope], *, held: bool = True
    ) -> list[Envelope]:
        """Those not applied yet, with their chains moved on. Raises where one is ahead of its turn or held back."""
        chains = sorted({envelope.chain for envelope in envelopes})
        if held and await self._letters.blocked_chains(session, self.consumer, chains):
            raise _HeldBack
        applied = await self._lock(session, chains)
        fresh: list[Envelope] = []
        for envelope in in_chain_order(envelopes):
            last = applied[envelope.chain]
            if envelope.sequence > last + 1:
                raise _OutOfOrder(f"{envelope.chain} is at {last}, got {envelope.sequence}")
            if envelope.sequence == last + 1:
                applied[envelope.chain] = envelope.sequence
                fresh.append(envelope)
        moved = sorted({envelope.chain for envelope in fresh})
        if moved:
            places = {"consumer": self.consumer, "chains": moved, "sequences": [applied[chain] for chain in moved]}
            await session.execute(self._move, places)
        return fresh

    async def _lock(self, session: AsyncSession, chains: list[str]) -> dict[str, int]:
        result = await session.execute(self._take, {"consumer": self.consumer, "chains": chains})
        return {row.chain: row.sequence for row in result}

    def _facts(self, envelope: Envelope) -> dict[str, Any]:
        return {
            "consumer": self.consumer,
            "event_id": str(envelope.id),
            "event_type": envelope.type,
            "case_code": envelope.subject,
            "trace_id": envelope.trace,
        }


def in_chain_order(envelopes: Sequence[Envelope]) -> list[Envelope]:
    """As they came, but within each chain by sequence: what was put back may have been overtaken."""
    by_chain: dict[str, list[Envelope]] = {}
    for envelope in envelopes:
        by_chain.setdefault(envelope.chain, []).append(envelope)
    turns = {chain: iter(sorted(chained, key=lambda one: one.sequence)) for chain, chained in by_chain.items()}
    return [next(turns[envelope.chain]) for envelope in envelopes]


class _OutOfOrder(Unavailable):
    """An earlier event of the chain has not been applied yet."""


class _NotJustNext(Exception):
    """Something was seen before, came too early or is held back."""


class _HeldBack(Exception):
    """The chain waits behind a dead letter."""
