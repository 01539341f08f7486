"""The sweep: exactly once in effect, whatever happens beside it."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from services.escalation.jobs import sweeps
from services.escalation.model import Clock
from services.escalation.operations import sweep_clocks as sweeping
from services.escalation.operations.sweep_clocks import LOCKED_AGAIN, sweep_clocks
from shared.contracts.dispatch import (
    SummonsEnded,
    SummonsUnitAcknowledged,
    SummonsUnitArrived,
    SummonsUnitCalled,
    SummonsUnitNotArrived,
)
from tests.integration.escalation.given import Bench
from tests.unit.escalation.given import UNIT, Story, at

pytestmark = pytest.mark.servers


async def called(bench: Bench, cases: int) -> list[Story]:
    """A summons of one unit in each of so many cases, all due at the same instant."""
    stories = [Story() for _ in range(cases)]
    envelopes = [bench.envelope(story.tell(SummonsUnitCalled)) for story in stories]
    for first in range(0, cases, 100):
        await bench.deliver("dispatch", envelopes[first : first + 100])
    return stories


async def test_two_at_once_fire_each_clock_once(bench: Bench) -> None:
    await called(bench, 500)
    await bench.sweep(at(1))
    bench.clock.move_to(at(20))
    await asyncio.gather(*(sweep_clocks(bench.work) for _ in range(2)))
    fired = Counter(one["clock"] for one in await bench.events("escalation.clock.overdue"))
    assert len(fired) == 500
    assert set(fired.values()) == {1}
    notices = Counter(
        (one["clock"], one["step"], one["post"]) for one in await bench.events("escalation.notice.issued")
    )
    assert set(notices.values()) == {1}
    assert len(notices) == 500 * 6
    assert {clock.state for clock in await bench.rows()} == {"overdue"}
    await bench.balance()


async def test_small_claims_share_the_work(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "CLAIM_MAX", 7)
    await called(bench, 60)
    bench.clock.move_to(at(61))
    await asyncio.gather(*(sweep_clocks(bench.work) for _ in range(4)))
    assert len(await bench.events("escalation.clock.overdue")) == 60
    assert len(await bench.events("escalation.arrival.given_up")) == 60
    await bench.balance()


async def test_it_tells_when_the_next_step_is(bench: Bench) -> None:
    assert await bench.sweep() is None
    (story,) = await called(bench, 1)
    for now, next_at in [(0, 3), (3, 10), (10, 15), (15, 16), (16, 20), (20, 60)]:
        assert await bench.sweep(at(now)) == at(next_at)
    assert await bench.sweep(at(60)) is None
    assert (await bench.states(story)) == {f"arrival:{UNIT}": "overdue"}


async def test_a_summons_with_one_unit_silent(bench: Bench) -> None:
    story = Story()
    units = ("labour-rights", "market", "police")
    await bench.hears(*(story.tell(SummonsUnitCalled, unit=unit) for unit in units))
    await bench.sweep(at(0))
    acknowledged = [story.tell(SummonsUnitAcknowledged, unit=unit, acknowledged_at=at(1)) for unit in units[:2]]
    await bench.hears(*acknowledged)
    await bench.sweep(at(3))
    chased = [one["owes"] for one in await bench.events("escalation.notice.issued") if one["step"] == 2]
    assert chased == ["police", "police"]
    await bench.hears(story.tell(SummonsUnitArrived, unit="labour-rights", arrived_at=at(12)))
    await bench.sweep(at(20))
    await bench.hears(story.tell(SummonsUnitArrived, unit="market", arrived_at=at(22)))
    await bench.sweep(at(60))
    (given_up,) = await bench.events("escalation.arrival.given_up")
    assert (given_up["unit"], given_up["summons_id"]) == ("police", str(story.summons))
    await bench.hears(
        story.tell(SummonsUnitNotArrived, unit="police", ended_at=at(60)),
        story.tell(SummonsEnded, outcome="incomplete", ended_at=at(60)),
    )
    assert await bench.states(story) == {
        "arrival:labour-rights": "met",
        "arrival:market": "met_late",
        "arrival:police": "cancelled: not_arrived",
    }
    fired = {clock.owes: clock.fired_at for clock in await bench.rows(story)}
    assert fired == {"labour-rights": None, "market": at(20), "police": at(20)}
    await bench.balance()


async def test_stood_down(bench: Bench) -> None:
    story = Story()
    await bench.hears(*(story.tell(SummonsUnitCalled, unit=unit) for unit in ("market", "police")))
    await bench.hears(story.tell(SummonsUnitArrived, unit="market", arrived_at=at(5)))
    await bench.hears(story.tell(SummonsEnded, outcome="stood_down", ended_at=at(6)))
    assert await bench.states(story) == {"arrival:market": "met", "arrival:police": "cancelled: stood_down"}
    assert await bench.sweep(at(100)) is None
    assert await bench.events("escalation.clock.overdue") == []
    await bench.balance()


async def test_a_clock_under_somebody_s_hand_is_left_and_looked_at_again(bench: Bench) -> None:
    (story,) = await called(bench, 1)
    bench.clock.move_to(at(20))
    key = f"arrival:{story.summons}:{UNIT}"
    async with bench.work.begin() as tx:
        await tx.lock(Clock, key)
        assert await sweep_clocks(bench.work) == at(20) + LOCKED_AGAIN
        assert await bench.events("escalation.clock.overdue") == []
    await sweep_clocks(bench.work)
    assert len(await bench.events("escalation.clock.overdue")) == 1


async def test_arriving_while_the_sweep_runs(bench: Bench) -> None:
    """Whoever comes second sees what the first did: never both in time and fired later, never fired twice."""
    stories = await called(bench, 40)
    bench.clock.move_to(at(25))
    arrivals = [bench.envelope(story.tell(SummonsUnitArrived, arrived_at=at(24))) for story in stories]
    await asyncio.gather(sweep_clocks(bench.work), bench.deliver("dispatch", arrivals), sweep_clocks(bench.work))
    assert {clock.state for clock in await bench.rows()} == {"met_late"}
    fired = Counter(one["clock"] for one in await bench.events("escalation.clock.overdue"))
    assert len(fired) == 40
    assert set(fired.values()) == {1}
    await bench.balance()


async def test_what_is_not_committed_did_not_happen_and_is_not_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await called(bench, 5)
    bench.clock.move_to(at(20))

    async def fails(*_: Any) -> None:
        raise ConnectionError("the disk is gone")

    with monkeypatch.context() as broken:
        broken.setattr(bench.work.event_record, "append", fails)
        with pytest.raises(ConnectionError):
            await sweep_clocks(bench.work)
    assert await bench.events("escalation.clock.overdue") == []
    assert {clock.state for clock in await bench.rows()} == {"armed"}
    await sweep_clocks(bench.work)
    assert len(await bench.events("escalation.clock.overdue")) == 5


async def test_notices_have_a_chain_of_their_own_and_say_all_that_a_message_needs(bench: Bench) -> None:
    (story,) = await called(bench, 1)
    await bench.sweep(at(3))
    event = bench.work.spine.event
    query = sa.select(event.c.chain).where(event.c.type == "escalation.notice.issued").distinct()
    async with bench.work.read() as session:
        assert (await session.scalars(query)).all() == [f"{story.case_id}:notices"]
    notices = await bench.events("escalation.notice.issued")
    assert [(one["post"], one["unit"], one["step"]) for one in notices] == [
        ("liaison_officer", UNIT, 1),
        ("liaison_officer", UNIT, 2),
        ("unit_lead", UNIT, 2),
    ]
    assert len({one["notice_id"] for one in notices}) == 3
    for one in notices:
        assert (one["summons_id"], one["work_order_id"], one["drill"]) == (str(story.summons), None, False)
        assert datetime.fromisoformat(one["due_at"]) == at(20)


async def test_after_an_outage_all_is_caught_up(bench: Bench) -> None:
    await called(bench, 30)
    await bench.sweep(at(0) + timedelta(hours=5))
    assert len(await bench.events("escalation.clock.overdue")) == 30
    assert await bench.events("escalation.clock.warned") == []
    assert len(await bench.events("escalation.notice.issued")) == 30 * 6
    assert await bench.sweep() is None


async def test_warnings_of_office_time_clocks(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.registered())
    await bench.sweep(at(8))
    await bench.sweep(at(12))
    assert [one["percent"] for one in await bench.events("escalation.clock.warned")] == [50, 80]
    await bench.sweep(at(15))
    (overdue,) = await bench.events("escalation.clock.overdue")
    assert (overdue["stage"], overdue["case_code"]) == ("accept", story.code)


async def test_the_sweep_looks_after_each_batch_of_events_and_does_what_is_due(bench: Bench) -> None:
    """What comes due by an event does not wait for the next safety interval."""
    (sweep,) = (one for one in sweeps(bench.work) if one.name == "escalation-clocks")
    assert sweep.heeds(["dispatch.summons.unit_called"])
    await called(bench, 1)
    bench.clock.move_to(at(3))
    await sweep.tick()
    assert {one["step"] for one in await bench.events("escalation.notice.issued")} == {1, 2}
