"""No sequence of verbs breaks an invariant; and a bug planted in the product is found by the same search."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis.stateful import run_state_machine_as_test

from services.dispatch.errors.handing import DirectorDecides
from services.dispatch.model import (
    CaseFile,
    CaseRuling,
    Changes,
    Moment,
    RoutedCase,
    Summons,
    WorkOrder,
    case_file,
    handing,
    unit_acts,
)
from services.dispatch.policy.cases import MOVES_OF, WorkOrderState
from services.escalation.policy.obligations import Obligation
from services.escalation.policy.verifying import Handlers
from shared.contracts.dispatch import OrderRole, RouteProposed, WorkOrderDispatched
from tests.sequences import clock_book, invariants
from tests.sequences.machine import AnySequence, searching

SEQUENCES, UNTIL_FOUND = 200, 2_000
# Only a lead is reopened, so no supporter is ever at work again on the same work order.
NEVER_MADE = {("support", WorkOrderState.HANDLING, verb) for verb in ("report_back", "withdraw", "close")}

pytestmark = pytest.mark.timeout(600)


def test_no_sequence_of_verbs_breaks_an_invariant(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the search got everywhere: each move of the tables was made. What it never does, it finds no bug in."""
    made: set[tuple[OrderRole, WorkOrderState, str]] = set()
    true = WorkOrder._move

    def move(self: WorkOrder, verb: Any) -> None:
        before = WorkOrderState(self.state)
        true(self, verb)
        made.add((self.part, before, verb))

    monkeypatch.setattr(WorkOrder, "_move", move)
    possible = {(role, state, verb) for role, moves in MOVES_OF.items() for state, verb in moves}
    for sequences in (SEQUENCES, 4 * SEQUENCES, 16 * SEQUENCES):  # a rare move may want a longer search
        run_state_machine_as_test(AnySequence, settings=searching(sequences))
        if possible - made == NEVER_MADE:
            break
    assert possible - made == NEVER_MADE


Plant = Callable[[pytest.MonkeyPatch], None]


def the_first_receiver_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    true = RoutedCase.order

    def order(self: RoutedCase, unit: str, *args: Any, **kwargs: Any) -> WorkOrder:
        self.first_receiver = unit
        return true(self, unit, *args, **kwargs)

    patch.setattr(RoutedCase, "order", order)


