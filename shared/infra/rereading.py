"""Reads all there is for a reader once more, fast: large batches from a consumer that keeps no account of them."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from shared.contracts.base import Envelope
from shared.contracts.subjects import Consumer, Stream
from shared.errors import Unavailable

BATCH_MAX = 2_000
FORGOTTEN_AFTER_S = 300.0
BATCH_MAX_S = 30.0
BEGINNING = datetime.min.replace(tzinfo=UTC)


class Reread:
    """One stream from its beginning to where it ends when that is reached. `at`: the time of the last event read."""

    def __init__(self, client: Client, consumer: Consumer, name: str) -> None:
        self.consumer = consumer
        self.at = BEGINNING
        self.ended = False
        self._client = client
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{Stream(consumer.source).name}.{name}"
        self._inbox = client.new_inbox()
        self._came: list[Msg] = []
        self._wanted = 0
        self._there = asyncio.Event()

    async def begin(self, pending: int) -> None:
        self._pending = pending
        self.ended = pending == 0
        self._subscription = await self._client.subscribe(
            self._inbox, cb=self._take, pending_msgs_limit=-1, pending_bytes_limit=-1
        )
        await self._ask()

    async def end(self) -> None:
        await self._subscription.unsubscribe()

    async def batch(self) -> list[Envelope]:
        """The next events; none where there are no more. Raises ValidationError, and Unavailable where none come."""
        if self.ended:
            return []
        try:
            await asyncio.wait_for(self._there.wait(), BATCH_MAX_S)
        except TimeoutError as silence:
            raise Unavailable(f"the broker stopped telling what {self.consumer.source} recorded") from silence
        came, self._came = self._came, []
        self._pending = came[-1].metadata.num_pending
        self.ended = self._pending == 0
        await self._ask()
        told = [Envelope.model_validate_json(message.data) for message in came]
        self.at = told[-1].time
        return told

    async def _ask(self) -> None:
        """No more than there are: nothing is waited for."""
        self._wanted = min(BATCH_MAX, self._pending)
        self._there.clear()
        if self._wanted:
            body = json.dumps({"batch": self._wanted, "expires": int(BATCH_MAX_S * 1e9)}).encode()
            await self._client.publish(self._next, body, reply=self._inbox)

    async def _take(self, message: Msg) -> None:
        if message.headers and "Status" in message.headers:
            return  # nothing more within the time: whoever waits for the batch says so
        self._came.append(message)
        if len(self._came) >= self._wanted:
            self._there.set()


@asynccontextmanager
async def rereading(client: Client, consumer: Consumer, centre: str) -> AsyncGenerator[Reread]:
    jetstream = client.jetstream(timeout=10)
    stream = Stream(consumer.source).name
    configuration = ConsumerConfig(
        filter_subjects=consumer.subjects(centre),
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.NONE,
        inactive_threshold=FORGOTTEN_AFTER_S,
        mem_storage=True,
    )
    info: Any = await jetstream.add_consumer(stream, configuration)
    one = Reread(client, consumer, info.name)
    await one.begin(info.num_pending)
    try:
        yield one
    finally:
        await one.end()
        await jetstream.delete_consumer(stream, info.name)
