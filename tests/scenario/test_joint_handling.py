"""联办: one lead, several supporters, a work order and a clock each; who owes is seen, and holds the lead back."""

import pytest

from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import InsistOnSupporter, ReleaseSupporter, WorkOrderSent
from shared.errors import RemoteRefusal
from tests.support.centre import CentreUnderTest, key

pytestmark = pytest.mark.servers
SUPPORTER = "resources-construction"


async def test_the_lead_waits_for_its_supporters(centre: CentreUnderTest) -> None:
    receipt = await centre.window_receives()
    code = receipt.case_code
    lead = await centre.open_order(code)
    await centre.supporter_joins(code, SUPPORTER)
    orders = await centre.orders(code)
    assert {unit: one.role for unit, one in orders.items()} == {lead.unit: "lead", SUPPORTER: "support"}
    owing = [one.owes for one in (await centre.every_clock(code)) if one.stage == "report_back" and not one.ended_at]
    assert sorted(owing) == sorted([lead.unit, SUPPORTER])

    await centre.unit_signs_off(lead)
    with pytest.raises(RemoteRefusal) as refused:
        await centre.unit_reports(lead)
    assert SUPPORTER in str(refused.value.as_dict())

    await centre.unit_signs_off(orders[SUPPORTER])
    await centre.unit_reports(orders[SUPPORTER], replied=False)
    assert [one.unit for one in (await centre.results(code, by=centre.liaison(lead.unit))).results] == [SUPPORTER]
    await centre.unit_reports(lead)
    assert (await centre.results(code)).owing == ()
    await centre.grid_verifies(code)
    await centre.window_follows_up(code)
    await centre.window_closes(code)
    assert (await centre.events(code)).count("escalation.verification.assigned") == 1, "only the lead's report"
    assert all(one.ended_at for one in await centre.every_clock(code))


async def test_sub_results_are_for_the_units_of_the_case(centre: CentreUnderTest) -> None:
    receipt = await centre.window_receives()
    await centre.supporter_joins(receipt.case_code, SUPPORTER)
    with pytest.raises(RemoteRefusal):
        await centre.results(receipt.case_code, by=Actor(staff="x.1", role=Role.HANDLER, unit="court"))


async def test_a_supporter_that_returns_owes_until_a_person_decides(centre: CentreUnderTest) -> None:
    receipt = await centre.window_receives()
    code = receipt.case_code
    await centre.supporter_joins(code, SUPPORTER)
    orders = await centre.orders(code)
    support = orders[SUPPORTER]
    lead = next(one for one in orders.values() if one.role == "lead")
    await centre.unit_returns(support)
    await centre.unit_signs_off(lead)
    with pytest.raises(RemoteRefusal):
        await centre.unit_reports(lead)
    command = ReleaseSupporter(
        actor=centre.dispatcher, idempotency_key=key(), work_order_id=support.work_order_id, reason="确不需要"
    )
    await centre.do(command)
    await centre.unit_reports(lead)
    clocks = await centre.every_clock(code)
    assert not [one for one in clocks if one.owes == SUPPORTER and not one.ended_at]


async def test_a_joint_rule_of_the_pack_brings_all_its_units_and_waits_for_each(centre: CentreUnderTest) -> None:
    """工地欠薪: labour leads, construction supports; each with its own clocks, and one verification at the end."""
    code = (await centre.window_receives(category="labour.wages.construction")).case_code
    rule = next(one for one in centre.pack.rules if one.id == "construction-wages")
    orders = await centre.orders(code)
    assert {unit: one.role for unit, one in orders.items()} == {
        rule.unit: "lead",
        **dict.fromkeys(rule.supporters, "support"),
    }
    [routed] = [one for one in await centre.story(code) if one.type == "dispatch.case.routed"]
    assert (routed.data["rule"], tuple(routed.data["supporters"])) == (rule.id, rule.supporters)
    running = [(one.stage, one.owes) for one in await centre.every_clock(code) if not one.ended_at]
    each = [(stage, unit) for unit in orders for stage in ("report_back", "return", "sign_off")]
    assert sorted(running) == sorted([*each, ("contact", rule.unit)]), "one of them speaks with the requester"

    for one in sorted(orders.values(), key=lambda one: one.role, reverse=True):
        await centre.unit_signs_off(one)
        await centre.unit_reports(one, replied=one.role == "lead")
    await centre.grid_verifies(code)
    await centre.window_follows_up(code)
    await centre.window_closes(code)
    assert all(one.ended_at for one in await centre.every_clock(code))


async def test_a_correction_brings_the_supporters_a_graver_matter_needs(centre: CentreUnderTest) -> None:
    """The lead stays at work; the table now names others to support it, and a person says yes."""
    code = (await centre.window_receives(category="safety.work.sites", level="IV")).case_code
    lead = await centre.open_order(code)
    await centre.unit_signs_off(lead)
    await centre.window_corrects(code, level="II")
    [proposal] = (await centre.proposals()).proposals
    assert (proposal.unit, proposal.instead_of) == (lead.unit, lead.unit)
    assert set(await centre.orders(code)) == {lead.unit}, "nobody joins by itself"
    await centre.dispatcher_decides(proposal.proposal_id, confirm=True)
    orders = await centre.orders(code)
    assert {unit: one.role for unit, one in orders.items()} == {
        lead.unit: "lead",
        **dict.fromkeys(proposal.supporters, "support"),
    }
    assert (orders[lead.unit].work_order_id, orders[lead.unit].state) == (lead.work_order_id, "signed_off")
    owing = {one.owes for one in await centre.every_clock(code) if one.stage == "report_back" and not one.ended_at}
    assert owing == {lead.unit, *proposal.supporters}


async def test_a_disputed_support_is_the_directors_to_decide_whoever_leads(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives()).case_code
    await centre.supporter_joins(code, SUPPORTER)
    orders = await centre.orders(code)
    support = orders[SUPPORTER]
    lead = next(one for one in orders.values() if one.role == "lead")
    await centre.unit_disputes(support)
    decision = [one.owes for one in await centre.every_clock(code) if one.stage == "dispatch" and not one.ended_at]
    assert decision == ["duty_director"]
    [waiting] = (await centre.triage()).returned_support
    assert (waiting.unit, waiting.lead, waiting.desk) == (SUPPORTER, lead.unit, "duty_director")

    release = ReleaseSupporter(
        actor=centre.dispatcher, idempotency_key=key(), work_order_id=support.work_order_id, reason="不需要了"
    )
    with pytest.raises(RemoteRefusal):
        await centre.do(release)
    await centre.unit_returns(lead)
    with pytest.raises(RemoteRefusal) as refused:
        await centre.dispatcher_sends(code, SUPPORTER)
    assert refused.value.as_dict()["code"] == "director_decides", "nor is it got rid of by giving it the lead"

    insist = InsistOnSupporter(
        actor=centre.director, idempotency_key=key(), work_order_id=support.work_order_id, ground="属其法定协助义务"
    )
    await centre.do(insist, WorkOrderSent)
    again = (await centre.orders(code))[SUPPORTER]
    assert (again.role, again.designated) == ("support", True)
    with pytest.raises(RemoteRefusal):
        await centre.unit_disputes(again)
    owing = [one.owes for one in await centre.every_clock(code) if one.stage == "dispatch" and not one.ended_at]
    assert owing == ["dispatcher"], "what is left to decide is who leads"
