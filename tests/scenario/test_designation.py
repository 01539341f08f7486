"""Two departments that both say "not ours": the duty director rules, the ruling binds and is a precedent."""

import pytest

from shared.errors import RemoteRefusal
from tests.support.centre import TOWN, WAGES, CentreUnderTest

pytestmark = pytest.mark.servers
OTHER, THIRD = "livelihood", "enforcement-emergency"


async def test_the_second_return_goes_to_the_duty_director_and_the_ruling_binds(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives()).case_code
    first = await centre.open_order(code)
    await centre.unit_returns(first)
    await centre.dispatcher_sends(code, OTHER)
    await centre.unit_returns(await centre.open_order(code))
    [waiting] = (await centre.triage()).cases
    assert (waiting.desk, waiting.returns) == ("duty_director", 2)
    assert (await centre.clocks(code))["dispatch"].owes == "duty_director"

    with pytest.raises(RemoteRefusal):
        await centre.dispatcher_sends(code, THIRD)
    await centre.director_designates(code, first.unit)
    order = await centre.open_order(code)
    assert (order.unit, order.designated) == (first.unit, True)
    with pytest.raises(RemoteRefusal) as refused:
        await centre.unit_returns(order)
    assert "designated" in refused.value.as_dict()["code"]

    why = await centre.why(code)
    assert [one.by for one in why.routings] == ["rule", "person", "designation"]
    again = (await centre.window_receives(category=WAGES, place=TOWN)).case_code
    precedents = (await centre.why(again)).precedents
    assert [one.unit for one in precedents] == [first.unit], (
        "routing shows what was ruled for the same matter and place"
    )


async def test_a_dispute_goes_to_the_director_at_once(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives()).case_code
    order = await centre.open_order(code)
    await centre.unit_disputes(order)
    [waiting] = (await centre.triage()).cases
    assert (waiting.desk, waiting.returns) == ("duty_director", 1)
    await centre.director_designates(code, OTHER)
    assert (await centre.open_order(code)).unit == OTHER
    assert (await centre.clocks(code))["dispatch"].state == "met"


async def test_the_director_takes_a_case_from_the_unit_that_holds_it(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives()).case_code
    first = await centre.open_order(code)
    await centre.unit_signs_off(first)
    await centre.director_designates(code, OTHER)
    open_now = [one for one in await centre.every_clock(code) if not one.ended_at and one.stage == "report_back"]
    assert [one.owes for one in open_now] == [OTHER], "the first unit owes nothing any more"
    assert "dispatch.work_order.withdrawn" in await centre.events(code)


async def test_a_correction_is_a_proposal_until_a_person_confirms_it(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives()).case_code
    first = await centre.open_order(code)
    await centre.window_corrects(code, category="environment.noise.social")
    [proposal] = (await centre.proposals()).proposals
    assert (proposal.case_code, proposal.instead_of) == (code, first.unit)
    assert (await centre.open_order(code)).unit == first.unit, "nothing has moved yet"
    await centre.dispatcher_decides(proposal.proposal_id, confirm=True)
    assert (await centre.open_order(code)).unit == proposal.unit != first.unit
    assert (await centre.proposals()).proposals == ()
    owing = {one.owes for one in await centre.every_clock(code) if not one.ended_at and one.stage != "dispatch"}
    assert first.unit not in owing
