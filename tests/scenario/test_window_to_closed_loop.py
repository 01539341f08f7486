"""A case goes from the window through its unit and the grid back to the window, and everything promised is kept."""

import pytest

from tests.support.centre import CentreUnderTest

pytestmark = pytest.mark.servers


async def test_a_case_from_the_window_to_the_closed_loop(centre: CentreUnderTest) -> None:
    receipt = await centre.window_receives()
    order = await centre.open_order(receipt.case_code)
    assert order.state == "dispatched"
    await centre.unit_signs_off(order)
    await centre.unit_contacts_requester(order)
    await centre.time_passes(hours=3)
    await centre.unit_reports_back(order)
    await centre.grid_verifies(receipt.case_code)
    await centre.window_follows_up(receipt.case_code)
    await centre.window_closes(receipt.case_code)

    assert (await centre.case(receipt.case_code)).state == "closed"
    clocks = await centre.clocks(receipt.case_code)
    assert {stage: one.state for stage, one in clocks.items()} == {
        "accept": "met",
        "dispatch": "met",
        "sign_off": "met",
        "contact": "met",
        "return": "cancelled",  # a right the unit made no use of
        "report_back": "met",
        "verify": "met",
        "follow_up": "met",
    }
    told = await centre.events(receipt.case_code)
    for event in (
        "intake.case.registered",
        "intake.case.accepted",
        "dispatch.case.routed",
        "dispatch.work_order.dispatched",
        "dispatch.work_order.signed_off",
        "dispatch.work_order.requester_contacted",
        "dispatch.work_order.reported_back",
        "escalation.verification.assigned",
        "escalation.verification.recorded",
        "intake.case.followed_up",
        "intake.case.closed",
    ):
        assert told.count(event) == 1, event
