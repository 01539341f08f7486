"""问责移送: proposed by a rule, decided once by a person, answered by the oversight office."""

from uuid import uuid4

import pytest

from services.escalation.errors.referrals import (
    AnswersOwnReferral,
    AppealPending,
    OwnUnitReferred,
    ReferralNotReady,
    ReferralStepDone,
)
from services.escalation.model import Referral
from services.escalation.policy.accountability import referral_step, reopened_often, working_days_after
from services.escalation.policy.obligations import CaseFacts, Obligation
from services.escalation.policy.terms import terms_of
from shared.contracts.actors import Actor, Role
from shared.contracts.escalation import Evidence, ReferralCause, ReferralResult
from shared.contracts.rights import RIGHTS
from tests.unit.escalation.given import MONDAY, UNIT, Story, at, quanzhou

COMMANDER = Actor(staff="commander.1", role=Role.COMMANDER)
OFFICE = Actor(staff="oversight.1", role=Role.OVERSIGHT_OFFICE)
CLOCK = "report_back:x:1"


def proposed() -> Referral:
    evidence = (Evidence(kind="clock", ref=CLOCK), Evidence(kind="event", ref=str(uuid4())))
    overdue = ReferralCause.OVERDUE
    return Referral.of(
        uuid4(), Story().file(), unit=UNIT, cause=overdue, ground=f"overdue:{CLOCK}", evidence=evidence, now=at(0)
    )


def referred() -> Referral:
    referral = proposed()
    referral.decide("已超时两周", refer=True, by=COMMANDER, pending=None, now=at(10))
    return referral


def test_referred_answered_closed() -> None:
    referral = proposed()
    assert referral.clock == CLOCK
    told = [
        referral.proposed(),
        referral.decide("已超时两周", refer=True, by=COMMANDER, pending=None, now=at(10)),
        referral.answer(ReferralResult.ADMONISHED, "已约谈", by=OFFICE, now=at(20)),
        referral.close(by=COMMANDER, now=at(30)),
    ]
    assert (referral.state, referral.result, referral.closed_at) == ("closed", "admonished", at(30))
    assert not {"已超时两周", "已约谈"} & set("".join(one.model_dump_json() for one in told).split('"'))


def test_not_referred_is_the_end_of_it() -> None:
    referral = proposed()
    told = referral.decide("情况特殊", refer=False, by=COMMANDER, pending=None, now=at(10))
    assert (referral.state, told.referred) == ("not_referred", False)
    with pytest.raises(ReferralNotReady):
        referral.answer(ReferralResult.NO_FAULT, "x", by=OFFICE, now=at(20))


def test_whoever_referred_it_does_not_answer_it() -> None:
    referral = referred()
    with pytest.raises(AnswersOwnReferral):
        referral.answer(ReferralResult.NO_FAULT, "x", by=Actor(staff=COMMANDER.staff, role=OFFICE.role), now=at(20))
    assert referral.state == "referred"


@pytest.mark.parametrize("refer", [True, False])
def test_decided_once(refer: bool) -> None:
    referral = referred()
    with pytest.raises(ReferralStepDone) as refused:
        referral.decide("x", refer=refer, by=COMMANDER, pending=None, now=at(11))
    assert refused.value.facts["by"] == "commander.1"


def test_a_pending_appeal_holds_the_decision_and_says_so() -> None:
    referral, appeal = proposed(), uuid4()
    with pytest.raises(AppealPending, match=str(appeal)):
        referral.decide("x", refer=True, by=COMMANDER, pending=appeal, now=at(10))
    assert referral.state == "proposed"
    assert referral.view(pending=appeal, with_words=True).waits_for_appeal == appeal


def test_nobody_decides_on_their_own_unit() -> None:
    own = Actor(staff="commander.2", role=Role.COMMANDER, unit=UNIT)
    with pytest.raises(OwnUnitReferred):
        proposed().decide("x", refer=False, by=own, pending=None, now=at(10))


def test_steps_come_in_their_order_and_once() -> None:
    with pytest.raises(ReferralNotReady):
        proposed().answer(ReferralResult.NO_FAULT, "x", by=OFFICE, now=at(20))
    with pytest.raises(ReferralNotReady):
        referred().close(by=COMMANDER, now=at(20))
    referral = referred()
    referral.answer(ReferralResult.NO_FAULT, "x", by=OFFICE, now=at(20))
    with pytest.raises(ReferralStepDone):
        referral.answer(ReferralResult.ADMONISHED, "x", by=OFFICE, now=at(21))


def test_the_duty_director_alone_has_no_right_to_decide() -> None:
    assert Role.DUTY_DIRECTOR not in RIGHTS["decide_referral"] | RIGHTS["decide_appeal"]
    assert RIGHTS["answer_referral"] == {Role.OVERSIGHT_OFFICE}


# -- when one is proposed ----------------------------------------------------------------------------------------------


def owed(stage: str, *, unit: str | None = UNIT, drill: bool = False) -> Obligation:
    return Obligation("k", stage, UNIT, MONDAY, Story().grounds, unit=unit, drill=drill)  # type: ignore[arg-type]


@pytest.mark.parametrize(("stage", "days"), [("report_back", 5), ("sign_off", 5), ("supervision", 3)])
def test_the_step_stands_in_the_clock_s_own_plan(stage: str, days: int) -> None:
    terms = terms_of(quanzhou(), owed(stage), CaseFacts())
    (step,) = [one for one in terms.steps if one.action == "refer"]
    assert step.at == working_days_after(quanzhou(), terms.due_at, days)
    assert not step.told


@pytest.mark.parametrize(
    "owing",
    [owed("arrival"), owed("verify", unit=None), owed("handle", unit=None), owed("report_back", drill=True)],
    ids=["a summons", "the grid", "the window itself", "a drill"],
)
def test_no_step_where_no_unit_is_to_be_referred(owing: Obligation) -> None:
    terms = terms_of(quanzhou(), owing, CaseFacts())
    assert not [one for one in terms.steps if one.action in ("refer", "supervise")]
    assert referral_step(quanzhou(), owing, terms.due_at) == ()


def test_an_order_that_is_not_answered_is_not_supervised_once_more() -> None:
    terms = terms_of(quanzhou(), owed("supervision"), CaseFacts())
    assert not [one for one in terms.steps if one.action == "supervise"]


def test_reopened_often_is_said_in_the_round_that_crosses_it_only() -> None:
    assert [round_ for round_ in range(1, 6) if reopened_often(quanzhou(), round_)] == [3]
