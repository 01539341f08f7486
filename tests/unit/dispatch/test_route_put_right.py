"""Category, place, level or flags put right: the table is asked again, and a person confirms the new route."""

from collections.abc import Callable

import pytest

from services.dispatch.errors.cases import UnitReturnedIt
from services.dispatch.errors.handing import DirectorDecides, HopsExhausted, ProposalIsOver
from services.dispatch.model import CaseFile, Changes, RouteProposal, unit_acts
from services.dispatch.model.table_routing import correct, decide_proposal
from services.dispatch.policy.cases import CaseState
from shared.centre.pack import CentrePack, Handing, Rule
from shared.contracts.dispatch import (
    CaseRouted,
    ProposalDecided,
    RouteProposed,
    WorkOrderDispatched,
    WorkOrderWithdrawn,
)
from shared.contracts.intake import CaseAccepted
from shared.errors import Refused
from tests.unit.dispatch.given import (
    DIRECTOR,
    DISPATCHER,
    FOURTH,
    LEAD,
    MONDAY,
    OTHER,
    THIRD,
    TOWN,
    WAGES,
    accepted,
    corrected,
    deciding,
    designation,
    file_of,
    moment,
    pack_with,
    redispatch,
    report,
    staff_of,
    take_back,
)

NOISE = "environment.noise.social"  # the police's by the default table


def put_right(
    file: CaseFile, event: CaseAccepted, category: str | None = NOISE, *, pack: CentrePack | None = None
) -> Changes:
    return correct(file, corrected(event, category), moment(pack=pack))


def proposed() -> tuple[CaseAccepted, CaseFile, RouteProposal]:
    event = accepted()
    file, _ = file_of(event)
    put_right(file, event)
    assert file.proposal is not None
    return event, file, file.proposal


def kinds(changes: Changes) -> list[type]:
    return [type(event) for event in changes.events]


def test_another_unit_by_the_table_is_proposed_and_nothing_moves_by_itself() -> None:
    event = accepted()
    file, _ = file_of(event)
    changes = put_right(file, event)
    (told,) = changes.events
    assert isinstance(told, RouteProposed)
    assert (told.unit, told.instead_of, told.category, told.place) == (OTHER, LEAD, NOISE, TOWN)
    assert "公安" in told.reason
    assert (file.case.owner, file.case.category, file.case.hops) == (LEAD, NOISE, 1)
    assert changes.rows == (file.proposal,)


def test_the_facts_are_put_right_whatever_the_table_says() -> None:
    event = accepted()
    file, _ = file_of(event)
    changes = correct(file, corrected(event, level="I", flags=("safety",)), moment())
    assert changes == Changes()
    assert (file.case.level, file.case.flags, file.case.owner) == ("I", ["safety"], LEAD)


def test_a_confirmed_route_takes_the_case_from_the_one_unit_to_the_other() -> None:
    _, file, proposal = proposed()
    ask = deciding(proposal.proposal_id)
    changes = decide_proposal(file, ask, moment())
    assert kinds(changes) == [ProposalDecided, WorkOrderWithdrawn, CaseRouted, WorkOrderDispatched]
    _, withdrawn, routed, sent = changes.events
    assert isinstance(withdrawn, WorkOrderWithdrawn)
    assert isinstance(routed, CaseRouted)
    assert isinstance(sent, WorkOrderDispatched)
    assert (withdrawn.unit, withdrawn.cause) == (LEAD, "rerouted")
    assert (routed.by, routed.unit, routed.rule) == ("person", OTHER, proposal.rule)
    assert routed.considered == tuple(proposal.considered)
    assert (sent.unit, sent.designated, sent.category) == (OTHER, False, NOISE)
    assert (proposal.state, proposal.decided_by, file.case.owner) == ("confirmed", DISPATCHER.name, OTHER)
    assert ask.reason not in "".join(event.model_dump_json() for event in changes.events)


def test_a_dismissed_route_leaves_everything_and_is_not_proposed_again_for_the_same_answer() -> None:
    event, file, proposal = proposed()
    changes = decide_proposal(file, deciding(proposal.proposal_id, confirm=False), moment())
    assert kinds(changes) == [ProposalDecided]
    assert (proposal.state, file.case.owner, file.orders[0].open) == ("dismissed", LEAD, True)
    assert put_right(file, event) == Changes()


def test_a_newer_correction_takes_the_place_of_an_older_one() -> None:
    event, file, first = proposed()
    changes = put_right(file, event, "consumer")
    assert kinds(changes) == [ProposalDecided, RouteProposed]
    assert first.state == "superseded"
    assert file.proposal is not None
    assert file.proposal.unit == THIRD
    back = put_right(file, event, WAGES)
    assert kinds(back) == [ProposalDecided]
    assert file.proposal is None


def test_what_the_table_cannot_place_is_not_proposed() -> None:
    event = accepted()
    file, _ = file_of(event)
    assert put_right(file, event, None) == Changes()
    assert file.case.owner == LEAD


def test_a_person_who_sent_it_elsewhere_is_not_asked_again_for_what_the_table_said_before() -> None:
    event = accepted()
    file, _ = file_of(event)
    take_back(file, file.orders[0])
    file.send_on(redispatch(file.case.case_code, FOURTH), moment())
    assert correct(file, corrected(event, level="II"), moment()) == Changes()


