"""No sequence of verbs breaks an invariant; and a bug planted in the product is found by the same search."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test

from services.dispatch.model import CaseFile, RoutedCase, Summons, WorkOrder, unit_acts
from services.dispatch.policy.cases import MOVES_OF
from services.escalation.model import verification
from tests.unit.sequences.machine import AnySequence, searching

SEQUENCES, UNTIL_FOUND = 120, 2_000


def test_no_sequence_of_verbs_breaks_an_invariant() -> None:
    run_state_machine_as_test(AnySequence, settings=searching(SEQUENCES))


Plant = Callable[[pytest.MonkeyPatch], None]


def the_first_receiver_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    true = RoutedCase.order

    def order(self: RoutedCase, unit: str, *args: Any, **kwargs: Any) -> WorkOrder:
        self.first_receiver = unit
        return true(self, unit, *args, **kwargs)

    patch.setattr(RoutedCase, "order", order)


def the_old_lead_keeps_its_work_order(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(CaseFile, "_withdraw_for", lambda self, handing, moment: [])


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
    patch.setattr(verification, "handled", lambda by, **_: False)


def a_designated_unit_returns(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(WorkOrder, "_require_returnable", lambda self, until, *, now: None)


def returns_have_no_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(unit_acts, "desk_after_return", lambda handing, **_: "dispatcher")


def a_refused_verb_leaves_a_trace(patch: pytest.MonkeyPatch) -> None:
    true = WorkOrder.sign_off

    def sign_off(self: WorkOrder, *, by: Any, now: Any) -> Any:
        self.signed_off_by = by.staff
        return true(self, by=by, now=now)

    patch.setattr(WorkOrder, "sign_off", sign_off)


def a_closed_case_leaves_a_supporter_at_work(patch: pytest.MonkeyPatch) -> None:
    true = WorkOrder.close
    patch.setattr(WorkOrder, "close", lambda self, *, now: true(self, now=now) if self.part == "lead" else None)


PLANTED: tuple[Plant, ...] = (
    the_first_receiver_is_forgotten,
    the_old_lead_keeps_its_work_order,
    a_returned_case_stays_with_its_unit,
    the_lead_finishes_while_a_supporter_owes,
    the_asker_approves,
    the_handler_verifies,
    a_designated_unit_returns,
    returns_have_no_end,
    a_refused_verb_leaves_a_trace,
    a_closed_case_leaves_a_supporter_at_work,
)


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_bug_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(AnySequence, settings=searching(UNTIL_FOUND))


def test_every_verb_has_been_tried_on_every_kind_of_work_order() -> None:
    """A search that never gets anywhere finds nothing: both roles have moves of their own."""
    assert set(MOVES_OF) == {"lead", "support"}
