"""Both streams at once, about the same cases: nothing is lost, nothing is armed twice, nobody waits for ever."""

import asyncio
import random

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from services.escalation.operations.case_clocks import open_cases_of
from shared.contracts.base import Envelope
from shared.contracts.intake import CaseClosed
from tests.integration.escalation.given import Bench
from tests.unit.escalation.given import Story, at

pytestmark = pytest.mark.servers


async def test_both_streams_in_batches_at_once(bench: Bench) -> None:
    stories = [Story() for _ in range(60)]
    intake = [bench.envelope(one) for story in stories for one in (story.registered(), story.accepted())]
    dispatch = [
        bench.envelope(one)
        for story in stories
        for one in (story.dispatched(), story.signed_off(), story.reported_back())
    ]
    await asyncio.gather(bench.deliver("intake", intake), bench.deliver("dispatch", dispatch))
    for story in stories:
        assert await bench.states(story) == {
            "accept": "met", "dispatch:0": "met", "sign_off": "met", "report_back:1": "met", "verify": "armed",
            "contact": "met", "return": "cancelled: reported_back",
        }  # fmt: skip
    await bench.balance()


async def test_batches_with_the_cases_in_opposite_order_do_not_deadlock(bench: Bench, engine: AsyncEngine) -> None:
    for _ in range(5):
        stories = [Story() for _ in range(20)]
        intake = [bench.envelope(story.registered()) for story in stories]
        dispatch = [bench.envelope(story.dispatched()) for story in reversed(stories)]
        await asyncio.gather(bench.deliver("intake", intake), bench.deliver("dispatch", dispatch))
    assert len(await bench.rows()) == 5 * 20 * 6
    await bench.balance()
    await engine.dispose()  # a connection reports what it counted when it ends
    query = sa.text("select deadlocks from pg_stat_database where datname = current_database()")
    async with engine.connect() as connection:
        assert await connection.scalar(query) == 0


async def test_a_batch_nobody_prepared_is_applied_all_the_same(bench: Bench) -> None:
    prepared, alone = Story(), Story()
    for story, prepare in ((prepared, open_cases_of), (alone, None)):
        bench.listen(prepare)
        await bench.deliver("dispatch", [bench.envelope(one) for one in (story.dispatched(), story.signed_off())])
        await bench.deliver("intake", [bench.envelope(one) for one in (story.registered(), story.accepted())])
    assert await bench.states(prepared) == await bench.states(alone)
    assert len(await bench.rows(alone)) == 6
    await bench.balance()


async def test_closing_and_a_late_word_at_the_same_time_leave_nothing_open(bench: Bench) -> None:
    stories = [Story() for _ in range(25)]
    await bench.deliver("intake", [bench.envelope(story.registered()) for story in stories])

    async def closes(story: Story, envelope: Envelope) -> None:
        await asyncio.sleep(random.random() / 50)
        await bench.deliver("intake", [envelope])

    await asyncio.gather(
        *(closes(story, bench.envelope(story.tell(CaseClosed, outcome="solved"))) for story in stories),
        *(bench.deliver("dispatch", [bench.envelope(story.dispatched())]) for story in stories),
    )
    assert [clock.key for clock in await bench.rows() if clock.open] == []
    assert await bench.sweep(at(1_000_000)) is None
    await bench.balance()
