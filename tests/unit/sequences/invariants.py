"""What no sequence of verbs may break: the invariants of the architecture that dispatch answers for."""

from collections import Counter

from services.dispatch.policy.cases import OPEN_WORK_ORDERS, CaseState, WorkOrderState
from services.dispatch.policy.summoning import OPEN_SUMMONSES, SummonsState
from shared.contracts.dispatch import CaseDesignated
from tests.unit.dispatch.given import quanzhou
from tests.unit.sequences.desk import Desk

HELD = OPEN_WORK_ORDERS | {WorkOrderState.REPORTED_BACK}


def one_first_receiver(desk: Desk) -> None:
    """1. The first receiver stays answerable, and somebody answers at every instant."""
    case = desk.file.case
    assert case.first_receiver == desk.first_receiver
    assert case.owner


def one_lead_that_waits_for_its_supporters(desk: Desk) -> None:
    """2. An open dispatched case has exactly one lead; it is not finished while a supporting one is open."""
    file, case = desk.file, desk.file.case
    open_leads = [one for one in file.orders if one.part == "lead" and one.state in OPEN_WORK_ORDERS]
    if case.state == CaseState.DISPATCHED:
        assert file.lead is not None
        assert file.lead.part == "lead"
        assert file.lead.unit == case.owner
        assert file.lead.state in HELD
        assert open_leads in ([], [file.lead])
        assert file.lead.open or not file.owing, "the lead has finished, and a supporter owes"
    else:
        assert not open_leads
    if case.state == CaseState.CLOSED:
        assert not [one for one in file.orders if one.owes]
    busy = Counter(one.unit for one in file.orders if one.state in OPEN_WORK_ORDERS)
    assert all(number == 1 for number in busy.values()), "a unit has two open work orders on one case"


def handler_does_not_verify_and_asker_does_not_approve(desk: Desk) -> None:
    """4."""
    for task in desk.tasks:
        if task.verified_by is not None:
            assert not task.verified_by.endswith(f".{task.unit}")
            assert task.verified_by != task.reported_by
    for roll in desk.rolls:
        if SummonsState(roll.summons.state) not in (SummonsState.ASKED, SummonsState.REFUSED, SummonsState.STOOD_DOWN):
            assert roll.summons.decided_by not in (None, roll.summons.asked_by)


def designations_bind_and_returns_are_bounded(desk: Desk) -> None:
    """8. Designated units cannot return, returns per case are bounded, every ruling is on record."""
    orders = desk.file.orders
    assert not [one for one in orders if one.designated and one.returned_at is not None]
    handing = quanzhou().handing
    returned = [one for one in orders if one.part == "lead" and one.returned_at is not None]
    assert len(returned) == desk.file.case.returns <= handing.returns_to_director
    assert desk.file.case.hops <= handing.hops_max + desk.rulings
    assert len([one for one in desk.events if isinstance(one, CaseDesignated)]) == desk.rulings
    assert len([one for one in orders if one.designated and one.part == "lead"]) == desk.rulings


def a_summons_ends_and_units_answer_for_themselves(desk: Desk) -> None:
    """A summons that is over awaits nobody."""
    for roll in desk.rolls:
        if SummonsState(roll.summons.state) not in OPEN_SUMMONSES:
            assert roll.summons.ended_at is not None
            assert all(unit.ended_at or unit.state == "named" for unit in roll.units)


INVARIANTS = (
    one_first_receiver,
    one_lead_that_waits_for_its_supporters,
    handler_does_not_verify_and_asker_does_not_approve,
    designations_bind_and_returns_are_bounded,
    a_summons_ends_and_units_answer_for_themselves,
)
