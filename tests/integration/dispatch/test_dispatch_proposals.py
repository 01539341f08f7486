"""A case put right by its window: the new route waits for a person, over a real database."""

import asyncio
from uuid import uuid4

import pytest

from services.dispatch.operations.proposals import decide_proposal
from services.dispatch.queries.routes import explain_route, list_proposals
from shared.contracts.actors import Actor
from shared.contracts.dispatch import (
    CaseRouted,
    ExplainRoute,
    ListProposals,
    Proposal,
    ProposalDecided,
    RouteProposed,
    WorkOrderWithdrawn,
)
from shared.contracts.intake import CaseAccepted, HandlingMode
from shared.errors import NotFound, Refused
from tests.integration.dispatch.given import Bench, verified
from tests.unit.dispatch.given import DIRECTOR, DISPATCHER, LEAD, OTHER, THIRD, accepted, corrected, deciding

pytestmark = pytest.mark.servers
NOISE = "environment.noise.social"


async def waiting(bench: Bench) -> tuple[Proposal, ...]:
    return (await list_proposals(bench.work, ListProposals(actor=DISPATCHER), now=bench.now)).proposals


async def decides(bench: Bench, proposal: Proposal, *, confirm: bool = True, by: Actor = DISPATCHER) -> None:
    await decide_proposal(bench.work, deciding(proposal.proposal_id, confirm=confirm, by=by), now=bench.now)


async def put_right(bench: Bench, category: str = NOISE) -> tuple[CaseAccepted, Proposal]:
    event = accepted()
    await bench.hears(event, corrected(event, category))
    (proposal,) = await waiting(bench)
    return event, proposal


async def test_a_correction_in_the_very_batch_of_the_acceptance_proposes_a_route(bench: Bench) -> None:
    event, proposal = await put_right(bench)
    assert (proposal.unit, proposal.instead_of, proposal.category) == (OTHER, LEAD, NOISE)
    (told,) = await bench.event_data(event.case_code, RouteProposed)
    assert told["proposal_id"] == str(proposal.proposal_id)
    assert (await bench.case(event.case_id)).owner == LEAD
    why = await explain_route(bench.work, ExplainRoute(actor=DISPATCHER, case_code=event.case_code), now=bench.now)
    assert why.proposal == proposal


async def test_confirmed_it_goes_to_the_other_unit(bench: Bench) -> None:
    event, proposal = await put_right(bench)
    await decides(bench, proposal)
    assert [(one.unit, one.state) for one in await bench.orders(event.case_id)] == [
        (LEAD, "withdrawn"),
        (OTHER, "dispatched"),
    ]
    assert (await bench.event_data(event.case_code, WorkOrderWithdrawn))[0]["cause"] == "rerouted"
    routed = (await bench.event_data(event.case_code, CaseRouted))[-1]
    assert (routed["by"], routed["rule"], routed["category"]) == ("person", "social-noise", NOISE)
    assert await waiting(bench) == ()


async def test_dismissed_it_stays_where_it_is(bench: Bench) -> None:
    event, proposal = await put_right(bench)
    await decides(bench, proposal, confirm=False)
    assert (await bench.case(event.case_id)).owner == LEAD
    (decided,) = await bench.event_data(event.case_code, ProposalDecided)
    assert decided["confirmed"] is False
    assert await waiting(bench) == ()


async def test_a_newer_correction_takes_the_place_of_an_older_one(bench: Bench) -> None:
    event, first = await put_right(bench)
    await bench.hears(corrected(event, "consumer"), corrected(event, NOISE), corrected(event, "consumer"))
    (last,) = await waiting(bench)
    assert (last.unit, last.proposal_id != first.proposal_id) == (THIRD, True)
    assert await bench.count("proposal") == 4
    with pytest.raises(Exception, match="no longer stands"):
        await decides(bench, first)


