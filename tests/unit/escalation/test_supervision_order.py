"""督办单: who answers, who judges, and that an order closes with an outcome only."""

from typing import Any
from uuid import uuid4

import pytest

from services.escalation.errors.supervision import (
    JudgesOwnAnswer,
    NoHigherLevel,
    NotOfIssuersRank,
    NotYourOrder,
    SupervisionNotPossibleNow,
)
from services.escalation.model import SupervisionAnswer, SupervisionOrder
from services.escalation.policy.supervising import may_judge, next_level, rank
from shared.contracts.actors import Actor, Role, system
from shared.contracts.escalation import JudgeSupervision, SupervisionLevel, SupervisionOutcome
from tests.unit.escalation.given import UNIT, Story, at

DIRECTOR = Actor(staff="director.1", role=Role.DUTY_DIRECTOR, unit="police")
COMMANDER = Actor(staff="commander.1", role=Role.COMMANDER)
DEPUTY = Actor(staff="deputy.1", role=Role.DEPUTY_COMMANDER)
LIAISON = Actor(staff="li.1", role=Role.LIAISON_OFFICER, unit=UNIT)
OTHER = Actor(staff="li.2", role=Role.LIAISON_OFFICER, unit="police")


def ordered(by: Actor = DIRECTOR, level: SupervisionLevel = SupervisionLevel.REMINDER) -> SupervisionOrder:
    reason = None if by.role is Role.SYSTEM else "群众多次催问"
    return SupervisionOrder.of(uuid4(), Story().file(), unit=UNIT, level=level, by=by, reason=reason, now=at(0))


def answered(order: SupervisionOrder) -> SupervisionAnswer:
    return order.answer("已与用人单位约定支付日期", by=LIAISON, now=at(60))[0]


def test_answered_by_its_unit_and_closed_with_an_outcome() -> None:
    order = ordered()
    given, told = order.answer("已约定支付日期", by=LIAISON, now=at(60))
    assert (order.state, told.judge, told.answered_by) == ("answered", "duty_director", "li.1")
    closed = order.close(given, SupervisionOutcome.IMPROVED, None, by=DIRECTOR, now=at(90))
    assert (order.state, order.outcome, closed.outcome.value) == ("closed", "improved", "improved")
    assert (given.judged_by, given.judgement) == ("director.1", "improved")
    assert "约定" not in told.model_dump_json() + closed.model_dump_json()


def test_another_unit_does_not_answer() -> None:
    order = ordered()
    with pytest.raises(NotYourOrder) as refused:
        order.answer("x", by=OTHER, now=at(1))
    assert (refused.value.field, order.state) == ("actor.unit", "open")


def test_a_closed_order_is_not_answered() -> None:
    order = ordered()
    order.close(answered(order), SupervisionOutcome.ACCEPTED, None, by=DIRECTOR, now=at(90))
    with pytest.raises(SupervisionNotPossibleNow) as refused:
        order.answer("again", by=LIAISON, now=at(91))
    assert refused.value.facts["state"] == "closed"


def test_what_was_answered_is_not_answered_twice() -> None:
    order = ordered()
    answered(order)
    with pytest.raises(SupervisionNotPossibleNow):
        order.answer("again", by=LIAISON, now=at(61))


@pytest.mark.parametrize(
    "judge",
    [
        Actor(staff="li.1", role=Role.DUTY_DIRECTOR),
        Actor(staff="somebody", role=Role.DUTY_DIRECTOR, unit=UNIT),
    ],
    ids=["the very person", "of the very unit"],
)
def test_nobody_judges_their_own_answer(judge: Actor) -> None:
    order = ordered()
    given = answered(order)
    with pytest.raises(JudgesOwnAnswer):
        order.close(given, SupervisionOutcome.ACCEPTED, None, by=judge, now=at(90))
    assert (order.state, order.outcome, given.judged_by) == ("answered", None, None)


@pytest.mark.parametrize(
    ("issuer", "judge", "may"),
    [
        (DIRECTOR, Actor(staff="director.2", role=Role.DUTY_DIRECTOR), True),
        (DIRECTOR, COMMANDER, False),
        (COMMANDER, DIRECTOR, False),
        (COMMANDER, DEPUTY, True),
        (system("escalation"), DIRECTOR, True),
        (system("escalation"), COMMANDER, True),
    ],
)
def test_the_issuer_or_another_of_that_rank_judges(issuer: Actor, judge: Actor, may: bool) -> None:
    assert may_judge(judge, issuer.role) is may
    order = ordered(issuer)
    given = answered(order)
    if may:
        order.close(given, SupervisionOutcome.ACCEPTED, None, by=judge, now=at(90))
        return
    with pytest.raises(NotOfIssuersRank):
        order.close(given, SupervisionOutcome.ACCEPTED, None, by=judge, now=at(90))
    with pytest.raises(NotOfIssuersRank):
        order.withdraw("x", by=judge, now=at(90))


def test_not_accepted_it_is_answered_again_in_a_round_of_its_own() -> None:
    order = ordered()
    first_key = order.clock_key
    first = answered(order)
    order.send_back(first, "没有写明支付日期", by=DIRECTOR, now=at(90))
    assert (order.state, order.round, order.outcome) == ("open", 2, None)
    assert order.clock_key != first_key
    second = answered(order)
    assert (first.round, second.round) == (1, 2)


@pytest.mark.parametrize(("with_answer", "outcome"), [(True, "not_accepted"), (False, "unanswered")])
def test_raised_it_closes_and_the_next_level_takes_over(with_answer: bool, outcome: str) -> None:
    order = ordered()
    given = answered(order) if with_answer else None
    higher = ordered(COMMANDER, order.level_above())
    told = order.raise_to(higher, given, "一直没有结果", by=COMMANDER, now=at(90))
    assert (order.state, order.outcome, order.raised_to) == ("closed", outcome, higher.order_id)
    assert (higher.instead_of, told.raised_to.value) == (order.order_id, "written_order")
    with pytest.raises(SupervisionNotPossibleNow):
        order.raise_to(higher, None, None, by=COMMANDER, now=at(91))


def test_nothing_is_above_listed_supervision() -> None:
    assert next_level(SupervisionLevel.WRITTEN_ORDER) is SupervisionLevel.LISTED
    with pytest.raises(NoHigherLevel):
        ordered(level=SupervisionLevel.LISTED).level_above()


def test_nobody_below_the_issuer_raises() -> None:
    with pytest.raises(NotOfIssuersRank):
        ordered(COMMANDER).require_not_below(DIRECTOR)
    ordered(DIRECTOR).require_not_below(COMMANDER)
    assert rank(Role.COMMANDER) == rank(Role.DEPUTY_COMMANDER) > rank(Role.DUTY_DIRECTOR)


def test_a_case_that_is_over_ends_it_on_record() -> None:
    order = ordered()
    told = order.end_with_case("system:escalation", at(90))
    assert (order.state, order.outcome, order.ended_at, told.answered) == ("ended", None, at(90), False)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "outcome"),
        ({"outcome": "closed"}, "outcome"),
        ({"outcome": "unanswered"}, "outcome"),
        ({"outcome": "not_accepted"}, "needs words"),
    ],
)
def test_closing_without_an_outcome_has_no_form(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        JudgeSupervision.model_validate({"actor": DIRECTOR, "idempotency_key": "k", "order_id": uuid4(), **given})
