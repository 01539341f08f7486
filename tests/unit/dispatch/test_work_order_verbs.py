"""Every state of a work order x every verb, as lead and as support: allowed by the table, or refused by name."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from services.dispatch.errors.cases import (
    NotOwnUnit,
    NotPossibleNow,
    NotSignedOff,
    ReopenedNotReturnable,
    RequesterNotRepliedTo,
    ReturnTooLate,
)
from services.dispatch.errors.joint import LeadSpeaksWithRequester
from services.dispatch.model import CaseFile, WorkOrder
from services.dispatch.policy.cases import MOVES_OF, WorkOrderState, WorkOrderVerb
from shared.contracts.dispatch import (
    ContactKind,
    OrderRole,
    ReopenCause,
    WithdrawnCause,
    WorkOrderReopened,
    WorkOrderReportedBack,
)
from tests.unit.dispatch.given import (
    DISPATCHER,
    LEAD,
    MONDAY,
    OTHER,
    RETURNS_END,
    WAGES,
    contact,
    minutes,
    order_that_is,
    report,
    staff_of,
    support_that_is,
    take_back,
)

VERBS: dict[WorkOrderVerb, Callable[[CaseFile, WorkOrder], Any]] = {
    "sign_off": lambda _, order: order.sign_off(by=staff_of(order.unit), now=MONDAY),
    "contact_requester": lambda _, order: order.contact_requester(contact(order), now=MONDAY),
    "return": take_back,
    "report_back": lambda file, order: order.report_back(report(order), file.case.graded(), owing=(), now=MONDAY),
    "reopen": lambda file, order: order.reopen(ReopenCause.DISSATISFIED, file.case.graded(), now=MONDAY),
    "withdraw": lambda _, order: order.withdraw(WithdrawnCause.REROUTED, by=DISPATCHER, reason="改派", now=MONDAY),
    "close": lambda _, order: order.close(now=MONDAY),
}
BRING: dict[OrderRole, Callable[[WorkOrderState], tuple[CaseFile, WorkOrder]]] = {
    "lead": order_that_is,
    "support": support_that_is,
}
CELLS = [
    (role, state, verb)
    for role, state, verb in product(MOVES_OF, WorkOrderState, VERBS)
    if (role, state) != ("support", WorkOrderState.HANDLING)  # a supporter's work is never reopened
    and (role, verb) != ("support", "contact_requester")  # nor does it speak with the requester, see below
]


@pytest.mark.parametrize(("role", "state", "verb"), CELLS)
def test_every_state_and_verb_is_a_move_or_a_named_refusal(
    role: OrderRole, state: WorkOrderState, verb: WorkOrderVerb
) -> None:
    file, order = BRING[role](state)
    before = _seen(file, order)
    after = MOVES_OF[role].get((state, verb))
    if after is not None:
        VERBS[verb](file, order)
        assert order.state == after
        return
    with pytest.raises(NotPossibleNow) as refused:
        VERBS[verb](file, order)
    assert refused.value.field == "work_order_id"
    assert _seen(file, order) == before


def _seen(file: CaseFile, order: WorkOrder) -> tuple[object, ...]:
    case = file.case
    return order.state, order.round, case.state, case.owner, case.desk, case.returns, case.hops


@pytest.mark.parametrize("verb", ["sign_off", "contact_requester", "return", "report_back"])
@pytest.mark.parametrize("unit", [OTHER, None])
def test_only_staff_of_the_unit_act_on_its_work_order(verb: str, unit: str | None) -> None:
    file, order = order_that_is(WorkOrderState.SIGNED_OFF if verb == "report_back" else WorkOrderState.DISPATCHED)
    stranger = staff_of(unit)
    acts: dict[str, Callable[[], Any]] = {
        "sign_off": lambda: order.sign_off(by=stranger, now=MONDAY),
        "contact_requester": lambda: order.contact_requester(contact(order, by=stranger), now=MONDAY),
        "return": lambda: take_back(file, order, by=stranger),
        "report_back": lambda: order.report_back(report(order, by=stranger), file.case.graded(), owing=(), now=MONDAY),
    }
    with pytest.raises(NotOwnUnit) as refused:
        acts[verb]()
    assert refused.value.field == "actor.unit"


def test_speaking_with_the_requester_is_told_without_a_word_of_what_was_said_and_the_first_time_is_kept() -> None:
    _, order = order_that_is(WorkOrderState.SIGNED_OFF)
    first = order.contact_requester(contact(order), now=MONDAY)
    again = order.contact_requester(contact(order), now=MONDAY + timedelta(hours=1))
    assert (first.kind, first.contacted_by) == (ContactKind.TELEPHONE, f"handler.{LEAD}")
    assert (order.contacted_at, order.state) == (MONDAY, WorkOrderState.SIGNED_OFF)
    assert again.contacted_at == MONDAY + timedelta(hours=1)


def test_a_supporter_does_not_speak_with_the_requester_and_nobody_does_before_signing_off() -> None:
    _, support = support_that_is(WorkOrderState.SIGNED_OFF)
    with pytest.raises(LeadSpeaksWithRequester, match="the lead unit"):
        support.contact_requester(contact(support), now=MONDAY)
    _, order = order_that_is(WorkOrderState.DISPATCHED)
    with pytest.raises(NotSignedOff, match="sign the work order off first"):
        order.contact_requester(contact(order), now=MONDAY)
    assert (support.contacted_at, order.contacted_at) == (None, None)


def test_reporting_back_before_signing_off_is_refused() -> None:
    file, order = order_that_is(WorkOrderState.DISPATCHED)
    with pytest.raises(NotSignedOff, match="sign the work order off first"):
        order.report_back(report(order), file.case.graded(), owing=(), now=MONDAY)


def test_reporting_back_without_having_replied_to_the_requester_is_refused_and_names_the_field() -> None:
    file, order = order_that_is(WorkOrderState.SIGNED_OFF)
    with pytest.raises(RequesterNotRepliedTo) as refused:
        order.report_back(report(order, replied=False), file.case.graded(), owing=(), now=MONDAY)
    assert refused.value.field == "replied_to_requester"
    assert order.state == WorkOrderState.SIGNED_OFF


def test_a_report_is_kept_in_words_and_told_without_them() -> None:
    file, order = order_that_is(WorkOrderState.SIGNED_OFF)
    kept, told = order.report_back(report(order), file.case.graded(), owing=(), now=MONDAY)
    assert isinstance(told, WorkOrderReportedBack)
    assert kept.result == "工资已结清"
    assert "工资已结清" not in told.model_dump_json()
    assert (told.reported_by, told.round, told.category) == (f"handler.{LEAD}", 1, WAGES)


def test_reopening_goes_one_round_on_with_the_same_unit_and_needs_no_new_sign_off() -> None:
    file, order = order_that_is(WorkOrderState.REPORTED_BACK)
    told = order.reopen(ReopenCause.DISSATISFIED, file.case.graded(), now=MONDAY + minutes(5))
    assert isinstance(told, WorkOrderReopened)
    assert (told.unit, told.round, told.cause) == (LEAD, 2, ReopenCause.DISSATISFIED)
    kept, again = order.report_back(report(order), file.case.graded(), owing=(), now=MONDAY + minutes(9))
    assert (kept.round, again.round, order.state) == (2, 2, WorkOrderState.REPORTED_BACK)


def test_a_reopened_work_order_is_not_returned() -> None:
    file, order = order_that_is(WorkOrderState.HANDLING)
    with pytest.raises(ReopenedNotReturnable):
        take_back(file, order)


def test_a_work_order_is_returned_until_the_last_instant_of_the_limit() -> None:
    file, order = order_that_is(WorkOrderState.DISPATCHED)
    assert take_back(file, order, now=RETURNS_END).returned_at == RETURNS_END


@pytest.mark.parametrize("signed_off", [False, True])
def test_a_return_after_the_limit_is_refused_however_late_it_was_signed_off(signed_off: bool) -> None:
    file, order = order_that_is(WorkOrderState.DISPATCHED)
    if signed_off:
        order.sign_off(by=staff_of(LEAD), now=RETURNS_END)
    with pytest.raises(ReturnTooLate) as refused:
        take_back(file, order, now=RETURNS_END + timedelta(seconds=1))
    assert refused.value.facts["due_at"] == RETURNS_END.isoformat()
    assert file.case.state == "dispatched"
