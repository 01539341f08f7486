"""A clock per stage: speaking with the requester, the right to return, a decision on more time; statutes beside."""

import pytest

from services.escalation.queries import list_clocks
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import (
    DeferralAsked,
    DeferralRefused,
    RequesterContacted,
    SuspensionApproved,
    WorkOrderReturned,
    WorkOrderWithdrawn,
)
from shared.contracts.escalation import ListClocks
from shared.contracts.intake import CaseRegistered
from tests.integration.escalation.given import Bench
from tests.unit.escalation.given import WAGES, Story, at

pytestmark = pytest.mark.servers
DAY = 24 * 60.0
DIRECTOR = Actor(staff="director.1", role=Role.DUTY_DIRECTOR)


async def at_work(bench: Bench, **given: str) -> Story:
    story = Story(**given)  # type: ignore[arg-type]
    await bench.hears(story.registered(), story.accepted(), story.dispatched(), story.signed_off())
    return story


def contacted(story: Story, minute: float = 40) -> RequesterContacted:
    return story.tell(RequesterContacted, kind="visit", contacted_by="handler.1", contacted_at=at(minute))


def asked(story: Story, **given: object) -> DeferralAsked:
    plain = {"deferral_id": story.summons, "kind": "extension", "first_receiver": "clerk.1", "due_at": at(8 * DAY)}
    return story.tell(DeferralAsked, **{**plain, "asked_at": at(60), "lapses_at": at(8 * DAY), **given})


async def test_the_unit_speaks_with_the_requester_in_time_or_is_told_that_it_did_not(bench: Bench) -> None:
    heard, silent = await at_work(bench), await at_work(bench)
    await bench.hears(contacted(heard), contacted(heard, 50))
    await bench.sweep(at(2 * DAY))
    assert (await bench.states(heard))["contact"] == "met"
    assert (await bench.states(silent))["contact"] == "overdue"
    told = [one for one in await bench.events("escalation.notice.issued") if one["stage"] == "contact"]
    assert {(one["post"], one["unit"]) for one in told} == {("liaison_officer", heard.unit), ("unit_lead", heard.unit)}
    await bench.hears(silent.reported_back(reported_back_at=at(3 * DAY)))
    assert (await bench.states(silent))["contact"] == "met_late"
    await bench.balance()


async def test_the_right_to_return_lapses_at_its_limit_and_nobody_is_overdue_with_it(bench: Bench) -> None:
    kept, returned, gone = await at_work(bench), await at_work(bench), await at_work(bench)
    given_back = {"reason": "not_our_duty", "returned_at": at(70), "returns": 1, "dispatcher_owes_since": at(70)}
    await bench.hears(
        returned.tell(WorkOrderReturned, **given_back),
        gone.tell(WorkOrderWithdrawn, cause="rerouted", withdrawn_at=at(70)),
    )
    limit = next(clock.due_at for clock in await bench.rows(kept) if clock.stage == "return")
    await bench.sweep(at(5 * DAY))
    states = [(await bench.states(story))["return"] for story in (kept, returned, gone)]
    assert states == ["cancelled: lapsed", "met", "cancelled: withdrawn"]
    lapsed = next(clock for clock in await bench.rows(kept) if clock.stage == "return")
    assert (lapsed.ended_at, lapsed.fired_at) == (limit, None)
    loud = ("escalation.clock.overdue", "escalation.notice.issued")
    assert [one for kind in loud for one in await bench.events(kind) if one["stage"] == "return"] == []
    await bench.balance()


async def test_what_is_designated_may_not_be_returned_and_a_supporter_speaks_with_nobody(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.dispatched(designated=True))
    assert "return" not in await bench.states(story)
    support = Story()
    await bench.hears(support.dispatched(role="support"))
    assert set(await bench.states(support)) == {"sign_off", "report_back:1", "return"}


