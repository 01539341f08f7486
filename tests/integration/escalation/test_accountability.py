"""Supervision orders, appeals and referrals over a real database: once, by the right people, and on record."""

import asyncio
from datetime import timedelta
from typing import Any, TypeVar
from uuid import uuid4

import pytest
import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.escalation.errors.appeals import AppealedAlready, AppealTooLate, ClockDidNotFire, NotYourClock
from services.escalation.errors.referrals import AppealPending, ReferralStepDone
from services.escalation.errors.supervision import (
    CaseIsOver,
    HigherOrderStands,
    SupervisedAlready,
    SupervisionNotPossibleNow,
    UnitHasNoPart,
)
from services.escalation.operations.appeals import decide_appeal, make_appeal, propose_on_appeal
from services.escalation.operations.referrals import answer_referral, close_referral, decide_referral
from services.escalation.operations.supervision import (
    answer_supervision,
    issue_supervision,
    judge_supervision,
    raise_supervision,
    withdraw_supervision,
)
from services.escalation.queries import list_clocks
from services.escalation.queries.appeals import list_appeals
from services.escalation.queries.referrals import list_referrals
from services.escalation.queries.supervision import list_supervision
from shared.contracts import escalation as asked
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Command
from shared.contracts.dispatch import (
    RequesterContacted,
    SummonsUnitArrived,
    SummonsUnitCalled,
    SummonsUnitNotArrived,
    WorkOrderReopened,
)
from shared.contracts.intake import ERASED, CaseClosed, CaseJoined, RequesterErased
from tests.integration.escalation.given import Bench
from tests.unit.escalation.given import UNIT, Story, at

pytestmark = pytest.mark.servers
A = TypeVar("A", bound=BaseModel)
DAY = timedelta(days=1)
DIRECTOR = Actor(staff="director.1", role=Role.DUTY_DIRECTOR)
COMMANDER = Actor(staff="commander.1", role=Role.COMMANDER)
OFFICE = Actor(staff="oversight.1", role=Role.OVERSIGHT_OFFICE)
LIAISON = Actor(staff="li.1", role=Role.LIAISON_OFFICER, unit=UNIT)
OTHER = Actor(staff="li.2", role=Role.LIAISON_OFFICER, unit="police")


def ask(command: type[Command[A]], by: Actor, **facts: Any) -> Command[A]:
    return command.model_validate({"actor": by, "idempotency_key": uuid4().hex, **facts})


async def do(bench: Bench, operation: Any, command: type[Command[A]], by: Actor, **facts: Any) -> A:
    return await operation(bench.work, ask(command, by, **facts), now=bench.clock.now())


async def at_work(bench: Bench) -> Story:
    story = Story()
    contacted = story.tell(RequesterContacted, kind="visit", contacted_by="handler.1", contacted_at=at(29))
    await bench.hears(story.registered(), story.accepted(), story.dispatched(), story.signed_off(), contacted)
    bench.clock.move_to(at(30))
    return story


async def issued(
    bench: Bench, story: Story, *, by: Actor = DIRECTOR, level: str = "reminder"
) -> asked.SupervisionOrderView:
    facts = {"case_code": story.code, "unit": UNIT, "level": level, "reason": "群众多次催问"}
    return await do(bench, issue_supervision, asked.IssueSupervision, by, **facts)


async def answered(bench: Bench, order: asked.SupervisionOrderView) -> asked.SupervisionOrderView:
    facts = {"order_id": order.order_id, "answer": "已约定支付日期"}
    return await do(bench, answer_supervision, asked.AnswerSupervision, LIAISON, **facts)


async def orders(bench: Bench, by: Actor = DIRECTOR, **facts: Any) -> tuple[asked.SupervisionOrderView, ...]:
    request = asked.ListSupervision(actor=by, **facts)
    return (await list_supervision(bench.work, request, now=bench.clock.now())).orders


async def referrals(bench: Bench, by: Actor = COMMANDER, **facts: Any) -> tuple[asked.ReferralView, ...]:
    request = asked.ListReferrals(actor=by, **facts)
    return (await list_referrals(bench.work, request, now=bench.clock.now())).referrals


