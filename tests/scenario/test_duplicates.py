"""并案: several requesters, one matter: worked on once, followed up with each; and no contact is left anywhere."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.embedded.running import ServerAddresses
from deploy.embedded.servers import EmbeddedServers
from shared.contracts.actors import OPERATOR
from shared.contracts.base import Done
from shared.contracts.common import ReadTimeline, Timeline
from shared.contracts.intake import (
    CaseReceipt,
    DissatisfactionCause,
    FindSimilarCases,
    JoinCase,
    JoinedTo,
    RegisterCase,
    Requester,
    Satisfaction,
    SimilarCases,
    Source,
    SplitCase,
)
from shared.contracts.subjects import SERVICES
from shared.errors import RemoteRefusal
from shared.story import Story
from tests.scenario.one_centre import one_centre, tables_with
from tests.scenario.test_requester_vault import files_with
from tests.support.centre import TOWN, WAGES, CentreUnderTest, key

pytestmark = pytest.mark.servers
PHONES = ("13859661001", "13859661002", "13859661003")


@pytest.fixture(scope="module")
async def centre(addresses: ServerAddresses, data_root: Path) -> AsyncIterator[CentreUnderTest]:
    async with one_centre(addresses, data_root) as centre:
        yield centre


async def receives(
    centre: CentreUnderTest, phone: str, *, offered: tuple[str, ...] = (), joins: str | None = None
) -> str:
    command = RegisterCase(
        actor=centre.clerk,
        idempotency_key=key(),
        source=Source.WINDOW,
        matter="工地停工，班组工资没有结清",
        category=WAGES,
        place=TOWN,
        requester=Requester(name="测试乙", phone=phone),
        accept_as=None if joins else "forward",  # type: ignore[arg-type]
        offered=offered,
        joins=joins,
    )
    receipt = await centre.ask(command, CaseReceipt)
    await centre.settle()
    return receipt.case_code


async def similar(centre: CentreUnderTest, contact: str | None = None) -> SimilarCases:
    command = FindSimilarCases(actor=centre.clerk, idempotency_key=key(), category=WAGES, place=TOWN, contact=contact)
    return await centre.ask(command, SimilarCases)


async def joins(centre: CentreUnderTest, code: str, leader: str) -> JoinedTo:
    command = JoinCase(actor=centre.clerk, idempotency_key=key(), case_code=code, leader=leader)
    joined = await centre.ask(command, JoinedTo)
    await centre.settle()
    return joined


async def splits(centre: CentreUnderTest, code: str) -> None:
    command = SplitCase(actor=centre.clerk, idempotency_key=key(), case_code=code, reason="另一个工地")
    await centre.ask(command, Done)
    await centre.settle()


async def solved(centre: CentreUnderTest, code: str) -> None:
    await centre.unit_reports_back(await centre.open_order(code))
    await centre.grid_verifies(code)


async def states(centre: CentreUnderTest, *codes: str) -> list[str]:
    return [(await centre.case(code)).state for code in codes]


async def told(centre: CentreUnderTest, code: str) -> str:
    story = Story(centre.pack)
    asked = [ReadTimeline(actor=OPERATOR, case_code=code)] * len(SERVICES)
    found = [await centre.asker.ask(one, Timeline, service=name) for one, name in zip(asked, SERVICES, strict=True)]
    assert all(one.chain_intact for one in found)
    return "\n".join(story.tell(entry) for one in found for entry in one.entries)


async def test_three_requesters_one_matter_one_of_them_dissatisfied(
    centre: CentreUnderTest, servers: EmbeddedServers, caplog: pytest.LogCaptureFixture
) -> None:
    first = await receives(centre, PHONES[0])
    [offer] = (await similar(centre, PHONES[0])).cases
    assert offer.case_code == first
    assert offer.unit == "labour-rights"
    assert "same_contact" in offer.reasons
    second = await receives(centre, PHONES[1], offered=(first,), joins=first)
    third = await receives(centre, PHONES[2], offered=(first,))
    assert len(await centre.orders(third)) == 1, "the offer was refused: a work order of its own"
    await joins(centre, third, second)
    assert (await centre.case(first)).joined == tuple(sorted((second, third)))
    assert await centre.orders(second) == {}
    assert await centre.orders(third) == {}, "not signed off yet: taken back"
    assert [one.stage for one in await centre.every_clock(third) if not one.ended_at] == []

    await centre.unit_signs_off(await centre.open_order(first))
    await solved(centre, first)
    assert await states(centre, first, second, third) == ["to_follow_up"] * 3
    assert [(await centre.clocks(code))["follow_up"].state for code in (first, second, third)] == ["armed"] * 3
    await centre.window_follows_up(second)
    await centre.window_follows_up(
        third, satisfaction=Satisfaction.DISSATISFIED, solved=False, cause=DissatisfactionCause.UNIT
    )
    assert await states(centre, first, second, third) == ["handling", "followed_up", "handling"]
    assert (await centre.open_order(first)).round == 2
    assert [one.stage for one in await centre.every_clock(third) if not one.ended_at] == []
    await solved(centre, first)
    for code in (first, third):
        await centre.window_follows_up(code)
    for code in (first, second, third):
        await centre.window_closes(code)
        assert all(one.ended_at for one in await centre.every_clock(code))
    assert (await centre.events(first)).count("dispatch.work_order.dispatched") == 1
    assert "并案：并入" in await told(centre, third)
    assert "intake.case" not in await told(centre, third), "every event has its words"

    assert await tables_with(centre, first) >= {"intake.event", "dispatch.work_order"}
    assert await centre.fetch("select 1 from intake.open_contact") == []
    await nowhere(centre, servers, caplog)


async def test_a_unit_at_work_keeps_its_case_and_a_split_case_is_routed_as_a_new_one(centre: CentreUnderTest) -> None:
    leader, case = await receives(centre, "13859661004"), await receives(centre, "13859661005")
    await centre.unit_signs_off(await centre.open_order(case))
    with pytest.raises(RemoteRefusal) as refused:
        await joins(centre, case, leader)
    assert refused.value.remote_code == "unit_is_at_work"

    joined = await receives(centre, "13859661006", joins=leader)
    await centre.time_passes(hours=1)
    await splits(centre, joined)
    order = await centre.open_order(joined)
    assert order.unit == "labour-rights"
    clocks = await centre.clocks(joined)
    assert (clocks["dispatch"].state, clocks["report_back"].state) == ("met", "armed")
    assert clocks["dispatch"].started_at == centre.clock.now()
    assert "拆案" in await told(centre, joined)
    await centre.unit_signs_off(order)
    await solved(centre, joined)
    await centre.window_follows_up(joined)
    await centre.window_closes(joined)
    assert (await states(centre, leader, joined)) == ["handling", "closed"]


async def nowhere(centre: CentreUnderTest, servers: EmbeddedServers, caplog: pytest.LogCaptureFixture) -> None:
    """No contact and no hash of one that needs no key, in any table, stream, log or file of either server."""
    algorithms = ("md5", "sha1", "sha256", "sha512")
    hashes = [hashlib.new(name, phone.encode()).hexdigest() for name in algorithms for phone in PHONES]
    found = await asyncio.to_thread(files_with, servers.data, *PHONES, *hashes)
    for each in (*PHONES, *hashes):
        assert await tables_with(centre, each) == set()
        assert found[each] == []
        assert each not in caplog.text
