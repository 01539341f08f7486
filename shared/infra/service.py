"""How any service is put together and run: database, broker, requests in, events in, relay, sweeps, health."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import nats.errors
import sqlalchemy as sa
from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from faststream.nats.message import NatsBatchMessage
from nats.aio.client import Client

from shared.clock import Clock
from shared.contracts.base import Command
from shared.contracts.subjects import CONSUMERS, Consumer, Stream, request_subject
from shared.infra.clearing import clear_answers_sweep
from shared.infra.consuming import FETCH_MAX, FETCH_TIMEOUT_S, make_broker, use_natural_batches
from shared.infra.database import make_engine, make_sessions
from shared.infra.dead_letters import DeadLetterStore
from shared.infra.event_record import EventRecord
from shared.infra.gathering import GROUP_MAX, Gathering
from shared.infra.inbox import Handler, Inbox, Prepare
from shared.infra.leading import Leading
from shared.infra.logs import get_log
from shared.infra.messaging import inbox_prefix, is_caught_up, missing_consumers
from shared.infra.migrations import migrate
from shared.infra.reading import CATCH_UP_MAX_S, Reading
from shared.infra.relay import Relay
from shared.infra.requests import Endpoint, answer, by_name, carry_out
from shared.infra.scheduling import Sweep, Sweeper
from shared.infra.spine import Spine
from shared.infra.standard_requests import standard_endpoints
from shared.infra.unit_of_work import UnitOfWork
from shared.settings import ServiceSettings

Watch = Callable[[UnitOfWork], Awaitable[tuple[bool, dict[str, str]]]]

REQUESTS_AT_ONCE = 8
WATCH_S = 10.0
STOP_MAX_S = 10.0
BEHIND_S = 60.0


class Service:
    """One running service. `start()` returns when it answers; `stop()` drains what is under way."""

    def __init__(
        self,
        name: str,
        settings: ServiceSettings,
        clock: Clock,
        *,
        spine: Spine,
        migrations: Path,
        endpoints: Callable[[UnitOfWork], Sequence[Endpoint]],
        handlers: Mapping[str, Handler],
        sweeps: Callable[[UnitOfWork], Sequence[Sweep]] = lambda _work: (),
        prepare: Prepare | None = None,
        reads_first: Sequence[str] = (),
        watch: Watch | None = None,
    ) -> None:
        """`reads_first`: sweeps that judge by what others tell, so that they wait where news may not be read yet.

        `watch`: what this service has to say of its own health, beside what every one says.
        """
        self.name = name
        self.settings = settings
        self.engine = make_engine(settings.database_url, service=name, pool_max=settings.database_pool_max)
        self.work = UnitOfWork(
            make_sessions(self.engine),
            spine,
            EventRecord(spine, service=name, centre=settings.centre),
            service=name,
            centre=settings.centre,
            clock=clock,
        )
        forgetting = clear_answers_sweep(self.work, timedelta(days=settings.retention_days))
        self.sweeper = Sweeper([*sweeps(self.work), forgetting])
        self.leading = Leading(settings.database_url, service=name, is_able=lambda: self._client().is_connected)
        self._hold_back(reads_first)
        self.inboxes = {c.name: Inbox(c.name, self.work, handlers, prepare) for c in CONSUMERS if c.reader == name}
        self.broker: NatsBroker = make_broker(settings.nats_url, user=name)
        self.endpoints = by_name([*endpoints(self.work), *standard_endpoints(self.inboxes, self.health)])
        self._migrations = migrations
        self._watch_own = watch
        self._standing: asyncio.Task[None] | None = None
        self._relay: Relay | None = None
        self._relaying: asyncio.Task[None] | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._beginning: asyncio.Task[None] | None = None
        self._missing: list[str] = []
        self._log = get_log(name)

    async def start(self) -> None:
        await migrate(self.engine, schema=self.work.spine.schema, folder=self._migrations)
        await self.broker.connect()
        await self._wait_for_consumers()
        for endpoint in self.endpoints.values():
            self._subscribe_requests(endpoint)
        for consumer in CONSUMERS:
            if consumer.reader == self.name:
                self._subscribe_events(consumer)
        self._relay = Relay(
            self.settings.database_url, self._client(), schema=self.work.spine.schema, centre=self.settings.centre
        )
        self._relaying = asyncio.create_task(self._relay.run())
        self._standing = asyncio.create_task(self.leading.run())
        self._watcher = asyncio.create_task(self._watch())
        await self.broker.start()
        self._beginning = asyncio.create_task(self._sweep_when_caught_up())
        self._log.info("service started", service=self.name)

    async def stop(self) -> None:
        if self._beginning is not None:
            self._beginning.cancel()
        await self.sweeper.stop()
        await self.leading.stop()  # another copy may read at once
        try:
            await asyncio.wait_for(self.broker.stop(), STOP_MAX_S)
        except Exception as trouble:  # noqa: BLE001 - the broker may be away: what it held comes again after the ack wait
            self._log.info("broker not stopped politely", trouble=type(trouble).__name__)
        if self._relay is not None:
            await self._relay.stop()
        if self._watcher is not None:
            self._watcher.cancel()
        ending = {task for task in (self._standing, self._relaying) if task is not None}
        if ending:
            await asyncio.wait(ending, timeout=3)
        await self.engine.dispose()
        self._log.info("service stopped", service=self.name)

    async def health(self) -> tuple[bool, dict[str, str]]:
        """Healthy: database answers, broker connected, its consumers known to it, relay not behind."""
        event, unsent = self.work.spine.event, self.work.spine.unsent
        async with self.work.read() as session:
            waiting = await session.scalar(sa.select(sa.func.count()).select_from(unsent))
            dead = await DeadLetterStore(self.work.spine).count_open(session)
            first = sa.select(sa.func.min(unsent.c.position)).scalar_subquery()
            oldest = await session.scalar(sa.select(event.c.at).where(event.c.position == first))
        connected = self._client().is_connected
        behind = oldest is not None and self.work.clock.real_seconds(self.work.clock.now() - oldest) > BEHIND_S
        facts = {
            "broker": "connected" if connected else "away",
            "events_waiting": str(waiting),
            "dead_letters": str(dead),
            "missing_consumers": ", ".join(self._missing) or "none",
            "reading": self.leading.state,
        }
        own, more = (True, {}) if self._watch_own is None else await self._watch_own(self.work)
        reads = self.leading.state != "cannot"
        return connected and not self._missing and not behind and reads and own, {**facts, **more}

    def _hold_back(self, reads_first: Sequence[str]) -> None:
        reading = Reading(
            self._client,
            lambda: is_caught_up(self._client(), self.name, self.settings.centre),
            leads=lambda: self.leading.leads,
        )
        for sweep in self.sweeper.sweeps:
            if sweep.name in reads_first:
                sweep.hold = reading.is_behind

    def _client(self) -> Client:
        return self.broker.config.broker_config.connection_state.connection

    def _subscribe_requests(self, endpoint: Endpoint) -> None:
        subject = request_subject(self.settings.centre, self.name, endpoint.request.NAME)
        together = endpoint.prepare is not None
        carrying = Gathering(endpoint, self.work).carry_out if together else carry_out

        async def respond(message: NatsMessage) -> bytes:
            reply = await answer(endpoint, self.work, message.body, carrying)
            if issubclass(endpoint.request, Command):
                self.sweeper.nudge_after([endpoint.request.NAME])
            return reply

        subscriber = self.broker.subscriber(
            subject, queue=self.name, max_workers=GROUP_MAX if together else REQUESTS_AT_ONCE, decoder=_leave_as_is
        )
        subscriber(respond)

    def _subscribe_events(self, consumer: Consumer) -> None:
        inbox = self.inboxes[consumer.name]
        subscriber = self.broker.subscriber(
            consumer.subjects(self.settings.centre)[0],
            stream=JStream(Stream(consumer.source).name, declare=False),
            durable=consumer.durable(self.settings.centre),
            pull_sub=PullSub(batch_size=FETCH_MAX, batch=True, timeout=FETCH_TIMEOUT_S),
            ack_policy=AckPolicy.MANUAL,
            inbox_prefix=f"{inbox_prefix(self.name)}.".encode(),
            decoder=_leave_as_is,
            no_reply=True,
        )
        use_natural_batches(subscriber, self.leading)

        async def receive(message: NatsBatchMessage) -> None:
            self.sweeper.nudge_after(await inbox.receive(message.raw_message))

        subscriber(receive)

    async def _wait_for_consumers(self) -> None:
        """The streams are made by `provision`, which may run a moment after this service starts."""
        for _ in range(100):
            self._missing = await missing_consumers(self._client(), self.name, self.settings.centre)
            if not self._missing:
                return
            await asyncio.sleep(0.1)
        raise RuntimeError(f"{self.name}: the broker does not know {', '.join(self._missing)}; run `muster provision`")

    async def _sweep_when_caught_up(self) -> None:
        """What was done in time while this service was away must not be called overdue: first read, then sweep."""
        deadline = asyncio.get_running_loop().time() + CATCH_UP_MAX_S
        while asyncio.get_running_loop().time() < deadline:
            try:
                if await is_caught_up(self._client(), self.name, self.settings.centre):
                    break
            except (nats.errors.Error, TimeoutError) as trouble:
                self._log.info("broker not reached", trouble=type(trouble).__name__)
            await asyncio.sleep(0.1)
        self.sweeper.start()

    async def _watch(self) -> None:
        """A consumer that vanished from the broker is seen here: FastStream itself would poll on in silence."""
        while True:
            await asyncio.sleep(WATCH_S)
            try:
                self._missing = await missing_consumers(self._client(), self.name, self.settings.centre)
            except Exception as trouble:  # noqa: BLE001 - the broker is away: reconnecting is not our task
                self._log.debug("broker not reached", trouble=type(trouble).__name__)
                continue
            if self._missing:
                self._log.error("consumers missing on the broker", missing=self._missing)


async def _leave_as_is(message: object) -> object:
    """What a body is, `answer` and the inbox decide: the transport would stay silent about one it cannot read."""
    return message
