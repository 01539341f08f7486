"""Thousands of real messages, as citizens wrote them: every one is a case, with somebody who has it, by a time.

The messages lie beside the checkout where they may be used; nothing of what they say is written anywhere.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from nats.aio.client import Client

from deploy.embedded.running import ServerAddresses
from deploy.importer.columns import guess_mapping
from deploy.importer.reading import Rows, read_rows
from deploy.importer.taking import take_rows
from deploy.packs import apply_pack
from shared.centre.load import load_pack
from shared.clock import WallClock
from shared.contracts.intake import Source
from shared.contracts.subjects import STREAMS, event_subject
from shared.infra.messaging import ADMINISTRATOR, connect
from tests.scenario.one_centre import one_centre
from tests.support.centre import CentreUnderTest

MESSAGES = Path(__file__).parents[2].parent / "shared" / "data" / "messages.csv"
PACK = Path(__file__).parents[1] / "packs" / "lettered-places"
COUNT = 5_839

pytestmark = [
    pytest.mark.servers,
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.skipif(not MESSAGES.exists(), reason="the real messages are not here"),
]


@pytest.fixture(scope="module")
async def centre(addresses: ServerAddresses, data_root: Path) -> AsyncIterator[CentreUnderTest]:
    """After all messages were taken and everything that follows was done."""
    async with one_centre(addresses, data_root, WallClock()) as centre:
        centre.pack = load_pack(PACK)
        await apply_pack(centre.asker, centre.pack)
        report = await take(centre, await asyncio.to_thread(read_rows, MESSAGES))
        assert report == (COUNT, COUNT, 0, 0)
        await centre.stack.settle(timeout_s=200)
        yield centre


async def take(centre: CentreUnderTest, rows: Rows) -> tuple[int, int, int, int]:
    report = await take_rows(
        centre.asker,
        rows,
        guess_mapping(rows.columns, {}),
        centre.pack,
        source=Source.PLATFORM_PUSH,
        owner="desk.general",
        window=None,
        on_row=lambda: None,
    )
    return report.rows, report.registered, report.known, report.refused


async def count(centre: CentreUnderTest, query: str) -> int:
    [row] = await centre.fetch(query)
    return int(row[0])


async def test_each_is_one_case_with_its_code_and_its_first_receiver(centre: CentreUnderTest) -> None:
    [row] = await centre.fetch(
        "select count(*), count(distinct external_reference), count(distinct case_code), count(distinct owner),"
        " count(*) filter (where state = 'handling' and accepted_at is not null) from intake.\"case\""
    )
    assert tuple(row) == (COUNT, COUNT, COUNT, 1, COUNT)
    assert await count(centre, "select count(*) from intake.requester_vault where matter like 'v1.%'") == COUNT


async def test_each_is_with_one_unit_or_in_triage_with_a_reason(centre: CentreUnderTest) -> None:
    routed = await centre.fetch(
        "select count(*) as events, min(e.envelope->'data'->>'by') as by, min(c.state) as state,"
        " min(c.reason) as reason,"
        " (select count(*) from dispatch.work_order w where w.case_id = c.case_id) as orders"
        " from dispatch.routed_case c join dispatch.event e on e.subject = c.case_code"
        " where e.type = 'dispatch.case.routed' group by c.case_id"
    )
    assert len(routed) == COUNT
    assert {case["events"] for case in routed} == {1}
    assert all(case["reason"].strip() for case in routed)
    found = {(case["by"] == "triage", case["state"], case["orders"]) for case in routed}
    assert found == {(True, "triage", 0), (False, "dispatched", 1)}, "both are there, and nothing in between"


async def test_each_has_the_clocks_of_where_it_stands(centre: CentreUnderTest) -> None:
    """受理 and 分派 for every case; 签收 and 反馈 for every one that was sent to a unit."""
    [row] = await centre.fetch(
        "select count(distinct case_id) filter (where stage = 'accept'),"
        " count(distinct case_id) filter (where stage = 'dispatch'),"
        " count(*) filter (where stage = 'accept' and state <> 'met'),"
        " count(*) filter (where stage = 'dispatch' and state = 'met'),"
        " count(*) filter (where stage = 'sign_off'), count(*) filter (where stage = 'report_back')"
        " from escalation.clock"
    )
    sent = await count(centre, "select count(*) from dispatch.work_order")
    assert tuple(row) == (COUNT, COUNT, 0, sent, sent, sent)


async def test_nothing_is_lost_on_the_way(centre: CentreUnderTest, addresses: ServerAddresses) -> None:
    client = await connect(addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
    try:
        for stream in STREAMS:
            schema = stream.service
            assert await count(centre, f"select count(*) from {schema}.dead_letter") == 0
            assert await count(centre, f"select count(*) from {schema}.unsent") == 0
            recorded = await count(centre, f"select count(*) from {schema}.event")
            assert recorded > 0
            assert await in_stream(client, stream.name, event_subject(centre.name, f"{schema}.>")) == recorded
    finally:
        await client.close()


async def in_stream(client: Client, stream: str, subject: str) -> int:
    info = await client.jetstream().stream_info(stream, subjects_filter=subject)
    return sum((info.state.subjects or {}).values())


async def test_all_of_them_again_are_known(centre: CentreUnderTest) -> None:
    rows = await asyncio.to_thread(read_rows, MESSAGES)
    some = Rows(rows.columns, rows.rows[::20], rows.broken, rows.encoding)
    assert await take(centre, some) == (len(some.rows), 0, len(some.rows), 0)
