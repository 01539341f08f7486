"""What follows what, who answers, until when a work order may be returned."""

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.policy.cases import (
    MOVES_OF,
    OPEN_WORK_ORDERS,
    OWING,
    SUPPORT_MOVES,
    UNIT_MISSING,
    WORK_ORDER_MOVES,
    WorkOrderState,
    reached_by,
    return_due,
    route_case,
)
from services.dispatch.policy.handing import desk_after_return, pushes_duty_down, return_words
from services.dispatch.policy.summoning import (
    AWAITED,
    CALLED_UNIT_MOVES,
    OPEN_SUMMONSES,
    SUMMONS_MOVES,
    SummonsState,
    how_it_ends,
)
from shared.centre.pack import Handing, Rule
from shared.contracts.dispatch import Desk, OrderRole, ReturnReason, UnitSummonsState
from tests.unit.dispatch.given import (
    FAMILY,
    LEAD,
    MONDAY,
    OTHER,
    RETURNS_END,
    TOWN,
    TOWNSHIP_UNIT,
    WAGES,
    pack_with,
    quanzhou,
    unit,
)


def test_every_way_out_of_an_open_work_order_is_in_the_table() -> None:
    left_by = {state: {verb for before, verb in WORK_ORDER_MOVES if before is state} for state in WorkOrderState}
    assert left_by == {
        WorkOrderState.DISPATCHED: {"sign_off", "return", "withdraw", "close"},
        WorkOrderState.SIGNED_OFF: {"contact_requester", "report_back", "return", "withdraw", "close"},
        WorkOrderState.HANDLING: {"contact_requester", "report_back", "withdraw", "close"},
        WorkOrderState.REPORTED_BACK: {"reopen"},
        WorkOrderState.RETURNED: set(),
        WorkOrderState.WITHDRAWN: set(),
        WorkOrderState.CLOSED: set(),
    }


@pytest.mark.parametrize("role", ["lead", "support"])
def test_whoever_owes_can_be_let_go_and_nobody_else(role: OrderRole) -> None:
    for verb in ("withdraw", "close"):
        assert {state for state, act in MOVES_OF[role] if act == verb} == OWING[role]


def test_a_supporter_is_not_reopened_and_a_return_of_its_waits_for_a_person() -> None:
    assert {verb for _, verb in SUPPORT_MOVES} == {verb for _, verb in WORK_ORDER_MOVES} - {
        "reopen",
        "contact_requester",
    }
    assert OWING["support"] - OPEN_WORK_ORDERS == {WorkOrderState.RETURNED}


def test_an_ended_summons_and_an_ended_unit_move_no_more() -> None:
    assert {before for before, _ in SUMMONS_MOVES} == OPEN_SUMMONSES
    assert {before for before, _ in CALLED_UNIT_MOVES} == AWAITED
    assert set(SUMMONS_MOVES.values()) == set(SummonsState) - {SummonsState.ASKED}


@settings(max_examples=200)
@given(st.lists(st.sampled_from(list(UnitSummonsState)), min_size=1, max_size=6))
def test_a_summons_ends_exactly_when_nobody_is_awaited(states: list[UnitSummonsState]) -> None:
    verb = how_it_ends(states)
    assert (verb is None) == any(state in AWAITED for state in states)
    assert (verb == "assemble") == all(state is UnitSummonsState.ARRIVED for state in states)


def test_returns_end_with_office_hours_of_the_second_working_day_after_dispatch() -> None:
    assert return_due(quanzhou(), WAGES, "IV", MONDAY).at == RETURNS_END
    friday = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
    assert return_due(quanzhou(), WAGES, "IV", friday).at == datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def test_a_local_closure_of_the_pack_moves_the_end_of_the_return_limit() -> None:
    closed = quanzhou().model_copy(update={"holidays": (datetime(2026, 11, 24, tzinfo=UTC).date(),)})
    assert return_due(closed, WAGES, "IV", MONDAY).at == datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "in_hall", "way"),
    [
        (LEAD, set[str](), "desk"),
        (OTHER, set[str](), "liaison"),
        (OTHER, {OTHER}, "desk"),
        (OTHER, {LEAD}, "liaison"),
        (TOWNSHIP_UNIT, {TOWNSHIP_UNIT}, "liaison"),
    ],
    ids=["resident", "rotating, not its day", "rotating, in the hall", "another's day", "on call"],
)
def test_units_are_reached_at_their_desk_while_they_sit_there(code: str, in_hall: set[str], way: str) -> None:
    assert reached_by(unit(code), in_hall=in_hall) == way


