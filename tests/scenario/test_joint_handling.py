"""联办: one lead, several supporters, a work order and a clock each; who owes is seen, and holds the lead back."""

import pytest

from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import ReleaseSupporter
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
