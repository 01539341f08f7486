"""What is committed reaches the stream: in order, once, and also after the broker was away."""

import asyncio
import json
import os
import shutil
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import nats.errors
import pytest
import sqlalchemy as sa

from deploy.embedded.running import ServerAddresses
from deploy.embedded.servers import EmbeddedServers
from shared.contracts.intake import RequesterErased
from shared.infra import relay as relay_module
from shared.infra.messaging import ADMINISTRATOR, connect, provision
from shared.infra.relay import Relay
from shared.infra.unit_of_work import UnitOfWork
from tests.support.spine import intake_work

pytestmark = pytest.mark.servers
END_RELAYS = sa.text("""select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'muster-intake-relay'""")


async def record(work: UnitOfWork, case: UUID, count: int = 1) -> None:
    async with work.begin() as tx:
        event = RequesterErased(case_id=case, case_code="26-0000001-4", erased_at=datetime.now(UTC))
        tx.record(*[event] * count)


async def unpublished(work: UnitOfWork) -> int:
    async with work.read() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(work.spine.unsent)) or 0


async def until_published(work: UnitOfWork) -> None:
    async with asyncio.timeout(20):
        while await unpublished(work):
            await asyncio.sleep(0.02)


async def in_stream(addresses: ServerAddresses, centre: str) -> list[dict[str, Any]]:
    client = await connect(addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
    try:
        subscription = await client.jetstream().subscribe(f"muster.{centre}.intake.>", ordered_consumer=True)
        told = await subscription.consumer_info()
        there = (told.num_pending or 0) + (told.delivered.consumer_seq if told.delivered else 0)
        return [json.loads((await subscription.next_msg(timeout=10)).data) for _ in range(there)]
    finally:
        await client.close()


@asynccontextmanager
async def relaying(database_url: str, addresses: ServerAddresses, centre: str) -> AsyncGenerator[Relay]:
    client = await connect(addresses.nats_urls["intake"], user="intake")
    relay = Relay(database_url, client, schema="intake", centre=centre)
    running = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        await relay.stop()
        await running
        await client.close()


@pytest.fixture
async def centre(addresses: ServerAddresses) -> str:
    name = f"r{uuid4().hex[:8]}"
    client = await connect(addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
    await provision(client, name)
    await provision(client, name)  # doing it again changes nothing
    await client.close()
    return name


async def test_events_reach_the_stream_in_the_order_of_their_case(
    database_url: str, addresses: ServerAddresses, centre: str
) -> None:
    cases = [uuid4() for _ in range(5)]
    async with intake_work(database_url) as work, relaying(database_url, addresses, centre):
        await asyncio.gather(*(record(work, case, 3) for case in cases for _ in range(4)))
        await until_published(work)
    events = await in_stream(addresses, centre)
    assert len(events) == 60
    for case in cases:
        assert [one["sequence"] for one in events if one["chain"] == str(case)] == list(range(1, 13))


async def test_a_commit_wakes_the_relay_at_once(
    database_url: str, addresses: ServerAddresses, centre: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By itself it would look long after this test has given up."""
    monkeypatch.setattr(relay_module, "POLL_S", 120.0)
    async with intake_work(database_url) as work, relaying(database_url, addresses, centre) as relay:
        while not relay.leading:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        await record(work, uuid4())
        await until_published(work)


async def test_a_resend_after_a_lost_mark_is_stored_once(
    database_url: str, addresses: ServerAddresses, centre: str
) -> None:
    async with intake_work(database_url) as work:
        async with relaying(database_url, addresses, centre):
            await record(work, uuid4(), 4)
            await until_published(work)
        async with work.begin() as tx:
            every = sa.select(work.spine.event.c.position)
            await tx.session.execute(sa.insert(work.spine.unsent).from_select(["position"], every))
            tx.record(RequesterErased(case_id=uuid4(), case_code="26-0000001-4", erased_at=datetime.now(UTC)))
        async with relaying(database_url, addresses, centre):
            await until_published(work)
    events = await in_stream(addresses, centre)
    assert len(events) == 5
    assert len({one["id"] for one in events}) == 5


async def test_a_broker_that_was_away_gets_everything(
    database_url: str, addresses: ServerAddresses, servers: EmbeddedServers, centre: str
) -> None:
    case = uuid4()
    async with intake_work(database_url) as work, relaying(database_url, addresses, centre):
        await record(work, case)
        await until_published(work)
        assert servers.nats is not None
        await asyncio.to_thread(servers.nats.stop)
        await record(work, case, 3)
        await asyncio.sleep(0.3)
        assert await unpublished(work) == 3
        await asyncio.to_thread(servers.restart_dead)
        await until_published(work)
    assert [one["sequence"] for one in await in_stream(addresses, centre)] == [1, 2, 3, 4]


async def test_a_broker_killed_over_what_it_was_sent_is_not_waited_for(
    database_url: str,
    addresses: ServerAddresses,
    servers: EmbeddedServers,
    centre: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No answer comes over a connection that is gone: the relay goes on as soon as the broker is back."""
    monkeypatch.setattr(relay_module, "ACK_TIMEOUT_S", 120.0)  # who waits for one waits longer than this test
    async with intake_work(database_url) as work, relaying(database_url, addresses, centre):
        await record(work, uuid4())
        await until_published(work)
        assert servers.nats is not None
        assert servers.nats.pid is not None
        os.kill(servers.nats.pid, signal.SIGSTOP)
        await record(work, uuid4(), 3)
        await asyncio.sleep(0.3)
        os.kill(servers.nats.pid, signal.SIGKILL)
        await asyncio.sleep(0.1)
        await asyncio.to_thread(servers.restart_dead)
        await until_published(work)
    assert len(await in_stream(addresses, centre)) == 4


async def test_a_stream_that_lost_events_gets_all_of_them_again_before_anything_new(
    database_url: str, addresses: ServerAddresses, servers: EmbeddedServers, centre: str
) -> None:
    case = uuid4()
    async with intake_work(database_url) as work, relaying(database_url, addresses, centre):
        await record(work, case, 3)
        await until_published(work)
        assert servers.nats is not None
        await asyncio.to_thread(servers.nats.stop)
        shutil.rmtree(servers.nats.data_dir / "jetstream")
        await record(work, case)
        await asyncio.to_thread(servers.restart_dead)
        await provision_again(addresses, centre)
        await until_published(work)
        # 3 + 1 were marked again, so everything was sent: the new one after the old ones.
        assert [one["sequence"] for one in await in_stream(addresses, centre)] == [1, 2, 3, 4]


async def test_a_new_leader_sends_again_what_the_stream_has_not(
    database_url: str, addresses: ServerAddresses, centre: str
) -> None:
    """The broker lost its end while nobody looked: marks without messages."""
    async with intake_work(database_url) as work:
        await record(work, uuid4(), 2)
        async with work.begin() as tx:
            await tx.session.execute(sa.delete(work.spine.unsent))
        async with relaying(database_url, addresses, centre):
            async with asyncio.timeout(10):
                while len(await in_stream(addresses, centre)) < 2:
                    await asyncio.sleep(0.05)


async def provision_again(addresses: ServerAddresses, centre: str) -> None:
    client = await connect(addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
    await provision(client, centre)
    await client.close()


@pytest.fixture
def short_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "LEASE_S", 3.0)
    monkeypatch.setattr(relay_module, "POLL_S", 0.2)


async def until_leading(relay: Relay) -> None:
    async with asyncio.timeout(10):
        while not relay.leading:
            await asyncio.sleep(0.01)


async def test_of_two_relays_one_leads(database_url: str, addresses: ServerAddresses, centre: str) -> None:
    async with intake_work(database_url) as work, relaying(database_url, addresses, centre) as first:
        while not first.leading:
            await asyncio.sleep(0.01)
        async with relaying(database_url, addresses, centre) as second:
            await record(work, uuid4(), 3)
            await until_published(work)
            assert not second.leading
            await first.stop()
            async with asyncio.timeout(10):
                while not second.leading:
                    await asyncio.sleep(0.02)
            await record(work, uuid4(), 2)
            await until_published(work)
    assert len(await in_stream(addresses, centre)) == 5


async def test_a_relay_that_stands_still_is_taken_for_dead_and_sends_nothing_when_it_wakes(
    database_url: str, addresses: ServerAddresses, centre: str, short_lease: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what it wanted to send in its hands: the stream may have forgotten by then that it has it already."""
    async with intake_work(database_url) as work, relaying(database_url, addresses, centre) as first:
        await until_leading(first)
        publish, woke = first._publish, asyncio.Event()

        async def stand_still(*arguments: Any) -> int:
            await asyncio.sleep(4 * relay_module.LEASE_S)
            before = first._client.stats["out_msgs"]
            sent = await publish(*arguments)
            assert (sent, first._client.stats["out_msgs"]) == (0, before)
            woke.set()
            return sent

        monkeypatch.setattr(first, "_publish", stand_still)
        await record(work, uuid4(), 3)
        async with relaying(database_url, addresses, centre) as second:
            await until_published(work)
            await until_leading(second)
            assert not woke.is_set()
            async with asyncio.timeout(5 * relay_module.LEASE_S):
                await woke.wait()
    assert len(await in_stream(addresses, centre)) == 3


async def test_what_the_broker_has_is_not_sent_again_when_the_database_comes_back(
    database_url: str, addresses: ServerAddresses, centre: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it was away: longer than the stream remembers, and the event would stand there twice.

    Who led is the one that knows; that it comes back a little later than who stood by is no matter.
    """
    monkeypatch.setattr(relay_module, "POLL_S", 0.1)
    monkeypatch.setattr(relay_module, "GIVES_WAY_S", 5.0)
    async with intake_work(database_url) as work, relaying(database_url, addresses, centre) as first:
        await until_leading(first)
        publish, pause, sent = first._publish, first._pause, list[int]()

        async def late(seconds: float) -> None:
            await pause(seconds + 0.5)

        async def away_afterwards(rows: Any, until_s: float) -> int:
            count = await publish(rows, until_s)
            sent.extend(row["position"] for row in rows)
            if len(sent) == 3:
                async with work.begin() as tx:
                    await tx.session.execute(END_RELAYS)
            return count

        first._publish, first._pause = away_afterwards, late
        async with relaying(database_url, addresses, centre) as second:
            await record(work, uuid4(), 3)
            await until_published(work)  # marked before it leads again
            await until_leading(first)
            assert not second.leading, "who led before comes first"
            await record(work, uuid4())
            await until_published(work)
    assert len(sent) == len(set(sent)) == 4
    assert len(await in_stream(addresses, centre)) == 4


async def test_a_relay_that_has_lost_the_broker_lets_another_lead(
    database_url: str, addresses: ServerAddresses, centre: str, short_lease: None
) -> None:
    async with intake_work(database_url) as work, relaying(database_url, addresses, centre) as first:
        await until_leading(first)
        async with relaying(database_url, addresses, centre) as second:
            await first._client.close()
            await record(work, uuid4(), 3)
            await until_published(work)
            await until_leading(second)
            assert not first.leading
            await asyncio.sleep(2 * relay_module.LEASE_S)
            await until_leading(second)
            assert not first.leading
    assert len(await in_stream(addresses, centre)) == 3


async def test_a_service_can_publish_only_its_own_events(addresses: ServerAddresses, centre: str) -> None:
    client = await connect(addresses.nats_urls["intake"], user="intake")
    try:
        await client.jetstream().publish(f"muster.{centre}.intake.case.registered", b"{}")
        jetstream = client.jetstream(timeout=1)
        with pytest.raises(nats.errors.TimeoutError):
            await jetstream.publish(f"muster.{centre}.dispatch.case.routed", b"{}")
        with pytest.raises(nats.errors.TimeoutError):
            await client.request(f"muster.{centre}.request.intake.read_case", b"{}", timeout=0.5)
    finally:
        await client.close()