def test_in_triage_too_a_person_confirms() -> None:
    event = accepted(None)
    file, _ = file_of(event)
    put_right(file, event, WAGES)
    assert file.proposal is not None
    assert file.case.state == CaseState.TRIAGE
    changes = decide_proposal(file, deciding(file.proposal.proposal_id), moment())
    assert kinds(changes) == [ProposalDecided, CaseRouted, WorkOrderDispatched]
    assert file.case.owner == LEAD


def test_the_supporters_of_the_new_route_join_those_the_case_has() -> None:
    rule = Rule(id="joint", categories=(NOISE,), unit=OTHER, supporters=(THIRD, LEAD), source="样例")
    event = accepted()
    file, _ = file_of(event)
    file.designate(designation(event.case_code, FOURTH, OTHER, "party-masses"), moment())
    put_right(file, event, pack=pack_with(rule))
    assert file.proposal is not None
    decide_proposal(file, deciding(file.proposal.proposal_id, by=DIRECTOR), moment())
    assert (file.case.owner, file.owing) == (OTHER, ("party-masses", THIRD, LEAD))


def test_what_the_director_designated_only_the_director_takes_away() -> None:
    event = accepted()
    file, _ = file_of(event)
    file.designate(designation(event.case_code, FOURTH), moment())
    put_right(file, event)
    assert file.proposal is not None
    with pytest.raises(DirectorDecides):
        decide_proposal(file, deciding(file.proposal.proposal_id), moment())
    assert file.proposal.state == "open"
    decide_proposal(file, deciding(file.proposal.proposal_id, by=DIRECTOR), moment())
    assert file.case.owner == OTHER


def test_from_the_directors_desk_only_a_designation_works() -> None:
    _, file, proposal = proposed()
    take_back(file, file.orders[0], disputed=True)
    for by in (DISPATCHER, DIRECTOR):
        with pytest.raises(DirectorDecides):
            decide_proposal(file, deciding(proposal.proposal_id, by=by), moment())
    assert proposal.state == "open"


def test_a_unit_that_returned_the_case_gets_it_again_by_the_directors_word_only() -> None:
    event = accepted(NOISE)
    file, _ = file_of(event)
    take_back(file, file.orders[0])
    put_right(file, event, WAGES)
    file.send_on(redispatch(event.case_code, LEAD), moment())
    put_right(file, event, NOISE)
    assert file.proposal is not None
    with pytest.raises(UnitReturnedIt):
        decide_proposal(file, deciding(file.proposal.proposal_id), moment())
    decide_proposal(file, deciding(file.proposal.proposal_id, by=DIRECTOR), moment())
    assert file.case.owner == OTHER


def test_the_bound_of_hops_holds_for_a_new_route_too() -> None:
    few = pack_with(handing=Handing(hops_max=2))
    event, file, proposal = proposed()
    decide_proposal(file, deciding(proposal.proposal_id), moment(pack=few))
    put_right(file, event, WAGES)
    assert file.proposal is not None
    with pytest.raises(HopsExhausted):
        decide_proposal(file, deciding(file.proposal.proposal_id), moment(pack=few))


def _sent_on(file: CaseFile) -> Changes:
    take_back(file, file.orders[0])
    return file.send_on(redispatch(file.case.case_code, FOURTH), moment())


def _designated(file: CaseFile) -> Changes:
    return file.designate(designation(file.case.case_code, FOURTH), moment())


def _reported(file: CaseFile) -> Changes:
    file.orders[0].sign_off(by=staff_of(LEAD), now=MONDAY)
    return unit_acts.report(file, file.orders[0], report(file.orders[0]), moment())


def _closed(file: CaseFile) -> Changes:
    return Changes((), unit_acts.close(file, at=MONDAY))


@pytest.mark.parametrize("goes_on", [_sent_on, _designated, _reported, _closed])
def test_a_proposed_route_lapses_when_the_case_goes_on_without_it(goes_on: Callable[[CaseFile], Changes]) -> None:
    event, file, proposal = proposed()
    changes = goes_on(file)
    decided = [told for told in changes.events if isinstance(told, ProposalDecided)]
    assert [(told.proposal_id, told.confirmed) for told in decided] == [(proposal.proposal_id, False)]
    assert (proposal.state, file.proposal) == ("lapsed", None)
    with pytest.raises(ProposalIsOver) as refused:
        decide_proposal(file, deciding(proposal.proposal_id), moment())
    assert refused.value.field == "proposal_id"
    if goes_on in (_reported, _closed):
        assert correct(file, corrected(event, "consumer"), moment()) == Changes()
        assert file.case.category == "consumer"


def test_a_proposal_is_decided_once() -> None:
    _, _, proposal = proposed()
    proposal.end("dismissed", by=DISPATCHER, reason="不改派", now=MONDAY)
    with pytest.raises(Refused) as refused:
        proposal.end("confirmed", by=DISPATCHER, reason="改派", now=MONDAY)
    assert (refused.value.code, refused.value.facts["state"]) == ("proposal_over", "dismissed")
