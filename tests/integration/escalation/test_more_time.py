"""延期与挂账: a promise is cancelled on record and another one armed; never edited."""

import pytest

from shared.contracts.dispatch import (
    DeferralAsked,
    DeferralRefused,
    ExtensionApproved,
    SuspensionApproved,
    SuspensionEnded,
    WorkOrderReopened,
)
from shared.contracts.intake import CaseClosed, CaseCorrected
from tests.integration.escalation.given import Bench
from tests.unit.escalation.given import Story, at

pytestmark = pytest.mark.servers
DAY = 24 * 60.0
PLAIN = {"kind": "extension", "first_receiver": "clerk.1", "due_at": at(8 * DAY)}


def deferral(story: Story, **given: object) -> dict[str, object]:
    return {"deferral_id": story.summons, **PLAIN, **given}


def extended(story: Story, **given: object) -> ExtensionApproved:
    plain = deferral(story, extended_to=at(12 * DAY), provisional=False, days=4, number=1, approved_at=at(DAY))
    return story.tell(ExtensionApproved, **{**plain, **given})


def suspended(story: Story, **given: object) -> SuspensionApproved:
    plain = deferral(story, kind="suspension", until=at(30 * DAY), suspended_at=at(DAY))
    return story.tell(SuspensionApproved, **{**plain, **given})


def resumed(story: Story, **given: object) -> SuspensionEnded:
    plain = deferral(story, kind="suspension", due_at=at(35 * DAY), provisional=True, number=1, resumed_at=at(30 * DAY))
    return story.tell(SuspensionEnded, **{**plain, **given})


async def overdue(bench: Bench, stage: str) -> list[str]:
    return [one["clock"] for one in await bench.events("escalation.clock.overdue") if one["stage"] == stage]


async def at_work(bench: Bench) -> Story:
    story = Story()
    await bench.hears(story.registered(), story.accepted(), story.dispatched(), story.signed_off())
    return story


async def test_an_extension_arms_a_later_promise_beside_the_one_that_stood(bench: Bench) -> None:
    story = await at_work(bench)
    asked = story.tell(DeferralAsked, **deferral(story, asked_at=at(DAY)))
    refused = story.tell(DeferralRefused, **deferral(story, refused_at=at(DAY)))
    await bench.hears(asked, refused)
    states = await bench.states(story)
    assert (states["report_back:1"], states["deferral"]) == ("armed", "met")
    told = await bench.hears(extended(story))
    await bench.deliver("dispatch", told)
    states = await bench.states(story)
    assert (states["report_back:1"], states["report_back:1:x1"]) == ("cancelled: extended", "armed")
    first, second = [clock for clock in await bench.rows(story) if clock.stage == "report_back"]
    assert (second.due_at, second.started_at, second.owes) == (at(12 * DAY), at(DAY), first.owes)
    assert second.limit_source.startswith(first.limit_source)
    assert "延期" in second.limit_source
    assert (first.replaces, second.replaces, second.moved_days) == (None, first.key, 4)
    await bench.sweep(at(11 * DAY))
    assert await overdue(bench, "report_back") == []
    await bench.sweep(at(12 * DAY))
    assert await overdue(bench, "report_back") == [f"report_back:{story.order}:1:x1"]
    await bench.balance()


async def test_reported_in_the_extended_time_is_in_time(bench: Bench) -> None:
    story = await at_work(bench)
    await bench.hears(extended(story), story.reported_back(reported_back_at=at(10 * DAY)))
    assert (await bench.states(story))["report_back:1:x1"] == "met"
    await bench.balance()


async def test_a_suspension_stops_the_clock_and_its_end_arms_what_was_left(bench: Bench) -> None:
    story = await at_work(bench)
    await bench.hears(suspended(story))
    assert (await bench.states(story))["report_back:1"] == "cancelled: suspended"
    await bench.sweep(at(29 * DAY))
    assert await overdue(bench, "report_back") == []
    bench.clock.move_to(at(30 * DAY))
    await bench.hears(resumed(story))
    (clock,) = [one for one in await bench.rows(story) if one.open and one.stage == "report_back"]
    assert clock.replaces == f"report_back:{story.order}:1"
    assert (clock.key, clock.due_at, clock.provisional) == (f"report_back:{story.order}:1:x1", at(35 * DAY), True)
    assert "挂账" in clock.limit_source
    await bench.balance()


async def test_reporting_back_while_suspended_needs_no_clock(bench: Bench) -> None:
    story = await at_work(bench)
    await bench.hears(suspended(story), story.reported_back(reported_back_at=at(2 * DAY)))
    states = await bench.states(story)
    assert (states["report_back:1"], states["verify"]) == ("cancelled: suspended", "armed")
    await bench.balance()


async def test_a_reopened_round_is_extended_in_its_own_half_time(bench: Bench) -> None:
    story = await at_work(bench)
    again = story.tell(WorkOrderReopened, cause="not_verified", round=2, reopened_at=at(DAY))
    await bench.hears(story.reported_back(), again, extended(story, round=2))
    by_key = {clock.key: clock for clock in await bench.rows(story)}
    anew = by_key[f"report_back:{story.order}:2:x1"]
    assert anew.limit_text == "3 working_day"
    assert anew.limit_source.count("; ") == 2
    await bench.balance()


async def test_more_time_that_is_told_after_the_end_leaves_nothing_open(bench: Bench) -> None:
    story = await at_work(bench)
    await bench.hears(suspended(story), story.tell(CaseClosed, outcome="solved", closed_at=at(2 * DAY)))
    await bench.hears(resumed(story))
    assert [clock.key for clock in await bench.rows(story) if clock.open] == []
    await bench.balance()


async def test_what_is_put_right_later_moves_no_clock_that_runs(bench: Bench) -> None:
    story = await at_work(bench)
    before = {clock.key: clock.due_at for clock in await bench.rows(story)}
    await bench.hears(story.tell(CaseCorrected, category="consumer.goods", level="I", flags=(), corrected_at=at(40)))
    assert {clock.key: clock.due_at for clock in await bench.rows(story)} == before
