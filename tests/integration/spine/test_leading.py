"""One copy of a service reads: the others stand by, and one of them takes over from whoever is gone or stands still."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import asyncpg
import pytest

from shared.infra import leading as leading_module
from shared.infra.consuming import consume_natural_batches
from shared.infra.leading import LEASE_S, TRY_S, Leading

pytestmark = pytest.mark.servers
SLACK_S = 2.0
END = """select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and classid = $1
    and database = (select oid from pg_database where datname = current_database())"""


@asynccontextmanager
async def copy_of(database_url: str, service: str = "dispatch") -> AsyncGenerator[Leading]:
    leading = Leading(database_url, service=service)
    running = asyncio.create_task(leading.run())
    try:
        yield leading
    finally:
        await leading.stop()
        await running


async def until(true: Callable[[], bool], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


async def test_one_copy_leads_and_another_takes_over_when_it_stops(database_url: str) -> None:
    async with copy_of(database_url) as second_place, AsyncExitStack() as stack:
        await until(lambda: second_place.leads, SLACK_S)
        stands_by = await stack.enter_async_context(copy_of(database_url))
        other = await stack.enter_async_context(copy_of(database_url, "intake"))
        await until(lambda: other.leads, SLACK_S)
        await asyncio.sleep(2 * TRY_S)
        assert not stands_by.leads
        await second_place.stop()
        await until(lambda: stands_by.leads, TRY_S + SLACK_S)
        assert not second_place.leads


async def test_who_lost_its_connection_leads_no_more_and_somebody_does_again(database_url: str) -> None:
    async with copy_of(database_url) as one, copy_of(database_url) as two:
        await until(lambda: one.leads or two.leads, SLACK_S)
        led = one if one.leads else two
        connection: Any = await asyncpg.connect(database_url)
        try:
            assert await connection.fetchval(END, leading_module.LOCK_SPACE)
        finally:
            await connection.close()
        await until(lambda: not led.leads, leading_module.WORD_S + SLACK_S)
        await until(lambda: one.leads or two.leads, TRY_S + SLACK_S)


async def test_who_stands_still_is_taken_for_dead(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leading_module, "WORD_S", 60.0)
    async with copy_of(database_url) as still:
        await until(lambda: still.leads, SLACK_S)
        async with copy_of(database_url) as other:
            await asyncio.sleep(LEASE_S / 2)
            assert not other.leads
            await until(lambda: other.leads, LEASE_S)


@dataclass
class Subscriber:
    """Of FastStream's, what the loop asks for. Its broker has one message after the other."""

    running: bool = True
    batch_size: int = 10
    taken: list[Any] = field(default_factory=list[Any])

    @property
    def subscription(self) -> "Subscriber":
        return self

    @property
    def pull_sub(self) -> "Subscriber":
        return self

    @property
    def metadata(self) -> "Subscriber":
        return self

    num_pending = 0

    async def fetch(self, number: int, **_: float) -> list["Subscriber"]:
        await asyncio.sleep(0.01)
        return [self]

    async def consume(self, messages: list[Any]) -> None:
        self.taken += messages


async def test_nothing_is_taken_by_a_copy_that_stands_by(database_url: str) -> None:
    async with copy_of(database_url) as led:
        await until(lambda: led.leads, SLACK_S)
        async with copy_of(database_url) as stands_by:
            subscriber = Subscriber()
            reading = asyncio.create_task(consume_natural_batches(cast("Any", subscriber), stands_by))
            await asyncio.sleep(2 * TRY_S)
            assert subscriber.taken == []
            await led.stop()
            await until(lambda: bool(subscriber.taken), TRY_S + SLACK_S)
            subscriber.running = False
            await reading
