"""A case put right so that the table now names supporters: a person confirms, and they join the lead it has."""

import pytest

from services.dispatch.errors.cases import CaseIsClosed
from services.dispatch.errors.handing import CaseIsReported
from services.dispatch.model import CaseFile, Changes, Moment, RouteProposal, joint, unit_acts
from services.dispatch.model.table_routing import correct, decide_proposal
from shared.centre.pack import Handing, Rule
from shared.contracts.dispatch import CaseRouted, ProposalDecided, RouteProposed, WorkOrderDispatched
from shared.contracts.intake import CaseAccepted
from tests.unit.dispatch.given import (
    FOURTH,
    LEAD,
    MONDAY,
    OTHER,
    THIRD,
    WAGES,
    accepted,
    adding,
    corrected,
    deciding,
    designation,
    file_of,
    moment,
    pack_with,
    releasing,
    report,
    staff_of,
)

GRAVE = pack_with(
    Rule(id="grave", categories=(WAGES,), levels=("I",), unit=LEAD, supporters=(OTHER, THIRD), source="样例"),
    handing=Handing(hops_max=2),
)


def when() -> Moment:
    return moment(pack=GRAVE)


def graver(file: CaseFile, event: CaseAccepted) -> Changes:
    return correct(file, corrected(event, level="I"), when())


def proposed() -> tuple[CaseAccepted, CaseFile, RouteProposal]:
    event = accepted()
    file, _ = file_of(event, when())
    graver(file, event)
    assert file.proposal is not None
    return event, file, file.proposal


def test_supporters_the_table_now_names_are_proposed_beside_the_lead_it_has() -> None:
    event = accepted()
    file, _ = file_of(event, when())
    (told,) = graver(file, event).events
    assert isinstance(told, RouteProposed)
    assert (told.unit, told.instead_of, told.supporters, told.rule) == (LEAD, LEAD, (OTHER, THIRD), "grave")
    assert (file.case.owner, file.owing, file.case.hops) == (LEAD, (), 1)


def test_confirmed_they_join_and_the_lead_keeps_its_work_order() -> None:
    _, file, proposal = proposed()
    lead = file.orders[0]
    lead.sign_off(by=staff_of(LEAD), now=MONDAY)
    changes = decide_proposal(file, deciding(proposal.proposal_id), when())
    decided, routed, *sent = changes.events
    assert isinstance(decided, ProposalDecided)
    assert isinstance(routed, CaseRouted)
    assert (decided.confirmed, routed.by, routed.unit, routed.supporters) == (True, "person", LEAD, (OTHER, THIRD))
    told = [(event.unit, event.role) for event in sent if isinstance(event, WorkOrderDispatched)]
    assert told == [(OTHER, "support"), (THIRD, "support")]
    assert (file.lead, lead.state, file.case.hops, file.case.routings) == (lead, "signed_off", 1, 2)
    assert (proposal.state, file.proposal) == ("confirmed", None)


def test_who_supports_already_is_not_sent_a_second_work_order() -> None:
    event, file, proposal = proposed()
    joint.add_supporter(file, adding(event.case_code, OTHER), when())
    changes = decide_proposal(file, deciding(proposal.proposal_id), when())
    assert [event.unit for event in changes.events if isinstance(event, WorkOrderDispatched)] == [THIRD]
    assert file.owing == (OTHER, THIRD)


def test_where_all_of_them_have_a_part_already_nothing_is_proposed() -> None:
    event = accepted()
    file, _ = file_of(event, when())
    for unit in (OTHER, THIRD):
        joint.add_supporter(file, adding(event.case_code, unit), when())
    released = file.orders[-1]
    joint.release_supporter(released, releasing(released), now=MONDAY)
    assert graver(file, event) == Changes(), "whom a person released is not proposed again"


def test_neither_a_ruling_nor_the_bound_of_hops_keeps_supporters_away() -> None:
    event = accepted()
    file, _ = file_of(event, when())
    file.designate(designation(event.case_code, FOURTH), when())
    file.designate(designation(event.case_code, LEAD), when())
    graver(file, event)
    assert file.proposal is not None
    decide_proposal(file, deciding(file.proposal.proposal_id), when())
    assert (file.case.owner, file.orders[1].state, file.owing) == (LEAD, "withdrawn", (OTHER, THIRD))
    assert (file.lead is not None and file.lead.designated, file.case.hops) == (True, 3)


def test_nobody_joins_a_lead_that_has_finished_or_a_case_that_is_over() -> None:
    for end, refusal in ((_reports, CaseIsReported), (_closes, CaseIsClosed)):
        _, file, proposal = proposed()
        end(file)
        file.proposal = proposal  # as if it had not lapsed with the report
        with pytest.raises(refusal) as refused:
            decide_proposal(file, deciding(proposal.proposal_id), when())
        assert refused.value.field == "proposal_id"


def _reports(file: CaseFile) -> None:
    lead = file.orders[0]
    lead.sign_off(by=staff_of(LEAD), now=MONDAY)
    unit_acts.report(file, lead, report(lead), when())


def _closes(file: CaseFile) -> None:
    unit_acts.close(file, at=MONDAY)


def test_a_person_who_sent_it_elsewhere_is_not_asked_for_supporters_of_another_lead() -> None:
    event = accepted()
    file, _ = file_of(event, when())
    file.designate(designation(event.case_code, FOURTH), when())
    assert graver(file, event) == Changes()
