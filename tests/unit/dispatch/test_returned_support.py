"""A supporter's return waits for whoever has to decide it; handing the case on is no way round that."""

import pytest

from services.dispatch.errors.cases import OwnDutyPushedDown, UnitReturnedIt
from services.dispatch.errors.handing import DesignatedNotReturnable, DirectorDecides
from services.dispatch.model import CaseFile, WorkOrder, joint
from services.dispatch.model.table_routing import correct, decide_proposal
from services.dispatch.policy.cases import WorkOrderState
from shared.centre.pack import Handing, Rule
from shared.contracts.actors import Actor
from shared.contracts.dispatch import CaseRouted, WorkOrderDispatched, WorkOrderWithdrawn
from tests.unit.dispatch.given import (
    DIRECTOR,
    DISPATCHER,
    FOURTH,
    LEAD,
    MONDAY,
    OTHER,
    THIRD,
    TOWNSHIP_UNIT,
    WAGES,
    accepted,
    adding,
    corrected,
    deciding,
    designation,
    file_of,
    insisting,
    joint_file,
    joint_pack,
    moment,
    pack_with,
    redispatch,
    releasing,
    replacing,
    staff_of,
    take_back,
)

NOISE = "environment.noise.social"  # the police's by the default table


def disputed_and_back_in_triage() -> tuple[CaseFile, WorkOrder]:
    """The lead returned for the first time, so a dispatcher may send the case on; the police dispute their support."""
    file, lead, police, _ = joint_file()
    take_back(file, police, disputed=True)
    take_back(file, lead)
    assert file.case.desk == "dispatcher"
    return file, police


@pytest.mark.parametrize(
    ("lead", "supporters"),
    [(FOURTH, (THIRD,)), (FOURTH, (LEAD,)), (OTHER, ())],
    ids=["by naming others", "by naming the lead before", "by giving it the lead"],
)
def test_no_dispatcher_ends_a_disputed_support_by_sending_the_case_on(lead: str, supporters: tuple[str, ...]) -> None:
    file, police = disputed_and_back_in_triage()
    with pytest.raises(DirectorDecides) as refused:
        file.send_on(redispatch(file.case.case_code, lead, *supporters), moment())
    assert refused.value.field == "case_code"
    assert (police.state, file.case.state, file.case.routings) == (WorkOrderState.RETURNED, "triage", 1)


def test_a_disputed_support_goes_with_the_case_until_the_director_decides() -> None:
    file, police = disputed_and_back_in_triage()
    file.send_on(redispatch(file.case.case_code, FOURTH), moment())
    assert (police.state, file.owing) == (WorkOrderState.RETURNED, (OTHER, THIRD))
    file.designate(designation(file.case.case_code, THIRD, LEAD), moment())
    assert (police.state, police.withdrawn_by) == (WorkOrderState.WITHDRAWN, DIRECTOR.name)


def test_no_dispatcher_ends_a_disputed_support_by_confirming_a_route() -> None:
    event = accepted()
    file, _ = file_of(event, moment(pack=joint_pack()))
    police = file.orders[1]
    take_back(file, police, disputed=True)
    correct(file, corrected(event, NOISE), moment())
    assert file.proposal is not None
    assert file.proposal.unit == OTHER
    with pytest.raises(DirectorDecides) as refused:
        decide_proposal(file, deciding(file.proposal.proposal_id), moment())
    assert refused.value.field == "proposal_id"
    assert (file.proposal.state, police.state, file.case.owner) == ("open", WorkOrderState.RETURNED, LEAD)
    decide_proposal(file, deciding(file.proposal.proposal_id, by=DIRECTOR), moment())
    assert (file.case.owner, police.state) == (OTHER, WorkOrderState.WITHDRAWN)


@pytest.mark.parametrize("by", ["designation", "redispatch"])
def test_a_supporter_the_director_names_again_gets_it_again_and_keeps_it(by: str) -> None:
    file, lead, police, _ = joint_file()
    take_back(file, police)
    take_back(file, lead)
    if by == "designation":
        changes = file.designate(designation(file.case.case_code, FOURTH, OTHER, THIRD), moment())
    else:
        ask = redispatch(file.case.case_code, FOURTH, OTHER, THIRD, by=DIRECTOR)
        changes = file.send_on(ask, moment())
    withdrawn = [event for event in changes.events if isinstance(event, WorkOrderWithdrawn)]
    sent = [event for event in changes.events if isinstance(event, WorkOrderDispatched)]
    assert [(event.unit, event.cause) for event in withdrawn] == [(OTHER, "replaced")]
    assert [(event.unit, event.role, event.designated) for event in sent] == [
        (FOURTH, "lead", by == "designation"),
        (OTHER, "support", True),
    ], "the market has its work order already"
    again = file.orders[-1]
    assert (again.unit, again.state, police.state) == (OTHER, WorkOrderState.DISPATCHED, WorkOrderState.WITHDRAWN)
    with pytest.raises(DesignatedNotReturnable):
        take_back(file, again)


