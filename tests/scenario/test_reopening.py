"""What was not solved goes back to the unit with a shorter clock, and the count stays with the case."""

import pytest

from shared.contracts.escalation import VerificationOutcome
from shared.contracts.intake import DissatisfactionCause, HandlingMode, Satisfaction
from shared.errors import RemoteRefusal
from tests.support.centre import CentreUnderTest

pytestmark = pytest.mark.servers


async def test_not_solved_in_the_field_goes_back_to_the_unit(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives()).case_code
    order = await centre.open_order(code)
    await centre.unit_signs_off(order)
    await centre.unit_reports_back(order)
    first_limit = (await centre.clocks(code))["report_back"].limit
    await centre.time_passes(hours=1)
    await centre.grid_verifies(code, VerificationOutcome.NOT_SOLVED)

    again = await centre.open_order(code)
    assert (again.work_order_id, again.round) == (order.work_order_id, 2)
    clock = (await centre.clocks(code))["report_back"]
    assert clock.state == "armed"
    assert int(clock.limit.split()[0]) < int(first_limit.split()[0])
    await centre.unit_reports_back(again)
    await centre.grid_verifies(code)
    await centre.window_follows_up(code)
    await centre.window_closes(code)
    assert all(one.ended_at for one in (await centre.clocks(code)).values())


async def test_dissatisfied_with_the_unit_is_reopened(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives()).case_code
    order = await centre.open_order(code)
    await centre.unit_signs_off(order)
    await centre.unit_reports_back(order)
    await centre.grid_verifies(code)
    await centre.window_follows_up(
        code, satisfaction=Satisfaction.DISSATISFIED, solved=False, cause=DissatisfactionCause.UNIT
    )
    case = await centre.case(code)
    assert (case.state, case.round) == ("handling", 2)
    again = await centre.open_order(code)
    assert again.round == 2
    await centre.unit_reports_back(again)
    await centre.grid_verifies(code)
    await centre.window_follows_up(code, satisfaction=Satisfaction.BASICALLY)
    await centre.window_closes(code)
    assert (await centre.events(code)).count("intake.case.reopened") == 1
    assert all(one.ended_at for one in (await centre.clocks(code)).values())


async def test_a_joint_case_that_was_not_solved_comes_back_to_its_lead_alone(centre: CentreUnderTest) -> None:
    """Its supporters have done theirs; where the lead needs one again, a person adds it, and it holds the lead up."""
    code = (await centre.window_receives(category="labour.wages.construction")).case_code
    orders = await centre.orders(code)
    lead = next(one for one in orders.values() if one.role == "lead")
    [support] = [one for one in orders.values() if one.role == "support"]
    for one in (support, lead):
        await centre.unit_signs_off(one)
        await centre.unit_reports(one)
    await centre.grid_verifies(code, VerificationOutcome.NOT_SOLVED)
    assert [(one.unit, one.round) for one in (await centre.orders(code)).values()] == [(lead.unit, 2)]
    running = [(one.stage, one.owes) for one in await centre.every_clock(code) if not one.ended_at]
    assert running == [("report_back", lead.unit)]

    await centre.supporter_joins(code, support.unit)
    with pytest.raises(RemoteRefusal) as refused:
        await centre.unit_reports(lead)
    assert refused.value.as_dict()["code"] == "supporters_owe"
    again = (await centre.orders(code))[support.unit]
    assert again.work_order_id != support.work_order_id
    await centre.unit_signs_off(again)
    for one in (again, lead):
        await centre.unit_reports(one)
    await centre.grid_verifies(code)
    await centre.window_follows_up(code)
    await centre.window_closes(code)
    assert len((await centre.results(code)).results) == 4
    assert all(one.ended_at for one in await centre.every_clock(code))


async def test_a_window_handles_on_the_spot(centre: CentreUnderTest) -> None:
    from shared.contracts.base import Done
    from shared.contracts.intake import FinishOwnCase
    from tests.support.centre import key

    code = (await centre.window_receives(accept_as=HandlingMode.SELF)).case_code
    assert (await centre.clocks(code))["handle"].state == "armed"
    finish = FinishOwnCase(actor=centre.clerk, idempotency_key=key(), case_code=code, result="当场解答并打印办事指南")
    await centre.ask(finish, Done)
    await centre.settle()
    await centre.time_passes(hours=1)
    await centre.window_follows_up(
        code, satisfaction=Satisfaction.DISSATISFIED, solved=False, cause=DissatisfactionCause.UNIT
    )
    assert (await centre.clocks(code))["handle"].state == "armed", "the second round has its own clock"
    await centre.ask(finish.model_copy(update={"idempotency_key": key()}), Done)
    await centre.settle()
    await centre.window_follows_up(code)
    await centre.window_closes(code)
    clocks = await centre.clocks(code)
    assert "dispatch" not in clocks
    assert all(one.ended_at for one in clocks.values())