async def told(bench: Bench, noun: str) -> list[str]:
    kinds = [one["type"].removeprefix("escalation.") for one in await bench.events()]
    return [kind for kind in kinds if kind.startswith(noun)]


# -- supervision orders by hand ----------------------------------------------------------------------------------------


async def test_an_order_has_a_clock_that_the_answer_meets_and_closes_with_an_outcome(bench: Bench) -> None:
    story = await at_work(bench)
    order = await issued(bench, story)
    assert (order.state, order.level, order.unit) == ("open", "reminder", UNIT)
    states = await bench.states(story)
    assert states[f"supervision{order.order_id}:1"] == "armed"
    order = await answered(bench, order)
    assert (await bench.states(story))[f"supervision{order.order_id}:1"] == "met"
    facts = {"order_id": order.order_id, "outcome": "accepted"}
    closed = await do(bench, judge_supervision, asked.JudgeSupervision, DIRECTOR, **facts)
    assert (closed.state, closed.outcome, closed.answers[0].judged_by) == ("closed", "accepted", "director.1")
    with pytest.raises(SupervisionNotPossibleNow):
        await answered(bench, order)
    assert await told(bench, "supervision") == ["supervision.issued", "supervision.answered", "supervision.closed"]
    assert "催问" not in str(await bench.events())
    assert "支付" not in str(await bench.events())
    await bench.balance()


async def test_an_answer_that_is_not_accepted_is_owed_again_in_half_of_the_time(bench: Bench) -> None:
    story = await at_work(bench)
    order = await answered(bench, await issued(bench, story))
    facts = {"order_id": order.order_id, "outcome": "not_accepted", "words": "没有写明日期"}
    again = await do(bench, judge_supervision, asked.JudgeSupervision, DIRECTOR, **facts)
    assert (again.state, again.round) == ("open", 2)
    by_key = {clock.key: clock for clock in await bench.rows(story)}
    clock = by_key[f"supervision:{order.order_id}:2"]
    assert (clock.limit_text, clock.state) == ("2 working_day", "armed")
    assert "重新回复" in clock.limit_source
    await bench.balance()


async def test_raised_to_listed_the_case_shows_as_supervised_until_it_is_closed(bench: Bench) -> None:
    story = await at_work(bench)
    order = await issued(bench, story, level="written_order")
    with pytest.raises(SupervisedAlready):
        await issued(bench, story)
    facts = {"order_id": order.order_id, "reason": "仍无结果"}
    listed = await do(bench, raise_supervision, asked.RaiseSupervision, COMMANDER, **facts)
    assert (listed.level, listed.instead_of, listed.issued_by) == ("listed", order.order_id, "commander.1")
    (before,) = await orders(bench, order_id=order.order_id)
    assert (before.state, before.outcome) == ("closed", "unanswered")
    assert (await bench.states(story))[f"supervision{order.order_id}:1"] == "cancelled: supervision_raised"

    async def shown() -> set[bool]:
        found = await list_clocks(bench.work, asked.ListClocks(actor=DIRECTOR), now=bench.clock.now())
        return {one.supervised for one in found.clocks if one.case_code == story.code}

    assert await shown() == {True}
    facts = {"order_id": listed.order_id, "reason": "已有进展"}
    await do(bench, withdraw_supervision, asked.WithdrawSupervision, COMMANDER, **facts)
    assert await shown() == {False}
    await bench.balance()


async def test_a_case_that_closes_ends_its_orders_on_record(bench: Bench) -> None:
    story = await at_work(bench)
    order = await issued(bench, story)
    await bench.hears(story.tell(CaseClosed, outcome="solved", closed_at=at(60)))
    (ended,) = await orders(bench, order_id=order.order_id)
    assert (ended.state, ended.ended_at) == ("ended", at(60))
    assert (await bench.states(story))[f"supervision{order.order_id}:1"] == "cancelled: closed"
    assert await told(bench, "supervision") == ["supervision.issued", "supervision.ended"]
    with pytest.raises(CaseIsOver):
        await issued(bench, story)
    with pytest.raises(SupervisionNotPossibleNow):
        await answered(bench, order)