async def not_solved(bench: Bench, event: CaseAccepted) -> None:
    lead = await bench.lead(event.case_id)
    await bench.hears(verified(lead, bench, round_=lead.round))


async def reported(bench: Bench, event: CaseAccepted) -> None:
    order = await bench.lead(event.case_id)
    if order.state == "dispatched":
        await bench.signs_off(order)
    await bench.reports(await bench.lead(event.case_id))


async def test_what_was_put_right_while_the_report_was_looked_at_is_proposed_when_the_work_begins_again(
    bench: Bench,
) -> None:
    """The unit may not return what was reopened: without a proposal it would stay with the wrong one."""
    event = accepted()
    await bench.case_arrives(event)
    await reported(bench, event)
    await bench.hears(corrected(event, NOISE))
    assert await waiting(bench) == ()
    await not_solved(bench, event)
    (proposal,) = await waiting(bench)
    assert (proposal.unit, proposal.instead_of, proposal.category) == (OTHER, LEAD, NOISE)
    await decides(bench, proposal, confirm=False)
    await reported(bench, event)
    await not_solved(bench, event)
    assert await waiting(bench) == (), "what a person did not want is not proposed again"


async def test_where_the_table_says_what_it_said_a_designation_stands(bench: Bench) -> None:
    event = accepted()
    await bench.case_arrives(event)
    await bench.designates(event.case_code, OTHER)
    await reported(bench, event)
    await bench.hears(corrected(event, event.category, flags=("group",)))
    await not_solved(bench, event)
    assert (await bench.lead(event.case_id)).unit == OTHER
    assert await waiting(bench) == ()


async def test_two_who_decide_at_once_decide_once(bench: Bench) -> None:
    event, proposal = await put_right(bench)
    both = (decides(bench, proposal), decides(bench, proposal, confirm=False, by=DIRECTOR))
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", "ProposalIsOver"]
    assert len(await bench.event_data(event.case_code, ProposalDecided)) == 1


async def test_a_designation_and_a_confirmation_at_once_leave_one_lead(bench: Bench) -> None:
    event, proposal = await put_right(bench)
    both = (decides(bench, proposal), bench.designates(event.case_code, THIRD))
    await asyncio.gather(*both, return_exceptions=True)
    held = await bench.case(event.case_id)
    assert held.owner == THIRD, "the ruling is the last word in either order"
    assert [one.unit for one in await bench.orders(event.case_id) if one.open] == [THIRD]
    assert await waiting(bench) == ()


async def test_supporters_a_correction_brings_and_the_leads_report_at_once_end_in_one_of_the_two(bench: Bench) -> None:
    for _ in range(4):
        event = accepted("safety.work.sites")
        await bench.hears(event, corrected(event, "safety.work.sites", level="II"))
        lead = await bench.lead(event.case_id)
        await bench.signs_off(lead)
        (proposal,) = await waiting(bench)
        assert (proposal.unit, len(proposal.supporters)) == (lead.unit, 2)
        outcomes = await asyncio.gather(decides(bench, proposal), bench.reports(lead), return_exceptions=True)
        (refused,) = [one for one in outcomes if isinstance(one, BaseException)]
        assert isinstance(refused, Refused)
        assert refused.code in ("supporters_owe", "proposal_over")
        orders = await bench.orders(event.case_id)
        assert len(orders) == (3 if refused.code == "supporters_owe" else 1)
        assert orders[0].work_order_id == lead.work_order_id


async def test_a_window_case_put_right_leaves_no_trace_here(bench: Bench) -> None:
    event = accepted(mode=HandlingMode.SELF)
    await bench.hears(event, corrected(event, NOISE))
    assert (await bench.count("proposal"), await bench.count("routed_case")) == (0, 0)


async def test_a_proposal_nobody_made_is_refused_by_name(bench: Bench) -> None:
    with pytest.raises(NotFound) as refused:
        await decide_proposal(bench.work, deciding(uuid4()), now=bench.now)
    assert refused.value.field == "proposal_id"
