"""The bare servers: PostgreSQL taking as many rows in as many commits, JetStream taking as many events with their acks,
FastStream answering as many requests."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to libraries without types)

import asyncio
import time
from typing import Any

import asyncpg
import nats
from faststream.nats import NatsBroker
from nats.js.api import StorageType, StreamConfig

CONNECTIONS = 4
IN_FLIGHT = 256
AT_ONCE = 64


async def rows_and_commits(database_url: str, *, rows: int, commits: int, size: int) -> float:
    """Seconds for `rows` rows of `size` bytes in `commits` transactions, over four connections."""
    pool = await asyncpg.create_pool(database_url, min_size=CONNECTIONS, max_size=CONNECTIONS)
    each = max(1, round(rows / commits))
    body = "x" * size
    async with pool.acquire() as connection:
        await connection.execute("drop table if exists yardstick")
        await connection.execute(
            "create table yardstick (id bigint generated always as identity primary key, body text)"
        )
    left = iter(range(commits))

    async def writer() -> None:
        async with pool.acquire() as connection:
            insert = await connection.prepare("insert into yardstick (body) select unnest($1::text[])")
            for _ in left:
                await insert.fetch([body] * each)

    began = time.monotonic()
    await asyncio.gather(*(writer() for _ in range(CONNECTIONS)))
    took = time.monotonic() - began
    async with pool.acquire() as connection:
        await connection.execute("drop table yardstick")
    await pool.close()
    return took


async def published_with_acks(nats_url: str, *, events: int, size: int) -> float:
    """Seconds for `events` messages of `size` bytes, each acknowledged, at most 256 under way."""
    client = await nats.connect(nats_url)
    jetstream = client.jetstream()
    await jetstream.add_stream(StreamConfig(name="YARDSTICK", subjects=["yardstick.>"], storage=StorageType.FILE))
    body, places = b"x" * size, asyncio.Semaphore(IN_FLIGHT)

    async def publish() -> None:
        async with places:
            await jetstream.publish("yardstick.event", body)

    began = time.monotonic()
    await asyncio.gather(*(publish() for _ in range(events)))
    took = time.monotonic() - began
    await jetstream.delete_stream("YARDSTICK")
    await client.close()
    return took


async def echoed(nats_url: str, *, requests: int, size: int) -> float:
    """Seconds for `requests` requests answered by a bare FastStream subscriber, 64 at once."""
    broker = NatsBroker(nats_url, logger=None)

    @broker.subscriber("yardstick.echo", max_workers=AT_ONCE)
    async def _echo(body: bytes) -> bytes:
        return body

    await broker.start()
    client = await nats.connect(nats_url)
    body, left = b"x" * size, iter(range(requests))

    async def asker() -> None:
        for _ in left:
            await client.request("yardstick.echo", body, timeout=10)

    began = time.monotonic()
    await asyncio.gather(*(asker() for _ in range(AT_ONCE)))
    took = time.monotonic() - began
    await client.close()
    await broker.stop()
    return took


def per_second(count: int, seconds: float) -> float:
    return round(count / seconds, 1)


def ratio(figure: float, yardstick: float) -> Any:
    return None if yardstick == 0 else round(figure / yardstick, 3)
