"""Carries recorded events to JetStream: in order, at least once; what is acknowledged waits no more.

One relay per service leads at a time (an advisory lock); the others stand by, and one of them takes over from who is
gone, stands still or has lost the broker. A commit wakes it at once; a steady poll is the safety net. The broker may
lose everything: what waits is sent, and where the stream has come back with fewer events than it had acknowledged, all
of them, before anything new, so that chains stand in order there too.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import asyncio
import json
import time
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import asyncpg
import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.js import JetStreamContext

from shared.contracts.subjects import Stream, event_subject
from shared.infra import lock_spaces
from shared.infra.database import lease
from shared.infra.logs import get_log

BATCH_MAX = 500
AGAIN_RANGE = 5_000
ACK_TIMEOUT_S = 5.0
POLL_S = 1.0
RETRY_S = 0.3
GIVES_WAY_S = 1.0
LOOK_S = 0.05
LEASE_S = 15.0
"""Whoever leads and says nothing to the database for so long, or is without the broker, leads no more.

Longer than a batch that the broker refuses or never answers takes: twice the time of an acknowledgement.
"""
T = TypeVar("T")

TROUBLES = (
    nats.errors.Error,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that is cut in the middle of an answer
    OSError,
    TimeoutError,
)


class Relay:
    def __init__(self, database_url: str, client: Client, *, schema: str, centre: str) -> None:
        self._database_url = database_url
        self._client = client
        self._schema = schema
        self._centre = centre
        self._wake = asyncio.Event()
        self._compared_at: int | None = None
        self._acknowledged: tuple[int | None, list[int]] = None, []
        self._stood_by = False
        self._stopping = asyncio.Event()
        self._log = get_log("relay")
        self.leading = False

    def _woken(self, *_: object) -> None:
        self._wake.set()

    async def stop(self) -> None:
        self._stopping.set()
        self._wake.set()

    async def run(self) -> None:
        """Runs until stopped; every trouble is logged and tried again."""
        while not self._stopping.is_set():
            try:
                await self._lead()
            except TROUBLES as trouble:
                self._log.warning("relay interrupted", service=self._schema, trouble=type(trouble).__name__)
                await self._pause(RETRY_S)
            except Exception as bug:  # noqa: BLE001 - a relay that died would be silence for ever
                self._log.exception("relay failed", service=self._schema, trouble=type(bug).__name__)
                await self._pause(POLL_S)
            finally:
                self.leading = False

    async def _lead(self) -> None:
        settings = lease("relay", service=self._schema, seconds=LEASE_S)
        connection: Any = await asyncpg.connect(
            self._database_url, timeout=5, command_timeout=30, server_settings=settings
        )
        try:
            await self._mark(connection)
            await connection.add_listener(f"muster_{self._schema}_event", self._woken)
            if self._stood_by:  # the database was away: whoever led then comes first, as it knows what it has sent
                await self._pause(GIVES_WAY_S)
            while not await self._takes_the_lead(connection):
                self._stood_by = True
                await self._pause(POLL_S)
                if self._stopping.is_set():
                    return
            await self._send(connection)
        finally:
            with suppress(*TROUBLES):
                await connection.close(timeout=2)

    async def _takes_the_lead(self, connection: Any) -> bool:
        """Asks in any case: whoever asks is alive."""
        ask = "select case when $3 then pg_try_advisory_lock($1, hashtext($2)) else false end"
        return await connection.fetchval(ask, lock_spaces.RELAY, self._schema, self._client.is_connected)

    async def _send(self, connection: Any) -> None:
        self.leading, self._stood_by = True, False
        self._compared_at = None
        connected_s = time.monotonic()
        while not self._stopping.is_set() and time.monotonic() - connected_s < LEASE_S:
            self._wake.clear()
            await self._send_again_what_was_lost(connection)
            if await self._send_batch(connection) < BATCH_MAX:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), POLL_S)
            if self._client.is_connected:
                connected_s = time.monotonic()

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _send_again_what_was_lost(self, connection: Any) -> None:
        """Looks when it begins to lead, and after each return of the broker: only then can it have lost anything.

        A stream that has fewer of this centre's events than were sent gets every one again; what it still has, and
        what consumers have applied, is recognised there. Raises where the stream is not there (yet).
        """
        reconnects = self._client.stats["reconnects"]
        if self._compared_at == reconnects:
            return
        # The rows first: what is acknowledged between the two looks is then one more in the stream, not one too few.
        sent = await connection.fetchval(
            f"select (select count(*) from {self._schema}.event) - (select count(*) from {self._schema}.unsent)"  # noqa: S608 - own schema name
        )
        kept = await self._kept_by_the_stream() if sent else 0
        if kept < sent:
            self._log.warning("the broker lost events; all are sent again", service=self._schema, kept=kept, of=sent)
            await self._send_all_again(connection)
        self._compared_at = reconnects

    async def _kept_by_the_stream(self) -> int:
        every = event_subject(self._centre, f"{self._schema}.>")
        stream = await self._client.jetstream(timeout=ACK_TIMEOUT_S).stream_info(Stream(self._schema).name, every)
        return sum((stream.state.subjects or {}).values())

    async def _send_all_again(self, connection: Any) -> None:
        last = await connection.fetchval(f"select max(position) from {self._schema}.event") or 0  # noqa: S608
        # A transaction each, from the newest on: what a broker loses is its end, so that must not be forgotten.
        for upto in range(last, 0, -AGAIN_RANGE):
            await connection.execute(
                f"insert into {self._schema}.unsent select position from {self._schema}.event"  # noqa: S608
                " where position > $1 and position <= $2 on conflict do nothing",
                upto - AGAIN_RANGE,
                upto,
            )

    async def _send_batch(self, connection: Any) -> int:
        until_s = time.monotonic() + LEASE_S / 2  # later another may lead, and have sent them too long ago to be known
        rows = await connection.fetch(
            # An array, not a join: planned while there are few events, a join would read all of them ever after.
            f"select position, event_id, type, envelope::text from {self._schema}.event where position = any(array("  # noqa: S608
            f" select position from {self._schema}.unsent order by position limit $1)) order by position",
            BATCH_MAX,
        )
        if not rows or not self._client.is_connected:
            return 0  # a client that is not connected would keep them, and send them before anybody could compare
        sent = await self._publish(rows, until_s)
        if self._client.stats["reconnects"] != self._compared_at:
            raise nats.errors.ConnectionReconnectingError  # what was acknowledged may be gone: compare first
        self._acknowledged = self._compared_at, [row["position"] for row in rows[:sent]]
        await self._mark(connection)
        if sent < len(rows):
            raise TimeoutError("the broker did not acknowledge every event")
        return sent

    async def _mark(self, connection: Any) -> None:
        """What the broker has waits no more; nor does it where the database went away before it could hear of that.

        Sent again after longer than the stream remembers, it would stand there twice. Where the broker was away as
        well, it may have lost it: then it is sent again.
        """
        reconnects, positions = self._acknowledged
        if positions and self._client.is_connected and reconnects == self._client.stats["reconnects"]:
            mark = f"delete from {self._schema}.unsent where position = any($1::bigint[])"  # noqa: S608
            await connection.execute(mark, positions)
        self._acknowledged = None, []

    async def _publish(self, rows: Sequence[Any], until_s: float) -> int:
        """How many of the rows, from the first on, are acknowledged."""
        jetstream = self._client.jetstream(timeout=ACK_TIMEOUT_S)
        if len(rows) > 1 and time.monotonic() < until_s:
            with suppress(nats.js.errors.APIError):
                # One commit on the broker's disk for the whole batch. A duplicate in it (a resend after a lost
                # acknowledgement) makes the server refuse the batch: then they go one by one.
                await self._publish_atomically(rows)
                return len(rows)
        return await self._publish_singly(jetstream, rows, until_s)

    async def _publish_atomically(self, rows: Sequence[Any]) -> None:
        batch = f"{rows[0]['event_id']}-{rows[-1]['event_id']}"[:64]
        for number, row in enumerate(rows, start=1):
            headers = {**self._headers(row), "Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(number)}
            if number < len(rows):
                await self._client.publish(self._subject(row), row["envelope"].encode(), headers=headers)
                continue
            headers["Nats-Batch-Commit"] = "1"
            reply = await self._answer(
                self._client.request(
                    self._subject(row), row["envelope"].encode(), headers=headers, timeout=ACK_TIMEOUT_S
                )
            )
            answer = json.loads(reply.data)
            if "error" in answer:
                raise nats.js.errors.APIError.from_error(answer["error"])

    async def _publish_singly(self, jetstream: JetStreamContext, rows: Sequence[Any], until_s: float) -> int:
        for sent, row in enumerate(rows):
            if time.monotonic() >= until_s:
                return sent
            try:
                await self._answer(
                    jetstream.publish(self._subject(row), row["envelope"].encode(), headers=self._headers(row))
                )
            except (nats.errors.Error, TimeoutError) as trouble:
                event_id, why = str(row["event_id"]), str(trouble)
                self._log.warning("event not acknowledged", event_id=event_id, trouble=type(trouble).__name__, why=why)
                return sent
        return len(rows)

    async def _answer(self, answer: Awaitable[T]) -> T:
        """Raises ConnectionReconnectingError where the connection breaks meanwhile.

        The library would wait for an answer that cannot come any more, and with it all that is to be published.
        """
        asked, reconnects = asyncio.ensure_future(answer), self._client.stats["reconnects"]
        try:
            while not (await asyncio.wait({asked}, timeout=LOOK_S))[0]:
                if not self._client.is_connected or self._client.stats["reconnects"] != reconnects:
                    raise nats.errors.ConnectionReconnectingError
            return await asked
        finally:
            asked.cancel()

    def _subject(self, row: Any) -> str:
        return event_subject(self._centre, row["type"])

    @staticmethod
    def _headers(row: Any) -> dict[str, str]:
        return {"Nats-Msg-Id": str(row["event_id"])}