def test_every_category_at_every_place_goes_to_a_known_unit_or_to_the_desk() -> None:
    pack = quanzhou()
    for category, place in product(pack.categories, pack.places):
        decision = route_case(pack, category=category.code, place=place.code, source="window", level="IV", at=MONDAY)
        assert decision.unit is not None
        assert pack.unit(decision.unit) is not None
        assert decision.reason


def test_a_rule_for_a_unit_nobody_knows_leads_to_the_desk_and_says_so() -> None:
    lost = Rule(id="lost", categories=("labour",), unit="dissolved-bureau", source="样例")
    pack = quanzhou().model_copy(update={"rules": (lost, *quanzhou().rules)})
    decision = route_case(pack, category=WAGES, place=TOWN, source="window", level="IV", at=MONDAY)
    assert (decision.by, decision.unit, decision.reason) == ("triage", "command-centre", UNIT_MISSING)


@pytest.mark.parametrize(
    ("category", "by", "suggested", "pushes"),
    [
        (WAGES, LEAD, TOWNSHIP_UNIT, True),
        (WAGES, LEAD, OTHER, False),
        (WAGES, OTHER, TOWNSHIP_UNIT, False),
        (FAMILY, "party-masses", TOWNSHIP_UNIT, True),
        ("legal.mediation.neighbours", TOWNSHIP_UNIT, "dongyuan", False),
        (None, LEAD, TOWNSHIP_UNIT, False),
    ],
    ids=["own duty", "sideways", "not its duty", "own duty by a narrower rule", "territorial rule", "no rule"],
)
def test_own_duty_may_not_be_pushed_down(category: str | None, by: str, suggested: str, pushes: bool) -> None:
    decision = route_case(quanzhou(), category=category, place=TOWN, source="window", level="IV", at=MONDAY)
    assert pushes_duty_down(quanzhou(), decision, unit=by, to=unit(suggested)) is pushes


def test_a_return_that_goes_to_the_duty_director_says_so() -> None:
    first = return_words("公安", ReturnReason.NOT_OUR_DUTY, returns=1, desk="dispatcher", disputed=False)
    second = return_words("公安", ReturnReason.NOT_OUR_DUTY, returns=2, desk="duty_director", disputed=False)
    assert "轮值主任" not in first
    assert second.startswith(first)
    assert "第2次退单，请轮值主任指定" in second


def test_every_return_reason_has_its_words() -> None:
    words = {return_words("公安", reason, returns=1, desk="dispatcher", disputed=False) for reason in ReturnReason}
    assert len(words) == len(ReturnReason)


@pytest.mark.parametrize(
    ("returns", "hops", "disputed", "desk"),
    [
        (1, 1, False, "dispatcher"),
        (1, 1, True, "duty_director"),
        (2, 2, False, "duty_director"),
        (1, 5, False, "duty_director"),
        (1, 4, False, "dispatcher"),
    ],
    ids=["first", "disputed", "second", "no hop left", "one hop left"],
)
def test_who_decides_after_a_return(returns: int, hops: int, disputed: bool, desk: Desk) -> None:
    assert desk_after_return(Handing(), returns=returns, hops=hops, disputed=disputed) == desk


def test_the_pack_says_which_return_goes_to_the_duty_director() -> None:
    patient = Handing(returns_to_director=3)
    assert desk_after_return(patient, returns=2, hops=2, disputed=False) == "dispatcher"
    assert desk_after_return(patient, returns=3, hops=3, disputed=False) == "duty_director"


def test_supporters_nobody_knows_are_left_out_of_a_joint_rule() -> None:
    pack = pack_with(Rule(id="joint", categories=(WAGES,), unit=LEAD, supporters=("dissolved", OTHER), source="样例"))
    decision = route_case(pack, category=WAGES, place=TOWN, source="window", level="IV", at=MONDAY)
    assert (decision.unit, decision.supporters) == (LEAD, (OTHER,))
