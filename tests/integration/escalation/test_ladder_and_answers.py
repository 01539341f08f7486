"""Who is rung, when, and how often: minute 0, the unit's own answers, notices that reach nobody, drills."""

import asyncio
import time
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.escalation.operations.sweep_clocks import sweep_clocks
from services.escalation.queries import list_clocks
from shared.contracts.actors import OPERATOR
from shared.contracts.dispatch import (
    SummonsEnded,
    SummonsUnitAcknowledged,
    SummonsUnitArrived,
    SummonsUnitCalled,
    SummonsUnitCannotCome,
    SummonsUnitNotified,
    SummonsUnitOnTheWay,
    SummonsUnitSubstituteSent,
)
from shared.contracts.escalation import ListClocks
from shared.contracts.notification import NoticeHandedOver, NoticeUnreached
from tests.integration.escalation.given import Bench
from tests.unit.escalation.given import UNIT, Story, at, quanzhou

pytestmark = pytest.mark.servers


async def notices(bench: Bench) -> list[dict[str, Any]]:
    return await bench.events("escalation.notice.issued")


def unreached(notice: dict[str, Any], *, minute: float = 0.1) -> NoticeUnreached:
    """As notification tells of one of our notices."""
    return NoticeUnreached(
        notice_id=notice["notice_id"],
        case_id=notice["case_id"],
        case_code=notice["case_code"],
        post=notice["post"],
        unit=notice["unit"],
        summons_id=notice["summons_id"],
        clock=notice["clock"],
        step=notice["step"],
        why="nobody_on_duty",
        unreached_at=at(minute),
    )


# -- minute 0 ----------------------------------------------------------------------------------------------------------


async def test_the_first_notice_is_issued_with_the_clock_and_no_sweep_issues_it_again(bench: Bench) -> None:
    story = Story()
    told = await bench.hears(story.tell(SummonsUnitCalled))
    (first,) = await notices(bench)
    assert (first["step"], first["post"], first["why"]) == (1, "liaison_officer", "ladder")
    await asyncio.gather(*(sweep_clocks(bench.work) for _ in range(3)))
    await bench.deliver("dispatch", told)
    assert len(await notices(bench)) == 1


async def test_fifty_units_at_once_are_all_told_well_within_a_second(bench: Bench) -> None:
    """From the events of an approval to every first notice on record; the number for the record is benchmarked."""
    await bench.hears(Story().tell(SummonsUnitCalled))  # packs parsed, statements compiled
    story = Story()
    units = [unit.code for unit in quanzhou().units]
    called = [f"{units[number % len(units)]}-{number}" for number in range(50)]
    envelopes = [bench.envelope(story.tell(SummonsUnitCalled, unit=unit)) for unit in called]
    began = time.perf_counter()
    await bench.deliver("dispatch", envelopes)
    took = time.perf_counter() - began
    told = [one for one in await notices(bench) if one["case_id"] == str(story.case_id)]
    assert {one["unit"] for one in told} == set(called)
    assert len(told) == 50
    assert took < 2.0, f"{took:.2f} s"


# -- the unit's answers ------------------------------------------------------------------------------------------------


async def test_on_the_way_acknowledges_and_is_left_alone_until_the_estimate(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.tell(SummonsUnitCalled), story.tell(SummonsUnitNotified, channel="app", notified_at=at(0)))
    await bench.hears(story.tell(SummonsUnitOnTheWay, expected_at=at(17), told_at=at(2)))
    await bench.sweep(at(14.9))
    assert [one["step"] for one in await notices(bench)] == [1]
    (clock,) = await bench.rows(story)
    assert (clock.acknowledged_at, clock.expected_at) == (at(2), at(17))
    await bench.sweep(at(17))
    rung = [one for one in await notices(bench) if one["why"] == "rung_again"]
    assert {one["post"] for one in rung} == {"liaison_officer", "unit_lead"}
    await bench.hears(story.tell(SummonsUnitArrived, arrived_at=at(18)))
    await bench.sweep(at(100))
    assert len([one for one in await notices(bench) if one["why"] == "rung_again"]) == len(rung)


async def test_an_acknowledged_unit_that_sits_is_rung_again_once_by_two_sweeps(bench: Bench) -> None:
    stories = [Story() for _ in range(40)]
    await bench.deliver("dispatch", [bench.envelope(story.tell(SummonsUnitCalled)) for story in stories])
    await bench.deliver(
        "dispatch", [bench.envelope(story.tell(SummonsUnitAcknowledged, acknowledged_at=at(1))) for story in stories]
    )
    bench.clock.move_to(at(12))
    await asyncio.gather(*(sweep_clocks(bench.work) for _ in range(2)))
    again = Counter((one["clock"], one["post"]) for one in await notices(bench) if one["why"] == "rung_again")
    assert len(again) == 80
    assert set(again.values()) == {1}


async def test_a_substitute_is_waited_for_like_the_unit(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.tell(SummonsUnitCalled))
    await bench.hears(story.tell(SummonsUnitSubstituteSent, substitute="deputy", expected_at=at(14.5), told_at=at(1)))
    await bench.sweep(at(14))
    assert [one["step"] for one in await notices(bench)] == [1]
    await bench.sweep(at(14.5))
    assert {one["why"] for one in await notices(bench)} == {"ladder", "rung_again"}


async def test_who_cannot_come_sends_the_ladder_on(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.tell(SummonsUnitCalled), story.tell(SummonsUnitCannotCome, told_at=at(1)))
    told = await notices(bench)
    assert [(one["step"], one["post"], one["why"]) for one in told] == [
        (1, "liaison_officer", "ladder"),
        (2, "liaison_officer", "cannot_come"),
        (2, "unit_lead", "cannot_come"),
    ]
    await bench.sweep(at(3))
    assert len(await notices(bench)) == 3
    assert await bench.states(story) == {f"arrival:{UNIT}": "armed"}