async def test_a_case_that_follows_another_ends_its_orders_too(bench: Bench) -> None:
    story = await at_work(bench)
    order = await issued(bench, story)
    joined = story.tell(CaseJoined, leader_id=uuid4(), leader=Story().code, differs=(), splits=0, joined_at=at(60))
    await bench.hears(joined)
    (ended,) = await orders(bench, order_id=order.order_id)
    assert (ended.state, ended.ended_at) == ("ended", at(60))
    assert not [clock for clock in await bench.rows(story) if clock.open]
    with pytest.raises(CaseIsOver):
        await issued(bench, story)


async def test_an_order_goes_to_a_unit_that_has_a_part_in_the_case(bench: Bench) -> None:
    story = await at_work(bench)
    facts = {"case_code": story.code, "unit": "police", "level": "reminder", "reason": "x"}
    with pytest.raises(UnitHasNoPart):
        await do(bench, issue_supervision, asked.IssueSupervision, DIRECTOR, **facts)


async def test_a_unit_reads_its_own_orders_and_nobody_s_else(bench: Bench) -> None:
    order = await issued(bench, await at_work(bench))
    (own,) = await orders(bench, LIAISON)
    assert (own.order_id, own.reason) == (order.order_id, "群众多次催问")
    assert await orders(bench, OTHER) == ()
    (grid,) = await orders(bench, Actor(staff="grid.1", role=Role.GRID_WORKER))
    assert grid.reason is None


