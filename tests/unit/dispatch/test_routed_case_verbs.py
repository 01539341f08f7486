"""A case is with the triage desk or with exactly one lead unit, and says why."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.errors.cases import (
    CaseIsClosed,
    CaseNotInTriage,
    DeskOnlySorts,
    OwnDutyPushedDown,
    SuggestsItself,
    UnitReturnedIt,
    UnknownUnit,
)
from services.dispatch.model import RoutedCase, WorkOrder
from services.dispatch.policy.cases import OPEN_WORK_ORDERS, CaseState, WorkOrderState
from shared.contracts.actors import Actor
from shared.contracts.dispatch import ReopenCause
from shared.errors import Refused
from tests.unit.dispatch.given import (
    DESK,
    DIRECTOR,
    DISPATCHER,
    LEAD,
    MONDAY,
    OTHER,
    TOWN,
    TOWNSHIP_UNIT,
    WAGES,
    case_in_triage,
    dispatched,
    minutes,
    quanzhou,
    redispatch,
    report,
    staff_of,
    take_back,
)


def send_on(
    case: RoutedCase, to: str, *, by: object = DISPATCHER, returned_by: frozenset[str] = frozenset()
) -> WorkOrder:
    ask = redispatch(case, to).model_copy(update={"actor": by})
    order, routed, told = case.send_on(ask, quanzhou(), uuid4(), returned_by=returned_by, now=MONDAY + minutes(10))
    assert (routed.unit, routed.by, routed.rule) == (to, "person", None)
    assert ask.reason not in routed.model_dump_json() + told.model_dump_json()
    assert order.send_reason == ask.reason
    return order


def test_what_no_rule_places_waits_with_the_desk_for_a_reason_that_can_be_read() -> None:
    case, routed = case_in_triage(category=None)
    assert (case.state, case.owner, case.waiting_since) == (CaseState.TRIAGE, DESK, MONDAY)
    assert (routed.by, routed.unit, routed.rule) == ("triage", DESK, None)
    assert routed.reason == case.reason
    assert "未定事项类别" in routed.reason


def test_what_a_rule_places_is_told_with_the_rule_and_what_else_was_considered() -> None:
    case, routed = case_in_triage(WAGES, TOWN)
    assert (routed.unit, routed.by, routed.rule) == (LEAD, "rule", "labour")
    assert "劳动维权中心" in routed.reason
    _, seaside = case_in_triage("city.facilities.lighting", "350521106.g01")
    assert seaside.considered[0]["rule_id"] == "facilities"
    assert case.decision["rule_id"] == "labour"


def test_the_lead_work_order_tells_how_the_unit_is_reached_and_since_when_it_is_owed() -> None:
    case, order, told = dispatched()
    assert (case.state, case.owner, case.current_work_order_id) == (CaseState.DISPATCHED, LEAD, order.work_order_id)
    assert (told.unit, told.reached_by, told.role, told.round, told.returns) == (LEAD, "desk", "lead", 1, 0)
    assert told.accepted_at == case.accepted_at


def test_a_returned_case_is_with_the_desk_again_and_the_return_is_counted() -> None:
    case, order, _ = dispatched()
    told = take_back(case, order, now=MONDAY + minutes(5))
    assert (case.state, case.owner, case.current_work_order_id) == (CaseState.TRIAGE, DESK, None)
    assert (case.returns, told.returns) == (1, 1)
    assert told.dispatcher_owes_since == told.returned_at == case.waiting_since == MONDAY + minutes(5)
    assert case.reason == "劳动维权中心退单：不属本单位职责。"
    assert "三定方案" not in told.model_dump_json()
    assert order.return_ground == "三定方案未列此项职责"


def test_the_second_return_is_taken_and_waits_for_the_duty_director() -> None:
    case, order, _ = dispatched()
    take_back(case, order)
    again = send_on(case, OTHER, returned_by=frozenset({LEAD}))
    told = take_back(case, again, now=MONDAY + minutes(20))
    assert (told.returns, case.returns) == (2, 2)
    assert "轮值主任" in case.reason


@pytest.mark.parametrize(("by", "words"), [(DISPATCHER, "由调度员指定"), (DIRECTOR, "由轮值主任指定")])
def test_a_person_sends_on_what_waits(by: Actor, words: str) -> None:
    case, _ = case_in_triage(category=None)
    order = send_on(case, OTHER, by=by)
    assert (case.owner, case.state, case.reason) == (OTHER, CaseState.DISPATCHED, words)
    assert (order.unit, order.state) == (OTHER, WorkOrderState.DISPATCHED)
    assert case.decision["by"] == "triage", "what the table said stays readable"


def test_the_unit_that_returned_a_case_gets_it_again_from_the_duty_director_only() -> None:
    case, order, _ = dispatched()
    take_back(case, order)
    with pytest.raises(UnitReturnedIt) as refused:
        send_on(case, LEAD, returned_by=frozenset({LEAD}))
    assert refused.value.field == "unit"
    assert send_on(case, LEAD, by=DIRECTOR, returned_by=frozenset({LEAD})).unit == LEAD


def test_a_case_with_a_unit_is_not_sent_to_a_second_one() -> None:
    case, _, _ = dispatched()
    with pytest.raises(CaseNotInTriage) as refused:
        send_on(case, OTHER)
    assert refused.value.facts["owner"] == LEAD


def test_a_closed_case_is_sent_nowhere() -> None:
    case, _ = case_in_triage(category=None)
    case.close(None, now=MONDAY)
    with pytest.raises(CaseIsClosed):
        send_on(case, OTHER)


@pytest.mark.parametrize(("to", "refusal"), [("nobody", UnknownUnit), (DESK, DeskOnlySorts)])
def test_a_case_is_sent_only_to_a_known_unit_that_handles(to: str, refusal: type[Refused]) -> None:
    case, _ = case_in_triage(category=None)
    with pytest.raises(refusal) as refused:
        send_on(case, to)
    assert refused.value.field == "unit"
    assert case.state == CaseState.TRIAGE


@pytest.mark.parametrize(
    ("suggested", "refusal"),
    [("nobody", UnknownUnit), (LEAD, SuggestsItself), (TOWNSHIP_UNIT, OwnDutyPushedDown)],
)
def test_a_returning_unit_suggests_fairly_or_not_at_all(suggested: str, refusal: type[Refused]) -> None:
    case, order, _ = dispatched()
    with pytest.raises(refusal) as refused:
        take_back(case, order, suggested=suggested)
    assert refused.value.field == "suggested_unit"
    assert (case.state, order.state) == (CaseState.DISPATCHED, WorkOrderState.DISPATCHED)


def test_a_suggestion_sideways_is_passed_on() -> None:
    case, order, _ = dispatched()
    assert take_back(case, order, suggested=OTHER).suggested_unit == OTHER


def test_closing_a_case_closes_a_work_order_that_is_still_open_and_leaves_a_reported_one() -> None:
    case, order, _ = dispatched()
    case.close(order, now=MONDAY)
    assert (case.state, order.state) == (CaseState.CLOSED, WorkOrderState.CLOSED)
    done, reported, _ = dispatched()
    reported.sign_off(by=staff_of(LEAD), now=MONDAY)
    reported.report_back(report(reported), done.graded(), now=MONDAY)
    done.close(reported, now=MONDAY)
    assert (done.state, reported.state) == (CaseState.CLOSED, WorkOrderState.REPORTED_BACK)


VERBS = st.sampled_from(["sign_off", "return", "report_back", "reopen", "redispatch", "close"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(VERBS, st.sampled_from([LEAD, OTHER, "market", TOWNSHIP_UNIT])), max_size=25))
def test_whatever_is_done_a_case_is_with_one_unit_or_with_the_desk(steps: list[tuple[str, str]]) -> None:
    case, order, _ = dispatched()
    orders = [order]
    for verb, unit in steps:
        try:
            _act(case, orders, verb, unit)
        except Refused:
            continue
        finally:
            _assert_held(case, orders)


def _act(case: RoutedCase, orders: list[WorkOrder], verb: str, unit: str) -> None:
    order = orders[-1]
    match verb:
        case "sign_off":
            order.sign_off(by=staff_of(unit), now=MONDAY)
        case "return":
            take_back(case, order, by=staff_of(unit))
        case "report_back":
            order.report_back(report(order, by=staff_of(unit)), case.graded(), now=MONDAY)
        case "reopen" if case.state == CaseState.DISPATCHED:
            order.reopen(ReopenCause.NOT_VERIFIED, case.graded(), now=MONDAY)
        case "redispatch":
            returned = frozenset(each.unit for each in orders if each.returned_at is not None)
            orders.append(send_on(case, unit, returned_by=returned))
        case "close" if case.state != CaseState.CLOSED:
            case.close(order if case.current_work_order_id else None, now=MONDAY)
        case _:
            pass


def _assert_held(case: RoutedCase, orders: list[WorkOrder]) -> None:
    open_orders = [order for order in orders if order.open]
    held = [order for order in orders if order.work_order_id == case.current_work_order_id]
    assert len(open_orders) <= 1
    if case.state == CaseState.DISPATCHED:
        assert [order.unit for order in held] == [case.owner]
        assert held[0].open or held[0].state == WorkOrderState.REPORTED_BACK
        assert set(open_orders) <= set(held)
    else:
        assert not open_orders
    if case.state == CaseState.TRIAGE:
        assert (case.owner, held) == (DESK, [])
    assert case.returns == sum(order.state == WorkOrderState.RETURNED for order in orders)
    assert all(WorkOrderState(order.state) in OPEN_WORK_ORDERS for order in open_orders)


def _two_open(case: RoutedCase, orders: list[WorkOrder]) -> None:
    orders.append(dispatched()[1])


def _with_another(case: RoutedCase, orders: list[WorkOrder]) -> None:
    case.owner = OTHER


def _with_nobody(case: RoutedCase, orders: list[WorkOrder]) -> None:
    case.current_work_order_id = None


def _closed_but_open(case: RoutedCase, orders: list[WorkOrder]) -> None:
    case.state = CaseState.CLOSED


def _uncounted_return(case: RoutedCase, orders: list[WorkOrder]) -> None:
    take_back(case, orders[0])
    case.returns = 0


@pytest.mark.parametrize("plant", [_two_open, _with_another, _with_nobody, _closed_but_open, _uncounted_return])
def test_the_invariant_sees_what_is_planted(plant: Callable[[RoutedCase, list[WorkOrder]], None]) -> None:
    case, order, _ = dispatched()
    orders = [order]
    _assert_held(case, orders)
    plant(case, orders)
    with pytest.raises(AssertionError):
        _assert_held(case, orders)
