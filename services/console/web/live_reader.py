"""Reads the live stream into the hub: one ordered consumer per process, begun anew where anything may be missing."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import asyncio
import hashlib
from contextlib import suppress
from typing import Any

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from services.console.policy.board import LiveRow
from services.console.web.live import Hub
from shared.contracts.subjects import LIVE_STREAM, live_subject
from shared.infra.logs import get_log
from shared.infra.messaging import inbox_prefix

FETCH_MAX = 256
FETCH_S = 1.0
MORE_S = 0.05
RETRY_S = 0.5
STOP_MAX_S = 5.0
FORGOTTEN_AFTER_S = 60.0
TROUBLES = (nats.errors.Error, nats.js.errors.Error, TimeoutError, OSError)


class MissedSomething(Exception):
    """The consumer's own count has a gap: a message was lost on its way."""


class LiveReader:
    def __init__(self, client: Client, centre: str, hub: Hub) -> None:
        self._client = client
        self._centre = centre
        self._hub = hub
        self._epoch = ""
        self._over = False
        self._log = get_log("live")

    async def stop(self, running: "asyncio.Task[None]") -> None:
        """Ends `run`. A cancellation alone may be lost: Python 3.11 drops one that meets a message just coming in."""
        self._over = True
        running.cancel()
        await asyncio.wait({running}, timeout=STOP_MAX_S)

    async def run(self) -> None:
        """Until stopped."""
        while not self._over:
            try:
                await self._read()
            except TROUBLES as trouble:
                self._log.info("live stream interrupted", trouble=type(trouble).__name__)
            except MissedSomething as gap:
                self._epoch = ""
                self._log.warning("live stream has a gap", where=str(gap))
            await asyncio.sleep(RETRY_S)

    async def _read(self) -> None:
        subscription = await self._begin()
        try:
            expected = 1
            while not self._over:
                for message in await self._next(subscription):
                    place = message.metadata.sequence
                    if place.consumer != expected:
                        raise MissedSomething(f"expected {expected}, got {place.consumer}")
                    expected += 1
                    self._hub.add(place.stream, LiveRow.model_validate_json(message.data))
        finally:
            with suppress(*TROUBLES):
                await subscription.unsubscribe()

    async def _begin(self) -> Any:
        """Goes on after the last number known; where the stream is another one or begins later, all over again."""
        jetstream = self._client.jetstream(timeout=5)
        info = await jetstream.stream_info(LIVE_STREAM)
        epoch = self._epoch_of(info)
        first, last = int(info.state.first_seq), int(info.state.last_seq)
        if epoch != self._epoch or not first - 1 <= self._hub.last <= last:
            self._hub.begin(epoch, max(first - 1, 0))
            self._epoch = epoch
        config = ConsumerConfig(
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=self._hub.last + 1,
            ack_policy=AckPolicy.NONE,
            inactive_threshold=FORGOTTEN_AFTER_S,
            mem_storage=True,
        )
        return await jetstream.pull_subscribe(
            live_subject(self._centre),
            stream=LIVE_STREAM,
            config=config,
            inbox_prefix=f"{inbox_prefix('console')}.".encode(),
        )

    def _epoch_of(self, info: Any) -> str:
        """Changes with the stream and with the server that keeps it in memory."""
        client: Any = self._client
        mark = f"{info.created}/{client._server_info.get('server_id')}"
        return hashlib.sha256(mark.encode()).hexdigest()[:8]

    async def _next(self, subscription: Any) -> list[Any]:
        try:
            messages: list[Any] = list(await subscription.fetch(1, timeout=FETCH_S))
        except TimeoutError:
            return []
        more = min(messages[-1].metadata.num_pending, FETCH_MAX)
        if more:
            with suppress(TimeoutError):
                messages += await subscription.fetch(more, timeout=MORE_S)
        return messages