async def test_two_answers_at_once_only_one_counts(bench: Bench) -> None:
    order = await issued(bench, await at_work(bench))
    both = await asyncio.gather(*(answered(bench, order) for _ in range(2)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in both) == ["SupervisionNotPossibleNow", "SupervisionOrderView"]


# -- by the ladder -----------------------------------------------------------------------------------------------------


async def overdue(bench: Bench, days: float) -> tuple[Story, str]:
    """A report that is so many days late, with all its ladder called for."""
    story = await at_work(bench)
    key = f"report_back:{story.order}:1"
    due_at = next(clock.due_at for clock in await bench.rows(story) if clock.key == key)
    await bench.sweep(due_at)
    await bench.sweep(due_at + timedelta(days=days))
    await bench.calls_answered()
    return story, key


async def test_the_ladder_issues_one_order_for_each_level_and_raises_what_is_not_answered(bench: Bench) -> None:
    _, key = await overdue(bench, 1)
    (reminder,) = await orders(bench)
    assert (reminder.level, reminder.clock, reminder.issued_by, reminder.reason) == (
        "reminder",
        key,
        "escalation",
        None,
    )
    await bench.calls_answered()
    await bench.sweep(bench.clock.now() + 2 * DAY)
    await bench.calls_answered()
    (written,) = await orders(bench)
    assert (written.level, written.instead_of, written.clock) == ("written_order", reminder.order_id, key)
    assert len(await told(bench, "supervision.issued")) == 2
    await bench.balance()


async def test_after_an_outage_the_unit_gets_the_higher_order_with_its_whole_time(bench: Bench) -> None:
    await overdue(bench, 3)
    (written,) = await orders(bench)
    assert (written.level, written.issued_at) == ("written_order", bench.clock.now())
    assert written.due_at is not None
    assert written.due_at > bench.clock.now() + DAY


async def test_an_answered_order_waits_for_its_judge_and_is_not_judged_by_a_ladder(bench: Bench) -> None:
    await overdue(bench, 1)
    (reminder,) = await orders(bench)
    await answered(bench, reminder)
    await bench.sweep(bench.clock.now() + 2 * DAY)
    await bench.calls_answered()
    assert [(one.level, one.state) for one in await orders(bench)] == [
        ("reminder", "answered"),
        ("written_order", "open"),
    ]


async def test_an_answered_order_is_not_raised_to_where_the_ladder_is_already(bench: Bench) -> None:
    await overdue(bench, 1)
    (reminder,) = await orders(bench)
    await answered(bench, reminder)
    await bench.sweep(bench.clock.now() + 2 * DAY)
    await bench.calls_answered()
    written = next(one for one in await orders(bench) if one.level == "written_order")
    facts = {"order_id": reminder.order_id, "reason": "仍无结果"}
    with pytest.raises(HigherOrderStands) as refused:
        await do(bench, raise_supervision, asked.RaiseSupervision, DIRECTOR, **facts)
    assert (refused.value.field, refused.value.facts["order_id"]) == ("order_id", str(written.order_id))
    facts = {"order_id": written.order_id, "reason": "仍无结果"}
    listed = await do(bench, raise_supervision, asked.RaiseSupervision, DIRECTOR, **facts)
    assert listed.level == "listed"


async def test_no_order_where_the_unit_has_reported_meanwhile(bench: Bench) -> None:
    story = await at_work(bench)
    due_at = next(clock.due_at for clock in await bench.rows(story) if clock.stage == "report_back")
    await bench.sweep(due_at + DAY)
    await bench.hears(story.reported_back(reported_back_at=due_at + DAY))
    await bench.calls_answered()
    assert await orders(bench) == ()


# -- appeals -----------------------------------------------------------------------------------------------------------


async def appealed(bench: Bench, key: str, by: Actor = LIAISON) -> asked.AppealView:
    facts = {"clock": key, "reason": "force_majeure", "words": "台风停电"}
    return await do(bench, make_appeal, asked.MakeAppeal, by, **facts)


async def decided(bench: Bench, appeal: asked.AppealView, *, grant: bool) -> asked.AppealView:
    await do(bench, propose_on_appeal, asked.ProposeOnAppeal, DIRECTOR, appeal_id=appeal.appeal_id, support=grant)
    facts = {"appeal_id": appeal.appeal_id, "grant": grant, "words": "查实"}
    return await do(bench, decide_appeal, asked.DecideAppeal, COMMANDER, **facts)


async def test_a_granted_appeal_leaves_the_overdue_fact_untouched(bench: Bench, engine: AsyncEngine) -> None:
    _, key = await overdue(bench, 1)
    row = sa.text("select to_jsonb(c)::text from escalation.clock c where key = :key")
    async with engine.connect() as connection:
        before = await connection.scalar(row, {"key": key})
    granted = await decided(bench, await appealed(bench, key), grant=True)
    assert granted.exempted_at == bench.clock.now()
    async with engine.connect() as connection:
        assert await connection.scalar(row, {"key": key}) == before
    found = await list_clocks(bench.work, asked.ListClocks(actor=DIRECTOR), now=bench.clock.now())
    clock = next(one for one in found.clocks if one.clock == key)
    assert (clock.state, clock.exempted_at) == ("overdue", granted.exempted_at)
    assert clock.fired_at is not None
    assert "台风" not in str(await bench.events())
    assert [
        one.words for one in (await list_appeals(bench.work, asked.ListAppeals(actor=OTHER), now=at(0))).appeals
    ] == []
    await bench.balance()


async def test_an_appeal_is_made_once_in_time_by_the_unit_that_owed(bench: Bench) -> None:
    _, key = await overdue(bench, 1)
    with pytest.raises(NotYourClock):
        await appealed(bench, key, OTHER)
    not_fired = await at_work(bench)
    with pytest.raises(ClockDidNotFire):
        await appealed(bench, f"report_back:{not_fired.order}:1")
    await appealed(bench, key)
    with pytest.raises(AppealedAlready):
        await appealed(bench, key)
    _, late = await overdue(bench, 1)
    bench.clock.move_to(bench.clock.now() + 14 * DAY)
    with pytest.raises(AppealTooLate):
        await appealed(bench, late)


# -- referrals ---------------------------------------------------------------------------------------------------------


async def test_long_overdue_a_referral_is_proposed_once_and_a_person_decides_once(bench: Bench) -> None:
    _, key = await overdue(bench, 12)
    await bench.calls_answered()
    (proposed,) = await referrals(bench)
    assert (proposed.cause, proposed.unit, proposed.state) == ("overdue", UNIT, "proposed")
    assert [one.kind for one in proposed.evidence] == ["clock", "event"]
    assert proposed.evidence[0].ref == key
    assert await referrals(bench, OFFICE) == (), "nothing is the office's before a person says so"
    facts = {"referral_id": proposed.referral_id, "refer": True, "reason": "拖延两周"}
    await do(bench, decide_referral, asked.DecideReferral, COMMANDER, **facts)
    with pytest.raises(ReferralStepDone):
        await do(bench, decide_referral, asked.DecideReferral, COMMANDER, **facts)
    (referred,) = await referrals(bench, OFFICE)
    assert referred.reason == "拖延两周"
    facts = {"referral_id": proposed.referral_id, "result": "admonished", "words": "已约谈"}
    await do(bench, answer_referral, asked.AnswerReferral, OFFICE, **facts)
    await do(bench, close_referral, asked.CloseReferral, COMMANDER, referral_id=proposed.referral_id)
    kinds = ["proposed", "decided", "answered", "closed"]
    assert await told(bench, "referral") == [f"referral.{kind}" for kind in kinds]
    assert "约谈" not in str(await bench.events())


async def test_a_pending_appeal_holds_the_decision_and_a_granted_one_drops_it(bench: Bench) -> None:
    _, key = await overdue(bench, 3)
    appeal = await appealed(bench, key)
    await bench.sweep(bench.clock.now() + 9 * DAY)
    await bench.calls_answered()
    found = {one.cause: one for one in await referrals(bench)}
    waiting = found[asked.ReferralCause.OVERDUE]
    assert waiting.waits_for_appeal == appeal.appeal_id
    facts = {"referral_id": waiting.referral_id, "refer": True, "reason": "x"}
    with pytest.raises(AppealPending):
        await do(bench, decide_referral, asked.DecideReferral, COMMANDER, **facts)
    await decided(bench, appeal, grant=True)
    assert "referral.dropped" in await told(bench, "referral")
    with pytest.raises(ReferralStepDone):
        await do(bench, decide_referral, asked.DecideReferral, COMMANDER, **facts)


async def test_an_exempted_clock_is_no_ground(bench: Bench) -> None:
    _, key = await overdue(bench, 1)
    await decided(bench, await appealed(bench, key), grant=True)
    await bench.sweep(bench.clock.now() + 3 * DAY)
    await bench.sweep(bench.clock.now() + 9 * DAY)
    await bench.calls_answered()
    assert [one.cause.value for one in await referrals(bench)] in ([], ["unanswered"])


async def test_absent_from_a_summons_but_not_where_it_came_or_the_summons_ended_first(bench: Bench) -> None:
    absent, came, early, drill = (Story() for _ in range(4))
    drill.code = "drill"
    await bench.hears(*(one.tell(SummonsUnitCalled, drill=one is drill) for one in (absent, came, early, drill)))
    await bench.hears(
        came.tell(SummonsUnitArrived, arrived_at=at(10)), early.tell(SummonsUnitNotArrived, ended_at=at(5))
    )
    await bench.sweep(at(61))
    heard = await bench.hears(
        absent.tell(SummonsUnitNotArrived, ended_at=at(61)),
        drill.tell(SummonsUnitNotArrived, drill=True, ended_at=at(61)),
    )
    await bench.deliver("dispatch", heard)
    (proposed,) = await referrals(bench)
    assert (proposed.cause, proposed.case_code) == ("absent", absent.code)
    assert {one.kind for one in proposed.evidence} == {"clock", "summons", "event"}


async def test_reopened_as_often_as_the_pack_says(bench: Bench) -> None:
    story = await at_work(bench)
    for round_ in (2, 3, 4):
        again = story.tell(WorkOrderReopened, cause="not_verified", round=round_, reopened_at=at(60 * round_))
        await bench.hears(story.reported_back(round=round_ - 1, reported_back_at=at(60 * round_ - 1)), again)
        assert len(await referrals(bench)) == (round_ >= 3)
    (proposed,) = await referrals(bench)
    assert proposed.evidence[0].ref == str(story.order)


async def test_words_go_with_the_requester_s_data_and_nothing_else_does(bench: Bench, engine: AsyncEngine) -> None:
    story, key = await overdue(bench, 3)
    await decided(bench, await appealed(bench, key), grant=False)
    (order,) = await orders(bench)
    await answered(bench, order)
    judged = {"order_id": order.order_id, "outcome": "accepted", "words": "可"}
    await do(bench, judge_supervision, asked.JudgeSupervision, DIRECTOR, **judged)
    await bench.sweep(bench.clock.now() + 9 * DAY)
    await bench.calls_answered()
    (referral,) = await referrals(bench)
    facts = {"referral_id": referral.referral_id, "refer": False, "reason": "情况特殊"}
    await do(bench, decide_referral, asked.DecideReferral, COMMANDER, **facts)
    await bench.hears(story.tell(RequesterErased, erased_at=bench.clock.now()))
    (after,) = await orders(bench, order_id=order.order_id)
    assert (after.answers[0].answer, after.answers[0].words, after.reason) == (ERASED, ERASED, None)
    assert (after.outcome, after.answers[0].answered_by) == ("accepted", "li.1")
    (left,) = await referrals(bench, only_open=False)
    assert (left.state, left.reason, left.words, left.evidence) == ("not_referred", ERASED, None, referral.evidence)
    (appeal,) = (await list_appeals(bench.work, asked.ListAppeals(actor=DIRECTOR, only_open=False), now=at(0))).appeals
    assert (appeal.state, appeal.words, appeal.decision_words) == ("refused", ERASED, ERASED)


# -- the tables themselves ---------------------------------------------------------------------------------------------


GUARDED = (
    ("update escalation.supervision_order set state = 'closed', ended_at = now() {open}", "closes_with_an_outcome"),
    ("update escalation.supervision_order set outcome = 'accepted' {open}", "closes_with_an_outcome"),
    (
        "update escalation.supervision_order set state = 'closed', ended_at = now(), outcome = 'not_accepted' {open}",
        "not_accepted_goes_on",
    ),
    ("update escalation.supervision_order set state = 'withdrawn', ended_at = now() {open}", "withdrawn_with_reason"),
    ("update escalation.supervision_order set reason = 'x' {open}", "reason is never edited"),
    ("update escalation.appeal set words = 'y'", "words is never edited"),
    ("update escalation.referral set proposed_at = now()", "proposed_at is never edited"),
    ("update escalation.referral set evidence = '[]'", "evidence is never edited"),
    ("update escalation.supervision_order set outcome = 'accepted' where state = 'closed'", "stays so"),
    ("delete from escalation.supervision_order", "never deleted"),
    (
        "insert into escalation.supervision_answer select order_id, 1, 'x', 'a', now(), 'a', now(), 'accepted' "
        "from escalation.supervision_order {open}",
        "answerer_does_not_judge",
    ),
    ("update escalation.appeal set state = 'proposed', advice = 'support', proposed_by = made_by", "does_not_propose"),
    ("update escalation.appeal set {granted}, proposed_by = 'a', decided_by = 'a'", "proposer_does_not_decide"),
    ("update escalation.appeal set {granted}, proposed_by = 'a', decided_by = made_by", "appellant_does_not_decide"),
    ("update escalation.appeal set exempted_at = now()", "only_a_granted_appeal_exempts"),
    ("update escalation.referral set state = 'referred'", "decided_by_a_person_with_reason"),
    ("delete from escalation.referral", "never deleted"),
)
PARTS = {
    "open": "where state = 'open'",
    "granted": "state = 'granted', advice = 'support', decided_at = now(), exempted_at = now()",
}


async def test_the_tables_refuse_what_no_operation_does(bench: Bench, engine: AsyncEngine) -> None:
    _, key = await overdue(bench, 3)
    await appealed(bench, key)
    await bench.sweep(bench.clock.now() + 9 * DAY)
    await bench.calls_answered()
    assert len(await referrals(bench)) >= 1
    for change, words in GUARDED:
        with pytest.raises(DBAPIError, match=words):
            async with engine.begin() as connection:
                await connection.execute(sa.text(change.format(**PARTS)))