def the_old_lead_keeps_its_work_order(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(case_file, "who_leaves", lambda lead, supporters, handing: [])


def a_returned_case_stays_with_its_unit(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(RoutedCase, "wait_for", lambda self, desk, **_: None)


def the_lead_finishes_while_a_supporter_owes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(WorkOrder, "_require_finished", lambda self, ask, owing: None)


def the_asker_approves(patch: pytest.MonkeyPatch) -> None:
    true = Summons.approve

    def approve(self: Summons, *args: Any, **kwargs: Any) -> Any:
        asked_by, self.asked_by = self.asked_by, "somebody else"
        try:
            return true(self, *args, **kwargs)
        finally:
            self.asked_by = asked_by

    patch.setattr(Summons, "approve", approve)


def the_handler_verifies(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Handlers, "include", lambda self, actor: False)


def a_designated_unit_returns(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(WorkOrder, "_require_returnable", lambda self, until, *, now: None)


def the_last_return_comes_to_a_dispatcher(patch: pytest.MonkeyPatch) -> None:
    true = unit_acts.desk_after_return
    patch.setattr(unit_acts, "desk_after_return", lambda *args, **kwargs: true(*args, **{**kwargs, "returns": 0}))


def returns_have_no_end(patch: pytest.MonkeyPatch) -> None:
    """They are counted twice: for whose desk they come to, and for who may send the case on."""
    the_last_return_comes_to_a_dispatcher(patch)
    true = CaseFile.require_dispatchers

    def require_dispatchers(self: CaseFile, *args: Any, **kwargs: Any) -> None:
        returns, self.case.returns = self.case.returns, 0
        try:
            true(self, *args, **kwargs)
        finally:
            self.case.returns = returns

    patch.setattr(CaseFile, "require_dispatchers", require_dispatchers)


def a_refused_verb_leaves_a_trace(patch: pytest.MonkeyPatch) -> None:
    true = WorkOrder.sign_off

    def sign_off(self: WorkOrder, *, by: Any, now: Any) -> Any:
        self.signed_off_by = by.staff
        return true(self, by=by, now=now)

    patch.setattr(WorkOrder, "sign_off", sign_off)


def a_closed_case_leaves_a_supporter_at_work(patch: pytest.MonkeyPatch) -> None:
    true = WorkOrder.close
    patch.setattr(WorkOrder, "close", lambda self, *, now: true(self, now=now) if self.part == "lead" else None)


def a_dispatcher_ends_a_dispute(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(WorkOrder, "waits_for_director", False)


def a_dispatcher_sends_it_again_to_who_returned_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(CaseFile, "returned_by", lambda self, role: frozenset())


def who_is_named_again_gets_nothing(patch: pytest.MonkeyPatch) -> None:
    for module in (case_file, handing):
        patch.setattr(module, "returned_and_named", lambda supporters, handing: [])


def a_route_confirmed_after_a_ruling_may_be_returned(patch: pytest.MonkeyPatch) -> None:
    def require_dispatchers(self: CaseFile, moment: Moment, *, field: str) -> None:
        if self.case.state == "triage" and self.case.desk == "duty_director":
            raise DirectorDecides("the duty director designates", field=field)

    patch.setattr(CaseFile, "require_dispatchers", require_dispatchers)


def a_supporter_gets_a_second_work_order(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(CaseFile, "joining", lambda self, units: list(units))


def a_ruling_is_not_kept(patch: pytest.MonkeyPatch) -> None:
    true = CaseFile.hand_to

    def hand_to(self: CaseFile, *args: Any, **kwargs: Any) -> Changes:
        done = true(self, *args, **kwargs)
        return replace(done, rows=tuple(row for row in done.rows if not isinstance(row, CaseRuling)))

    patch.setattr(CaseFile, "hand_to", hand_to)


def a_support_is_told_as_a_lead(patch: pytest.MonkeyPatch) -> None:
    true = RoutedCase.told_dispatched

    def told(self: RoutedCase, order: WorkOrder, *, reached: Any) -> WorkOrderDispatched:
        return true(self, order, reached=reached).model_copy(update={"role": "lead"})

    patch.setattr(RoutedCase, "told_dispatched", told)


def the_wrong_desk_is_told(patch: pytest.MonkeyPatch) -> None:
    _told_otherwise(patch, "give_back", goes_to="dispatcher")


def the_returned_support_is_told_as_a_lead(patch: pytest.MonkeyPatch) -> None:
    _told_otherwise(patch, "give_back", role="lead")


def a_withdrawal_is_told_of_another_work_order(patch: pytest.MonkeyPatch) -> None:
    _told_otherwise(patch, "withdraw", work_order_id=UUID(int=0))


def a_proposal_waits_without_a_clock(patch: pytest.MonkeyPatch) -> None:
    patch.delitem(clock_book.TABLE, RouteProposed)


def a_clock_is_armed_on_a_case_that_is_over(patch: pytest.MonkeyPatch) -> None:
    def arm(self: clock_book.ClockBook, obligation: Obligation) -> None:
        self.open[obligation.key] = obligation

    patch.setattr(clock_book.ClockBook, "_arm", arm)


def the_auditor_overlooks_the_first_contact(patch: pytest.MonkeyPatch) -> None:
    true = invariants.owed
    patch.setattr(invariants, "owed", lambda *args: [one for one in true(*args) if one.stage != "contact"])


def _told_otherwise(patch: pytest.MonkeyPatch, verb: str, **changed: Any) -> None:
    true = getattr(WorkOrder, verb)
    patch.setattr(WorkOrder, verb, lambda *args, **kwargs: true(*args, **kwargs).model_copy(update=changed))


PLANTED: Mapping[Plant, str] = {
    a_proposal_waits_without_a_clock: "clocks for sending it on are not what is owed",
    a_clock_is_armed_on_a_case_that_is_over: "the clocks are others when the other stream comes first",
    the_auditor_overlooks_the_first_contact: "the auditor finds something else owed than the clocks time",
    a_dispatcher_ends_a_dispute: "a dispatcher decided for the duty director",
    a_dispatcher_sends_it_again_to_who_returned_it: "sent again to a unit that returned it",
    who_is_named_again_gets_nothing: "a supporter that was named has no work order",
    a_route_confirmed_after_a_ruling_may_be_returned: "returned more often than a case may be",
    a_supporter_gets_a_second_work_order: "a unit has two open work orders on one case",
    a_ruling_is_not_kept: "a ruling is not on record",
    a_support_is_told_as_a_lead: "a support that is dispatched owes .* and clocks time .*contact",
    the_wrong_desk_is_told: "no clock times the desk that decides on a supporter",
    the_returned_support_is_told_as_a_lead: "no clock times the desk that decides on a supporter",
    a_withdrawal_is_told_of_another_work_order: r"that is withdrawn owes \[\], and clocks time",
    the_first_receiver_is_forgotten: "another became the first receiver",
    the_old_lead_keeps_its_work_order: "there is a second lead",
    a_returned_case_stays_with_its_unit: "the lead does not hold its work order",
    the_lead_finishes_while_a_supporter_owes: "the lead has finished, and a supporter owes",
    the_asker_approves: "whoever asked for a summons approved it",
    the_handler_verifies: "the unit that handled it verified it",
    a_designated_unit_returns: "a designated unit returned",
    the_last_return_comes_to_a_dispatcher: "it was returned often enough and waits for a dispatcher",
    returns_have_no_end: "returned more often than a case may be",
    a_refused_verb_leaves_a_trace: "a refused verb changed something",
    a_closed_case_leaves_a_supporter_at_work: "a unit owes on a closed case",
}
"""What each is found with: the words of the check that is there for it, not of any other that fails as well."""


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_bug_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError, match=PLANTED[plant]):
        run_state_machine_as_test(AnySequence, settings=searching(UNTIL_FOUND))
