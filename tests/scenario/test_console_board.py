"""The board is what the events say: live, after a replay from nothing, and for each role only its own."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from deploy.embedded.running import ServerAddresses
from services.console.operations.rebuild_board import NotInOneGo, rebuild_board
from services.console.policy.sight import Sight
from services.console.queries.board import board_rows
from services.console.subscribers import HANDLERS
from shared.contracts.actors import OPERATOR
from shared.contracts.base import Done
from shared.contracts.console import ClearBoard
from shared.contracts.subjects import CONSOLE, event_subject
from shared.infra.messaging import ADMINISTRATOR, connect, read_again
from tests.scenario.one_centre import one_centre
from tests.support.centre import CentreUnderTest

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
async def centre(addresses: ServerAddresses, data_root: Path) -> AsyncIterator[CentreUnderTest]:
    async with one_centre(addresses, data_root, console=True) as centre:
        yield centre


async def rows(centre: CentreUnderTest) -> dict[str, Any]:
    found = await centre.fetch("select case_code, row, shown, version, announced from console.board_case")
    return {row["case_code"]: dict(row) for row in found}


FACTS = ("figure_case", "figure_promise", "figure_act")
PLACES = "select consumer, chain, sequence from console.inbox order by consumer, chain"
Rows = dict[str, Any]
Facts = dict[str, list[str]]


async def facts(centre: CentreUnderTest) -> dict[str, list[str]]:
    """Every row that is counted, as text."""
    return {
        table: sorted(row["row"] for row in await centre.fetch(f"select t::text as row from console.{table} as t"))
        for table in FACTS
    }


async def test_the_board_made_anew_is_the_board_seen_live(centre: CentreUnderTest) -> None:
    whole = (await centre.window_receives(level="II")).case_code
    order = await centre.open_order(whole)
    await centre.unit_signs_off(order)
    summons = await centre.director_summons(whole, "police", "traffic-police")
    await centre.commander_approves(summons)
    await centre.unit_acknowledges(summons, "police")
    await centre.unit_arrives(summons, "police")
    returned = (await centre.window_receives()).case_code
    await centre.unit_returns(await centre.open_order(returned))
    done = (await centre.window_receives()).case_code
    await centre.unit_signs_off(await centre.open_order(done))
    await centre.unit_reports_back(await centre.open_order(done))
    await centre.grid_verifies(done)
    await centre.window_follows_up(done)
    await centre.window_closes(done)
    await centre.time_passes(minutes=5)

    live, counted = await rows(centre), await facts(centre)
    assert all(counted.values())
    assert '"stage": "handle"' in live[whole]["row"]
    assert '"stage": "dispatch"' in live[returned]["row"]
    assert (live[whole]["shown"], live[done]["shown"]) == (True, False)
    assert all(row["announced"] == row["version"] for row in live.values()), "told to the screens"

    await centre.ask(ClearBoard(actor=OPERATOR, idempotency_key=uuid4().hex), Done)
    assert await rows(centre) == {}
    assert await facts(centre) == {table: [] for table in FACTS}
    admin = await connect(centre.addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
    await read_again(admin, CONSOLE, centre.name)
    await admin.close()
    await centre.settle()
    again = await rows(centre)
    assert {code: row["row"] for code, row in again.items()} == {code: row["row"] for code, row in live.items()}
    assert await facts(centre) == counted
    assert min(row["version"] for row in again.values()) > max(row["version"] for row in live.values())
    await rebuilt_in_one_go_it_is_the_same(centre, again, counted)


async def rebuilt_in_one_go_it_is_the_same(centre: CentreUnderTest, live: Rows, counted: Facts) -> None:
    """With one case held at a time, so that each is written and taken back again and again."""
    assert centre.stack.console is not None
    work, places = centre.stack.console.work, await centre.fetch(PLACES)
    admin = await connect(centre.addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
    try:
        for held_max in (1, 1_000):
            assert await rebuild_board(work, admin, HANDLERS, held_max=held_max) > 50
            rebuilt = await rows(centre)
            assert {code: row["row"] for code, row in rebuilt.items()} == {
                code: row["row"] for code, row in live.items()
            }
            assert await facts(centre) == counted
            assert await centre.fetch(PLACES) == places, "what comes next is the next"
        await centre.settle()
        assert all(row["announced"] == row["version"] for row in (await rows(centre)).values())
    finally:
        await admin.close()


async def test_the_database_and_the_stream_agree_on_who_sees_what(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives()).case_code
    order = await centre.open_order(code)
    console = centre.stack.console
    assert console is not None
    everything = (await board_rows(console.work, Sight(everything=True))).rows
    for sight in (
        Sight(everything=True),
        Sight(unit=order.unit),
        Sight(unit="court"),
        Sight(places=frozenset({"350521104"})),
        Sight(),
    ):
        seen = (await board_rows(console.work, sight)).rows
        assert {one.id for one in seen} == {one.id for one in everything if sight.sees(one.row)}
    assert code in {one.row.code for one in everything}


@pytest.mark.provokes_errors
async def test_a_rebuild_that_something_stands_in_the_way_of_changes_nothing(centre: CentreUnderTest) -> None:
    assert centre.stack.console is not None
    await centre.window_receives()
    await centre.settle()
    before = await rows(centre)
    admin = await connect(centre.addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
    try:
        unreadable = event_subject(centre.name, "intake.case.registered")
        await admin.jetstream().publish(unreadable, b"no envelope")
        with pytest.raises(NotInOneGo, match="cannot be read"):
            await rebuild_board(centre.stack.console.work, admin, HANDLERS)
        assert await rows(centre) == before
    finally:
        await admin.close()
