"""A unit that says "not ours" hands the case back, never into nothing; the centre's clock runs until it is sent on."""

import pytest

from shared.errors import RemoteRefusal
from tests.support.centre import CentreUnderTest

pytestmark = pytest.mark.servers


async def test_not_ours_is_returned_and_sent_on(centre: CentreUnderTest) -> None:
    receipt = await centre.window_receives()
    code = receipt.case_code
    first = await centre.open_order(code)
    await centre.unit_returns(first)

    [waiting] = (await centre.triage()).cases
    assert (waiting.case_code, waiting.returns) == (code, 1)
    assert (await centre.clocks(code))["dispatch"].state == "armed"

    other = next(unit.code for unit in centre.pack.units if unit.kind == "department" and unit.code != first.unit)
    await centre.dispatcher_sends(code, other)
    second = await centre.open_order(code)
    assert second.unit == other
    assert (await centre.triage()).total == 0
    clocks = await centre.clocks(code)
    assert clocks["dispatch"].state == "met"
    assert clocks["report_back"].owes == other

    told = await centre.events(code)
    assert told.count("dispatch.work_order.dispatched") == 2
    assert told.count("dispatch.work_order.returned") == 1


async def test_what_no_rule_can_place_waits_for_a_person_with_the_reason(centre: CentreUnderTest) -> None:
    receipt = await centre.window_receives(category=None)
    [waiting] = (await centre.triage()).cases
    assert waiting.case_code == receipt.case_code
    assert waiting.reason
    routed = next(one for one in await centre.story(receipt.case_code) if one.type == "dispatch.case.routed")
    assert routed.data["by"] == "triage"
    assert routed.data["reason"] == waiting.reason


async def test_a_case_goes_from_unit_to_unit_only_so_often(centre: CentreUnderTest) -> None:
    """By routes confirmed one after the other: then only the duty director moves it."""
    code = (await centre.window_receives()).case_code
    matters = ("environment.noise.social", "labour.wages.arrears")
    for hop in range(centre.pack.handing.hops_max - 1):
        await centre.window_corrects(code, category=matters[hop % 2])
        [proposal] = (await centre.proposals()).proposals
        await centre.dispatcher_decides(proposal.proposal_id, confirm=True)
    assert (await centre.why(code)).hops == centre.pack.handing.hops_max
    last = await centre.open_order(code)
    await centre.window_corrects(code, category=matters[(centre.pack.handing.hops_max - 1) % 2])
    [proposal] = (await centre.proposals()).proposals
    with pytest.raises(RemoteRefusal) as refused:
        await centre.dispatcher_decides(proposal.proposal_id, confirm=True)
    assert (refused.value.as_dict()["code"], refused.value.field) == ("hops_exhausted", "proposal_id")
    assert (await centre.open_order(code)).work_order_id == last.work_order_id

    await centre.unit_returns(last)
    [waiting] = (await centre.triage()).cases
    assert (waiting.desk, waiting.returns) == ("duty_director", 1)
    await centre.director_designates(code, "livelihood")
    assert (await centre.open_order(code)).designated
    assert (await centre.proposals()).proposals == ()
    running = {one.owes for one in await centre.every_clock(code) if not one.ended_at}
    assert running == {"livelihood"}, "of all the units it was with, only the last owes"


async def test_a_unit_cannot_act_for_another(centre: CentreUnderTest) -> None:
    receipt = await centre.window_receives()
    order = await centre.open_order(receipt.case_code)
    stranger = order.model_copy(update={"unit": "command-centre"})
    with pytest.raises(RemoteRefusal) as refused:
        await centre.unit_signs_off(stranger)
    assert refused.value.field == "actor.unit"
    assert (await centre.open_order(receipt.case_code)).state == "dispatched"


async def test_a_restart_in_the_middle_loses_nothing(centre: CentreUnderTest) -> None:
    receipt = await centre.window_receives()
    await centre.restarts()
    order = await centre.open_order(receipt.case_code)
    await centre.unit_returns(order)
    await centre.restarts()
    await centre.dispatcher_sends(receipt.case_code, "police")
    await centre.restarts()
    again = await centre.open_order(receipt.case_code)
    await centre.unit_signs_off(again)
    await centre.unit_reports_back(again)
    await centre.restarts()
    await centre.grid_verifies(receipt.case_code)
    await centre.window_follows_up(receipt.case_code)
    await centre.restarts()
    await centre.window_closes(receipt.case_code)
    clocks = await centre.clocks(receipt.case_code)
    assert all(one.ended_at is not None for one in clocks.values())
