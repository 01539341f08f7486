"""One copy of a service reads: the others stand by, and one of them takes over from whoever is gone or stands still."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import asyncpg
import pytest

from shared.infra import leading as leading_module
from shared.infra import lock_spaces
from shared.infra.consuming import consume_natural_batches
from shared.infra.leading import LEASE_S, TRY_S, Leading

pytestmark = pytest.mark.servers
SLACK_S = 2.0
END = """select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and classid = $1
    and database = (select oid from pg_database where datname = current_database())"""


@asynccontextmanager
async def copy_of(
    database_url: str, service: str = "dispatch", *, is_able: Callable[[], bool] = lambda: True
) -> AsyncGenerator[Leading]:
    leading = Leading(database_url, service=service, is_able=is_able)
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
    async with copy_of(database_url) as first, AsyncExitStack() as stack:
        await until(lambda: first.leads, SLACK_S)
        stands_by = await stack.enter_async_context(copy_of(database_url))
        other = await stack.enter_async_context(copy_of(database_url, "intake"))
        await until(lambda: other.leads, SLACK_S)
        await asyncio.sleep(2 * TRY_S)
        assert (first.state, stands_by.state) == ("leads", "stands by")
        await first.stop()
        await until(lambda: stands_by.leads, TRY_S + SLACK_S)
        assert not first.leads


async def test_who_lost_its_connection_leads_no_more_and_somebody_does_again(database_url: str) -> None:
    async with copy_of(database_url) as one, copy_of(database_url) as two:
        await until(lambda: one.leads or two.leads, SLACK_S)
        led = one if one.leads else two
        connection: Any = await asyncpg.connect(database_url)
        try:
            assert await connection.fetchval(END, lock_spaces.READING)
        finally:
            await connection.close()
        await until(lambda: not led.leads, leading_module.WORD_S + SLACK_S)
        await until(lambda: one.leads or two.leads, TRY_S + SLACK_S)


async def test_who_stands_still_is_taken_for_dead_and_notices(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands_still_s = LEASE_S * 2
    monkeypatch.setattr(leading_module, "WORD_S", stands_still_s)
    async with copy_of(database_url) as still:
        await until(lambda: still.leads, SLACK_S)
        async with copy_of(database_url) as other:
            await asyncio.sleep(LEASE_S / 2)
            assert not other.leads
            await until(lambda: other.leads, LEASE_S)
            await until(lambda: not still.leads, stands_still_s - LEASE_S + SLACK_S)


async def test_who_cannot_read_gives_the_lead_up_and_does_not_ask_for_it(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leading_module, "WORD_S", 0.1)
    connected = True
    async with copy_of(database_url, is_able=lambda: connected) as cut_off:
        await until(lambda: cut_off.leads, SLACK_S)
        connected = False
        async with copy_of(database_url) as other:
            await asyncio.sleep(LEASE_S / 2)
            assert cut_off.leads, "the broker may be back in a moment"
            await until(lambda: other.leads, LEASE_S)
            assert not cut_off.leads
            await other.stop()
            await asyncio.sleep(2 * TRY_S)
            assert not cut_off.leads
            connected = True
            await until(lambda: cut_off.leads, TRY_S + SLACK_S)


async def test_who_cannot_reach_the_database_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leading_module, "CANNOT_S", 0.2)
    async with copy_of("postgresql://nobody@127.0.0.1:1/nothing") as lost:
        assert lost.state == "stands by"
        await until(lambda: lost.state == "cannot", SLACK_S)


@pytest.mark.provokes_errors
async def test_a_bug_is_no_end(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connect, tried = asyncpg.connect, 0

    async def stumbles(*arguments: Any, **more: Any) -> Any:
        nonlocal tried
        tried += 1
        if tried == 1:
            raise AssertionError
        return await connect(*arguments, **more)

    monkeypatch.setattr(asyncpg, "connect", stumbles)
    async with copy_of(database_url) as leading:
        await until(lambda: leading.leads, TRY_S + SLACK_S)


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
