"""Extension and suspension: approved facts beside the promised time, never an edit of it."""

from datetime import timedelta

import pytest

from shared.errors import RemoteRefusal
from tests.support.centre import CentreUnderTest

pytestmark = pytest.mark.servers


async def test_an_extension_is_a_new_clock_and_the_old_promise_stays_on_record(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives()).case_code
    order = await centre.open_order(code)
    await centre.unit_signs_off(order)
    before = (await centre.clocks(code))["report_back"]
    asked = await centre.unit_asks_extension(order, 3)
    with pytest.raises(RemoteRefusal):
        await centre.unit_asks_extension(order, 1)
    decided = await centre.director_decides(asked.deferral_id)
    clocks = [one for one in await centre.every_clock(code) if one.stage == "report_back"]
    assert {one.state for one in clocks} == {"cancelled", "armed"}
    old = next(one for one in clocks if one.state == "cancelled")
    new = next(one for one in clocks if one.state == "armed")
    assert old.due_at == before.due_at
    assert new.due_at == decided.new_due_at
    assert new.due_at > old.due_at + timedelta(days=2)
    told = [one for one in await centre.story(code) if one.type == "dispatch.deferral.extended"]
    window = [one for one in await centre.messages(case_code=code) if one.post == told[0].data["first_receiver"]]
    assert window, "the requester's window hears of it"


async def test_too_late_to_ask(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives()).case_code
    order = await centre.open_order(code)
    await centre.unit_signs_off(order)
    await centre.time_passes(days=8)
    with pytest.raises(RemoteRefusal):
        await centre.unit_asks_extension(order, 1)


async def test_a_suspension_stops_the_clock_and_ends_by_itself(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives()).case_code
    order = await centre.open_order(code)
    await centre.unit_signs_off(order)
    asked = await centre.unit_asks_suspension(order, centre.clock.now() + timedelta(days=30))
    await centre.director_decides(asked.deferral_id)
    open_now = [one for one in await centre.every_clock(code) if one.stage == "report_back" and not one.ended_at]
    assert open_now == []
    await centre.time_passes(days=15)
    assert "escalation.clock.overdue" not in await centre.events(code)
    await centre.time_passes(days=16)
    told = await centre.events(code)
    assert told.count("dispatch.deferral.resumed") == 1
    again = [one for one in await centre.every_clock(code) if one.stage == "report_back" and not one.ended_at]
    assert len(again) == 1
    assert again[0].due_at > centre.clock.now()
