"""What follows what, who answers, until when a work order may be returned."""

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.policy.cases import (
    OPEN_WORK_ORDERS,
    UNIT_MISSING,
    WORK_ORDER_MOVES,
    WorkOrderState,
    pushes_duty_down,
    reached_by,
    return_due,
    return_words,
    route_case,
)
from services.dispatch.policy.summoning import (
    AWAITED,
    CALLED_UNIT_MOVES,
    OPEN_SUMMONSES,
    SUMMONS_MOVES,
    SummonsState,
    how_it_ends,
)
from shared.centre.pack import Rule
from shared.contracts.dispatch import ReturnReason, UnitSummonsState
from tests.unit.dispatch.given import (
    FAMILY,
    LEAD,
    MONDAY,
    OTHER,
    RETURNS_END,
    TOWN,
    TOWNSHIP_UNIT,
    WAGES,
    quanzhou,
    unit,
)


def test_every_way_out_of_an_open_work_order_is_in_the_table() -> None:
    left_by = {state: {verb for before, verb in WORK_ORDER_MOVES if before is state} for state in WorkOrderState}
    assert left_by == {
        WorkOrderState.DISPATCHED: {"sign_off", "return", "close"},
        WorkOrderState.SIGNED_OFF: {"report_back", "return", "close"},
        WorkOrderState.HANDLING: {"report_back", "close"},
        WorkOrderState.REPORTED_BACK: {"reopen"},
        WorkOrderState.RETURNED: set(),
        WorkOrderState.CLOSED: set(),
    }
    assert {state for state in WorkOrderState if "close" in left_by[state]} == OPEN_WORK_ORDERS


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
    ("code", "way"),
    [(LEAD, "desk"), (OTHER, "liaison"), (TOWNSHIP_UNIT, "liaison")],
    ids=["resident", "rotating", "on"],
)
def test_only_resident_units_are_reached_at_their_desk(code: str, way: str) -> None:
    assert reached_by(unit(code)) == way


def test_every_category_at_every_place_goes_to_a_known_unit_or_to_the_desk() -> None:
    pack = quanzhou()
    for category, place in product(pack.categories, pack.places):
        decision = route_case(pack, category=category.code, place=place.code, source="window", level="IV")
        assert decision.unit is not None
        assert pack.unit(decision.unit) is not None
        assert decision.reason


def test_a_rule_for_a_unit_nobody_knows_leads_to_the_desk_and_says_so() -> None:
    lost = Rule(id="lost", categories=("labour",), unit="dissolved-bureau", source="样例")
    pack = quanzhou().model_copy(update={"rules": (lost, *quanzhou().rules)})
    decision = route_case(pack, category=WAGES, place=TOWN, source="window", level="IV")
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
    decision = route_case(quanzhou(), category=category, place=TOWN, source="window", level="IV")
    assert pushes_duty_down(quanzhou(), decision, unit=by, suggested=unit(suggested)) is pushes


def test_the_second_return_is_marked_for_the_duty_director() -> None:
    first = return_words("公安", ReturnReason.NOT_OUR_DUTY, 1)
    second = return_words("公安", ReturnReason.NOT_OUR_DUTY, 2)
    assert "轮值主任" not in first
    assert second.startswith(first)
    assert "第2次退单，请轮值主任指定" in second


def test_every_return_reason_has_its_words() -> None:
    assert len({return_words("公安", reason, 1) for reason in ReturnReason}) == len(ReturnReason)
