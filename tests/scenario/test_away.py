"""A broker or a database that is away, stopped or killed is a pause: told in plain words, and nothing is lost by it."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest

from deploy.embedded.running import ServerAddresses
from deploy.embedded.servers import EmbeddedServers
from shared.contracts.intake import CaseReceipt, RegisterCase
from shared.errors import Unavailable
from shared.infra.asking import Asker
from shared.infra.messaging import ASKER, connect
from tests.support.centre import TOWN, WAGES, CentreUnderTest, key

pytestmark = [pytest.mark.servers]
WINDOWS = 30
KILLED_AFTER = 8
PATIENCE_S = 60.0
INSIDES = ("asyncpg", "sqlalchemy", "nats.", "Error", "refused", "127.0.0.1")


@pytest.fixture
async def asker(addresses: ServerAddresses, centre: CentreUnderTest) -> AsyncIterator[Asker]:
    """A window that waits two seconds for an answer."""
    client = await connect(addresses.nats_urls[ASKER], user=ASKER)
    yield Asker(client, centre.name, timeout_s=2)
    await client.close()


@pytest.fixture(autouse=True)
async def servers_come_back(servers: EmbeddedServers, centre: CentreUnderTest) -> AsyncIterator[None]:
    """Whatever a test does to them: the next one, and the end of this one, finds them running."""
    yield
    await asyncio.to_thread(servers.restart_dead)


def registration(centre: CentreUnderTest) -> RegisterCase:
    return RegisterCase.model_validate(
        {
            "actor": centre.clerk,
            "idempotency_key": key(),
            "source": "window",
            "matter": "工地停工两个月，班组工资没有结清",
            "category": WAGES,
            "place": TOWN,
            "accept_as": "forward",
        }
    )


async def kill(servers: EmbeddedServers, *victims: str) -> None:
    """As a power failure would: no goodbye. Returns when they are dead."""
    for victim in victims:
        server = getattr(servers, victim)
        os.kill(server.pid, signal.SIGKILL)
        while server.alive():
            await asyncio.sleep(0.01)


async def told_away(asker: Asker, command: RegisterCase) -> str:
    with pytest.raises(Unavailable) as away:
        await asker.ask(command, CaseReceipt)
    assert not [inside for inside in INSIDES if inside in away.value.message]
    return away.value.message


async def everything_is_there(centre: CentreUnderTest, codes: set[str]) -> None:
    """Each code a window was given is a case, routed once, with its clocks; and there are no others."""
    await centre.stack.settle()
    found = await centre.fetch(
        "select case_code, (select count(*) from dispatch.event e where e.subject = case_code"
        " and e.type = 'dispatch.case.routed') as routed, (select count(*) from escalation.clock k"
        " where k.case_code = c.case_code and stage in ('accept', 'dispatch')) as clocks from intake.\"case\" c"
    )
    assert {case["case_code"] for case in found} == codes
    assert {(case["routed"], case["clocks"]) for case in found} == {(1, 2)}
    for code in codes:
        assert (await centre.case(code)).state == "handling"
    letters = await centre.fetch(
        "select from intake.dead_letter union all select from dispatch.dead_letter"
        " union all select from escalation.dead_letter"
    )
    assert letters == []


async def test_a_broker_that_is_away(servers: EmbeddedServers, centre: CentreUnderTest, asker: Asker) -> None:
    assert servers.nats is not None
    await asyncio.to_thread(servers.nats.stop)
    command = registration(centre)
    assert "repeating it is safe" in await told_away(asker, command)

    await asyncio.to_thread(servers.restart_dead)
    receipt = await asker.ask_patiently(command, CaseReceipt, patience_s=PATIENCE_S)
    assert await asker.ask(command, CaseReceipt) == receipt
    await everything_is_there(centre, {receipt.case_code})


async def test_a_database_that_is_away(servers: EmbeddedServers, centre: CentreUnderTest, asker: Asker) -> None:
    before = await asker.ask(registration(centre), CaseReceipt)
    await kill(servers, "postgres")
    command = registration(centre)
    assert "the database is away; nothing was lost" in await told_away(asker, command)

    await asyncio.to_thread(servers.restart_dead)
    receipt = await asker.ask_patiently(command, CaseReceipt, patience_s=PATIENCE_S)
    assert await asker.ask(command, CaseReceipt) == receipt
    await everything_is_there(centre, {before.case_code, receipt.case_code})


@pytest.mark.parametrize("victims", [("nats",), ("postgres",), ("postgres", "nats")], ids=" and ".join)
async def test_killed_while_thirty_windows_register(
    servers: EmbeddedServers, centre: CentreUnderTest, asker: Asker, victims: tuple[str, ...]
) -> None:
    answered: list[str] = []
    enough = asyncio.Event()

    async def window(number: int) -> None:
        await asyncio.sleep(number * 0.02)
        receipt = await asker.ask_patiently(registration(centre), CaseReceipt, patience_s=PATIENCE_S)
        answered.append(receipt.case_code)
        if len(answered) == KILLED_AFTER:
            enough.set()

    async with asyncio.TaskGroup() as windows:
        for number in range(WINDOWS):
            windows.create_task(window(number))
        await enough.wait()
        await kill(servers, *victims)
        assert len(answered) < WINDOWS, "in the middle"
        assert await asyncio.to_thread(servers.restart_dead)

    assert len(set(answered)) == WINDOWS
    await everything_is_there(centre, set(answered))