async def test_more_time_is_decided_on_in_time_or_lapses_overdue(bench: Bench) -> None:
    refused, granted, done, late = [await at_work(bench) for _ in range(4)]
    await bench.hears(*(asked(story) for story in (refused, granted, done)), asked(late, lapses_at=at(120)))
    plain = {"deferral_id": refused.summons, "first_receiver": "clerk.1", "due_at": at(8 * DAY)}
    waits = {**plain, "deferral_id": granted.summons, "kind": "suspension", "until": at(9 * DAY)}
    await bench.hears(
        refused.tell(DeferralRefused, **plain, kind="extension", refused_at=at(70)),
        granted.tell(SuspensionApproved, **waits, suspended_at=at(70)),
        done.reported_back(reported_back_at=at(80)),
    )
    states = [(await bench.states(story))["deferral"] for story in (refused, granted, done, late)]
    assert states == ["met", "met", "cancelled: reported_back", "armed"]
    await bench.sweep(at(130))
    (void,) = [clock for clock in await bench.rows(late) if clock.stage == "deferral"]
    assert (void.owes, void.due_at, void.fired_at, void.reason) == ("duty_director", at(120), at(130), "lapsed")
    told = [one for one in await bench.events("escalation.notice.issued") if one["stage"] == "deferral"]
    assert {one["post"] for one in told} == {"dispatcher", "duty_director"}
    await bench.balance()


async def test_a_statute_s_time_prevails_and_the_centre_s_own_promise_is_kept_beside_it(bench: Bench) -> None:
    story = await at_work(bench, category=WAGES)
    clocks = {one.stage: one for one in await bench.rows(story)}
    result, contact = clocks["report_back"], clocks["contact"]
    assert (result.limit_text, result.service_limit) == ("60 working_day", "5 working_day")
    assert result.service_due_at is not None
    assert contact.due_at <= result.service_due_at < result.due_at
    (view,) = (
        await list_clocks(bench.work, ListClocks(actor=DIRECTOR, case_code=story.code, stage="report_back"), now=at(0))
    ).clocks
    assert (view.service_due_at, view.service_limit) == (result.service_due_at, "5 working_day")
    (armed,) = [one for one in await bench.events("escalation.clock.armed") if one["stage"] == "report_back"]
    assert (armed["service_limit"], "第17条" in armed["limit_source"]) == ("5 working_day", True)


async def test_after_an_outage_everything_due_is_done_in_order_and_marked_as_late(bench: Bench) -> None:
    story = Story()
    await bench.hears(story.registered())
    await bench.sweep(at(15 + 24 * 60 + 10))
    told = [one for one in await bench.events() if one["type"] != "escalation.clock.armed"]
    assert [(one["type"].split(".", 1)[1], one.get("step"), one["late_s"]) for one in told] == [
        ("clock.overdue", None, (24 * 60 + 10) * 60),
        ("notice.issued", 1, (24 * 60 + 10) * 60),
        ("notice.issued", 1, (24 * 60 + 10) * 60),
        ("notice.issued", 2, 600),
    ]


async def test_a_clock_set_forward_and_back_fires_once_and_loses_nothing(bench: Bench) -> None:
    first, second = Story(), Story()
    await bench.hears(first.registered(), second.tell(CaseRegistered, registered_at=at(30)))
    await bench.sweep(at(16))
    await bench.sweep(at(16 - 60))
    await bench.sweep(at(16))
    assert [one["clock"] for one in await bench.events("escalation.clock.overdue")] == [f"accept:{first.case_id}"]
    await bench.sweep(at(46 + 60))
    await bench.sweep(at(46))
    await bench.sweep(at(46 + 60))
    assert len(await bench.events("escalation.clock.overdue")) == 2
    await bench.balance()


async def test_what_was_met_is_neither_paused_nor_moved(bench: Bench) -> None:
    story = await at_work(bench)
    await bench.hears(story.reported_back())
    plain = {"deferral_id": story.summons, "kind": "suspension", "first_receiver": "clerk.1", "due_at": at(8 * DAY)}
    await bench.hears(story.tell(SuspensionApproved, **plain, until=at(9 * DAY), suspended_at=at(DAY)))
    assert (await bench.states(story))["report_back:1"] == "met"
    await bench.balance()