def test_a_supporter_that_returned_and_is_not_named_stays_returned_when_a_route_is_confirmed() -> None:
    rule = Rule(id="joint", categories=(NOISE,), unit=FOURTH, supporters=(LEAD,), source="样例")
    event = accepted()
    file, _ = file_of(event, moment(pack=joint_pack()))
    police = file.orders[1]
    take_back(file, police)
    correct(file, corrected(event, NOISE), moment(pack=pack_with(rule)))
    assert file.proposal is not None
    changes = decide_proposal(file, deciding(file.proposal.proposal_id), moment())
    routed = next(event for event in changes.events if isinstance(event, CaseRouted))
    assert routed.supporters == file.owing == (OTHER, THIRD, LEAD)
    assert police.state == WorkOrderState.RETURNED, "nobody has decided on it yet"


def test_no_dispatcher_brings_back_who_returned_its_support_by_confirming_a_route() -> None:
    rule = Rule(id="joint", categories=(NOISE,), unit=FOURTH, supporters=(OTHER,), source="样例")
    event = accepted()
    file, _ = file_of(event, moment(pack=joint_pack()))
    police = file.orders[1]
    take_back(file, police)
    joint.release_supporter(police, releasing(police), now=MONDAY)
    correct(file, corrected(event, NOISE), moment(pack=pack_with(rule)))
    assert file.proposal is not None
    with pytest.raises(UnitReturnedIt) as refused:
        decide_proposal(file, deciding(file.proposal.proposal_id), moment())
    assert refused.value.field == "proposal_id"
    assert file.proposal.state == "open"
    decide_proposal(file, deciding(file.proposal.proposal_id, by=DIRECTOR), moment())
    assert file.orders[-1].unit == OTHER


def replaced_and_returned_again(*, by: Actor = DISPATCHER) -> tuple[CaseFile, WorkOrder]:
    file, _, police, _ = joint_file()
    assert take_back(file, police).goes_to == "dispatcher"
    joint.replace_supporter(file, police, replacing(police, FOURTH, by=by), moment())
    again = file.orders[-1]
    assert take_back(file, again).goes_to == "duty_director"
    return file, again


def test_a_return_of_support_after_one_that_was_decided_is_the_duty_directors() -> None:
    file, again = replaced_and_returned_again()
    assert again.return_desk == "duty_director"
    for act in (
        lambda: joint.release_supporter(again, releasing(again), now=MONDAY),
        lambda: joint.replace_supporter(file, again, replacing(again, "party-masses"), moment()),
    ):
        with pytest.raises(DirectorDecides) as refused:
            act()
        assert refused.value.field == "work_order_id"
    joint.insist_on_supporter(file, again, insisting(again), moment())
    assert file.orders[-1].designated


def test_two_that_return_at_once_are_both_the_dispatchers() -> None:
    file, _, police, market = joint_file()
    assert [take_back(file, order).goes_to for order in (police, market)] == ["dispatcher", "dispatcher"]


def test_who_is_added_again_by_the_director_and_returns_again_waits_for_the_director() -> None:
    file, _, police, _ = joint_file()
    take_back(file, police)
    joint.release_supporter(police, releasing(police), now=MONDAY)
    joint.add_supporter(file, adding(file.case.case_code, OTHER, by=DIRECTOR), moment())
    assert take_back(file, file.orders[-1]).goes_to == "duty_director"


def test_after_the_last_return_only_a_designation_moves_the_case() -> None:
    """Else a route confirmed after a ruling could be returned once more, and so on for ever."""
    event = accepted()
    file, _ = file_of(event)
    take_back(file, file.orders[0])
    file.send_on(redispatch(event.case_code, THIRD), moment())
    take_back(file, file.orders[1])
    file.designate(designation(event.case_code, FOURTH), moment())
    correct(file, corrected(event, NOISE), moment())
    assert file.proposal is not None
    for by in (DISPATCHER, DIRECTOR):
        with pytest.raises(DirectorDecides) as refused:
            decide_proposal(file, deciding(file.proposal.proposal_id, by=by), moment())
        assert (refused.value.field, file.proposal.state) == ("proposal_id", "open")
    file.designate(designation(event.case_code, OTHER), moment())
    assert (file.case.owner, file.orders[-1].designated, file.case.returns) == (OTHER, True, 2)


def test_a_pack_that_is_patient_with_returns_is_patient_here_too() -> None:
    patient = pack_with(handing=Handing(returns_to_director=3))
    event = accepted()
    file, _ = file_of(event, moment(pack=patient))
    take_back(file, file.orders[0], pack=patient)
    file.send_on(redispatch(event.case_code, THIRD), moment(pack=patient))
    take_back(file, file.orders[1], pack=patient)
    file.send_on(redispatch(event.case_code, FOURTH), moment(pack=patient))
    assert file.case.returns == 2


def test_a_supporter_a_rule_names_may_not_push_its_part_down_to_a_township() -> None:
    file, _, police, _ = joint_file()
    with pytest.raises(OwnDutyPushedDown) as refused:
        take_back(file, police, suggested=TOWNSHIP_UNIT, pack=joint_pack())
    assert (refused.value.field, refused.value.facts["rule_id"]) == ("suggested_unit", "joint")
    assert police.state == WorkOrderState.DISPATCHED


def test_a_supporter_a_person_added_may_suggest_a_township() -> None:
    file, _ = file_of(accepted(WAGES))
    joint.add_supporter(file, adding(file.case.case_code, OTHER), moment())
    assert take_back(file, file.orders[-1], suggested=TOWNSHIP_UNIT).suggested_unit == TOWNSHIP_UNIT
    assert staff_of(OTHER).unit == OTHER
