"""The same chain without a domain: receipt -> routed -> clock armed, three bare services on the same servers.

A request becomes a row and an outbox row (many requests in one commit), a relay carries it to JetStream, one service
gives it a unit, another one a deadline; each remembers what it has seen. Nothing is decided, proved, sealed, hashed or
told: what is left is what this stack costs at the least. `python -m benchmarks.yardsticks.skeleton NAME ...` is one
process of it.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to libraries without types)

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import nats.js.api
import uuid_utils.compat as uuids
import uvloop
from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from faststream.nats.message import NatsBatchMessage
from pydantic import BaseModel, Field

from shared.infra.consuming import use_natural_batches

STREAM = "SKELETON"
SUBJECTS = {"receipt": "skeleton.receipt", "routed": "skeleton.routed"}
REQUEST = "ask.skeleton"
GROUP_MAX, FETCH_MAX, RELAY_MAX, AT_ONCE = 200, 200, 500, 64
SCHEMA = """
create schema if not exists skeleton;
create table if not exists skeleton.receipt
    (id uuid primary key, matter text, category text, at timestamptz default clock_timestamp());
create table if not exists skeleton.outbox (position bigint generated always as identity primary key, subject text,
    body text, published boolean not null default false);
create index if not exists outbox_open on skeleton.outbox (position) where not published;
create table if not exists skeleton.route (id uuid primary key, unit text);
create table if not exists skeleton.deadline
    (id uuid primary key, due_at timestamptz, armed_at timestamptz default clock_timestamp())"""
TAKE = """with taken as (insert into skeleton.receipt (id, matter, category)
    select * from unnest($1::uuid[], $2::text[], $3::text[]) returning id)
    insert into skeleton.outbox (subject, body)
    select $4, unnest($5::text[]) from (select count(*) from taken) as done"""
ROUTE = """with new as (insert into skeleton.route (id, unit) select * from unnest($1::uuid[], $2::text[])
    on conflict do nothing returning id) insert into skeleton.outbox (subject, body) select $3, id::text from new"""
ARM = (
    """insert into skeleton.deadline (id, due_at) select id, $2 from unnest($1::uuid[]) as id on conflict do nothing"""
)


class Receipt(BaseModel):
    matter: str = Field(min_length=1, max_length=20_000)
    category: str


class Intake:
    def __init__(self, pool: Any, wake: Callable[[], None]) -> None:
        self._pool, self._wake = pool, wake
        self._waiting: list[tuple[UUID, Receipt, asyncio.Future[None]]] = []
        self._busy = 0
        self._flushing: set[asyncio.Task[None]] = set()

    async def take(self, body: bytes) -> bytes:
        receipt, case_id = Receipt.model_validate_json(body), uuids.uuid7()
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((case_id, receipt, done))
        if self._busy < 2:
            self._busy += 1
            self._flushing.add(asyncio.create_task(self._flush()))
        await done
        return json.dumps({"id": str(case_id)}).encode()

    async def _flush(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:GROUP_MAX], self._waiting[GROUP_MAX:]
            ids = [case_id for case_id, _, _ in group]
            columns = [receipt.matter for _, receipt, _ in group], [receipt.category for _, receipt, _ in group]
            async with self._pool.acquire() as connection:
                await connection.execute(TAKE, ids, *columns, SUBJECTS["receipt"], [str(case_id) for case_id in ids])
            for _, _, done in group:
                done.set_result(None)
            self._wake()
        self._busy -= 1


async def relay(pool: Any, broker: NatsBroker, woken: asyncio.Event) -> None:
    jetstream = broker.config.broker_config.connection_state.connection.jetstream()
    while True:
        async with pool.acquire() as connection:
            rows = await connection.fetch(
                "select position, subject, body from skeleton.outbox where not published order by position limit $1",
                RELAY_MAX,
            )
            if rows:
                acks = [
                    await jetstream.publish_async(row["subject"], row["body"].encode(), wait_stall=5) for row in rows
                ]
                await asyncio.gather(*acks)
                places = [row["position"] for row in rows]
                await connection.execute("update skeleton.outbox set published = true where position = any($1)", places)
                continue
        woken.clear()
        try:
            await asyncio.wait_for(woken.wait(), 0.02)
        except TimeoutError:
            continue


async def leave_as_is(message: object) -> object:
    return message


def consume(broker: NatsBroker, subject: str, work: Callable[[Sequence[UUID]], Awaitable[None]]) -> None:
    subscriber = broker.subscriber(
        subject,
        stream=JStream(STREAM, declare=False),
        durable=subject.replace(".", "_"),
        pull_sub=PullSub(batch_size=FETCH_MAX, batch=True, timeout=1),
        ack_policy=AckPolicy.MANUAL,
        decoder=leave_as_is,
        no_reply=True,
    )
    use_natural_batches(subscriber)

    async def receive(message: NatsBatchMessage) -> None:
        await work([UUID(one.data.decode()) for one in message.raw_message])
        for one in message.raw_message:
            await one.ack()

    subscriber(receive)


async def main(database_url: str, nats_url: str, names: Sequence[str]) -> None:
    pool = await asyncpg.create_pool(database_url, min_size=2, max_size=4)
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("select pg_advisory_xact_lock(7999)")
        await connection.execute(SCHEMA)
    broker = NatsBroker(nats_url, logger=None)
    await broker.connect()
    jetstream = broker.config.broker_config.connection_state.connection.jetstream()
    await jetstream.add_stream(nats.js.api.StreamConfig(name=STREAM, subjects=["skeleton.>"]))
    woken = asyncio.Event()
    if "intake" in names:
        intake = Intake(pool, woken.set)

        async def respond(message: NatsMessage) -> bytes:
            return await intake.take(message.body)

        broker.subscriber(REQUEST, max_workers=AT_ONCE)(respond)
    if "dispatch" in names:

        async def route(ids: Sequence[UUID]) -> None:
            async with pool.acquire() as connection:
                await connection.execute(ROUTE, list(ids), ["unit"] * len(ids), SUBJECTS["routed"])
            woken.set()

        consume(broker, SUBJECTS["receipt"], route)
    if "escalation" in names:

        async def arm(ids: Sequence[UUID]) -> None:
            async with pool.acquire() as connection:
                await connection.execute(ARM, list(ids), datetime.now(UTC) + timedelta(days=5))

        consume(broker, SUBJECTS["routed"], arm)
    await broker.start()
    print("ready", flush=True)
    await (relay(pool, broker, woken) if "relay" in names else asyncio.Event().wait())


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