# -- a notice that reached nobody --------------------------------------------------------------------------------------


async def test_nobody_reached_climbs_the_next_rung_once_however_often_it_is_told(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.tell(SummonsUnitCalled))
    (first,) = await notices(bench)
    told = await bench.hears(unreached(first))
    await bench.deliver("notification", told)
    await bench.hears(unreached(first))  # another event about the same notice
    climbed = [one for one in await notices(bench) if one["why"] == "nobody_reached"]
    assert [(one["step"], one["post"]) for one in climbed] == [(2, "liaison_officer"), (2, "unit_lead")]
    await bench.sweep(at(3))
    assert len(await notices(bench)) == 3


async def test_nobody_reached_while_two_sweeps_run_is_climbed_by_one_of_them_only(bench: Bench) -> None:
    stories = [Story() for _ in range(30)]
    await bench.deliver("dispatch", [bench.envelope(story.tell(SummonsUnitCalled)) for story in stories])
    firsts = await notices(bench)
    bench.clock.move_to(at(3))
    words = [bench.envelope(unreached(one)) for one in firsts]
    await asyncio.gather(sweep_clocks(bench.work), bench.deliver("notification", words), sweep_clocks(bench.work))
    second = Counter((one["clock"], one["post"]) for one in await notices(bench) if one["step"] == 2)
    assert len(second) == 60
    assert set(second.values()) == {1}
    assert {one["step"] for one in await notices(bench)} <= {1, 2}


async def test_after_arrival_or_a_stand_down_nothing_is_climbed(bench: Bench) -> None:
    came, stood_down = Story(), Story()
    await bench.hears(came.tell(SummonsUnitCalled), stood_down.tell(SummonsUnitCalled))
    firsts = await notices(bench)
    await bench.hears(
        came.tell(SummonsUnitArrived, arrived_at=at(1)),
        stood_down.tell(SummonsEnded, outcome="stood_down", ended_at=at(1)),
    )
    await bench.hears(*(unreached(one) for one in firsts))
    assert len(await notices(bench)) == 2


async def test_notices_of_no_clock_and_those_handed_over_change_nothing(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.tell(SummonsUnitCalled))
    (first,) = await notices(bench)
    no_clock = unreached(first).model_copy(
        update={"notice_id": uuid4(), "case_id": None, "case_code": None, "clock": None, "step": None}
    )
    handed = NoticeHandedOver(
        **unreached(first).model_dump(exclude={"why", "unreached_at"}), channel="app", handed_over_at=at(0.1)
    )
    await bench.deliver("notification", [bench.envelope(no_clock), bench.envelope(handed)])
    assert len(await notices(bench)) == 1


# -- drills ------------------------------------------------------------------------------------------------------------


def a_drill() -> Story:
    summons: UUID = uuid4()
    return Story(case_id=summons, code="drill", summons=summons)


async def test_drills_run_like_the_real_thing_but_stay_out_of_sight(bench: Bench) -> None:
    drills, real = [a_drill(), a_drill()], Story()
    for drill in drills:
        await bench.hears(drill.tell(SummonsUnitCalled, drill=True, category=None))
    await bench.hears(real.tell(SummonsUnitCalled))
    await bench.sweep(at(25))
    told = [one for one in await notices(bench) if one["drill"]]
    assert {one["case_code"] for one in told} == {"drill"}
    assert {one["post"] for one in told} == {"liaison_officer", "unit_lead"}
    plain = await list_clocks(bench.work, ListClocks(actor=OPERATOR), now=at(25))
    assert (plain.total, [clock.drill for clock in plain.clocks]) == (1, [False])
    every = await list_clocks(bench.work, ListClocks(actor=OPERATOR, drills=True), now=at(25))
    assert (every.total, sum(clock.drill for clock in every.clocks)) == (3, 2)
    await bench.hears(drills[0].tell(SummonsEnded, drill=True, outcome="incomplete", ended_at=at(26)))
    assert await bench.states(drills[0]) == {f"arrival:{UNIT}": "cancelled: not_arrived"}


# -- a clock set back --------------------------------------------------------------------------------------------------


async def test_a_clock_set_back_an_hour_breaks_nothing_and_fires_nothing_twice(bench: Bench) -> None:
    early, late = Story(), Story()
    await bench.hears(early.tell(SummonsUnitCalled))
    await bench.sweep(at(20))
    before = await bench.events()
    for minute in (-40, -39, 0, 20):
        await bench.sweep(at(minute))
    assert await bench.events() == before
    bench.clock.move_to(at(-40))
    await bench.hears(
        late.tell(SummonsUnitCalled, called_at=at(-40)),
        late.tell(SummonsUnitOnTheWay, expected_at=at(-25), told_at=at(-39)),
        early.tell(SummonsUnitAcknowledged, acknowledged_at=at(-38)),
        early.tell(SummonsUnitArrived, arrived_at=at(-37)),
    )
    assert (await bench.states(early))[f"arrival:{UNIT}"] == "met"
    for minute in (-25, -20, 20, 60):
        await bench.sweep(at(minute))
    fired = Counter(one["clock"] for one in await bench.events("escalation.clock.overdue"))
    assert set(fired.values()) == {1}
    issued = Counter(one["notice_id"] for one in await notices(bench))
    assert set(issued.values()) == {1}
    await bench.balance()
