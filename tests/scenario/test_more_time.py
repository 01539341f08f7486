"""延期与挂账: more time is asked in time, decided by another, and on record; the promise that stood is never edited."""

from datetime import timedelta

import pytest

from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import (
    AskExtension,
    AskSuspension,
    DecideDeferral,
    Deferral,
    WorkOrderView,
)
from shared.errors import RemoteRefusal
from tests.support.centre import CentreUnderTest, key

pytestmark = pytest.mark.servers
DIRECTOR = Actor(staff="director.1", role=Role.DUTY_DIRECTOR)


def handler(order: WorkOrderView) -> Actor:
    return Actor(staff=f"handler.{order.unit}", role=Role.HANDLER, unit=order.unit)


async def at_work(centre: CentreUnderTest) -> WorkOrderView:
    receipt = await centre.window_receives(category="labour.welfare.insurance")
    order = await centre.open_order(receipt.case_code)
    await centre.unit_signs_off(order)
    return order


async def decide(centre: CentreUnderTest, asked: Deferral) -> Deferral:
    command = DecideDeferral(actor=DIRECTOR, idempotency_key=key(), deferral_id=asked.deferral_id, approve=True)
    return await centre.ask(command, Deferral)


async def test_an_extension_is_a_fact_beside_the_promise_that_stood(centre: CentreUnderTest) -> None:
    order = await at_work(centre)
    code = order.case_code
    ask = AskExtension(
        actor=handler(order), idempotency_key=key(), work_order_id=order.work_order_id, days=3, reason="需等待鉴定结论"
    )
    asked = await centre.ask(ask, Deferral)
    before = (await centre.clocks(code))["report_back"]
    assert asked.due_at == before.due_at
    approved = await decide(centre, asked)
    await centre.settle()
    stood, moved = [one for one in await centre.every_clock(code) if one.stage == "report_back"]
    assert (stood.clock, stood.due_at, stood.state) == (before.clock, before.due_at, "cancelled")
    assert (moved.due_at, moved.state) == (approved.new_due_at, "armed")
    assert moved.due_at > stood.due_at
    told = next(one for one in await centre.story(code) if one.type == "dispatch.deferral.extended")
    assert "需等待鉴定结论" not in str(told.data)


async def test_a_suspension_stops_the_clock_and_ends_by_itself(centre: CentreUnderTest) -> None:
    order = await at_work(centre)
    code = order.case_code
    until = await centre.time_passes(hours=1)
    ask = AskSuspension(
        actor=handler(order),
        idempotency_key=key(),
        work_order_id=order.work_order_id,
        until=until + timedelta(days=3),
        reason="待法院判决生效",
    )
    await decide(centre, await centre.ask(ask, Deferral))
    await centre.settle()
    assert (await centre.clocks(code))["report_back"].state == "cancelled"
    await centre.time_passes(days=4)
    await centre.settle()
    running = [one for one in await centre.every_clock(code) if one.stage == "report_back" and one.state == "armed"]
    assert len(running) == 1
    assert (await centre.events(code)).count("dispatch.deferral.resumed") == 1


async def test_once_the_time_is_up_it_is_too_late(centre: CentreUnderTest) -> None:
    order = await at_work(centre)
    await centre.time_passes(days=30)
    ask = AskExtension(
        actor=handler(order), idempotency_key=key(), work_order_id=order.work_order_id, days=3, reason="来不及"
    )
    with pytest.raises(RemoteRefusal) as refused:
        await centre.ask(ask, Deferral)
    assert refused.value.as_dict()["code"] == "due_has_passed"
