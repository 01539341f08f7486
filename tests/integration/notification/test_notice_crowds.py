"""A crowd of ordinary messages, several copies, and large tables: nothing is told twice, late, or by reading it all."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from services.notification.channels.base import HandedOver, Outgoing
from services.notification.model import Message
from services.notification.operations import courier as courier_module
from services.notification.operations import plan_notices as plan_module
from services.notification.operations.courier import next_due
from services.notification.operations.plan_notices import plan_notices
from shared.contracts.dispatch import CaseDesignated
from tests.integration.notification.given import (
    CATEGORY,
    LIAISON,
    MONDAY,
    OTHER_UNIT,
    TOWN,
    Bench,
    Scripted,
    Whistle,
    quanzhou,
    work_order,
)

pytestmark = pytest.mark.servers
OTHER = f"{OTHER_UNIT}.liaison"


class Whistled(Scripted):
    """A whistle is blown while the first message is on its way."""

    bench: Bench

    async def send(self, message: Outgoing) -> HandedOver:
        if self.calls == 0:
            await self.bench.hears(Whistle(unit=OTHER_UNIT).rung())
        return await super().send(message)


async def test_a_whistle_does_not_wait_for_the_backlog(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier_module, "AT_ONCE_MAX", 1)
    email = Whistled("email")
    email.bench = bench
    courier = bench.with_channels(email)
    units = [unit.code for unit in quanzhou().units if unit.code != OTHER_UNIT][:6]
    posts = [unit.liaison.code for unit in quanzhou().units if unit.code in units]
    for staff in {*posts, OTHER}:
        await bench.reaches(staff, "email")
    await bench.hears(*(work_order(unit) for unit in units))
    await courier.run()
    await bench.after(seconds=11)
    assert len(email.taken) == len(units) + 1
    assert email.addresses.index(f"{OTHER}@email.example") <= 2


async def test_two_copies_that_plan_at_once_tell_one_matter_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ruling and the work order that goes with it come by two events in one instant."""
    bench.with_channels()
    order = work_order()
    ruling = CaseDesignated.model_validate(
        {
            "case_id": order.case_id,
            "case_code": order.case_code,
            "unit": order.unit,
            "ruling_id": order.work_order_id,
            "instead_of": (),
            "category": CATEGORY,
            "place": TOWN,
            "designated_at": MONDAY,
        }
    )
    await bench.hears(order, ruling)
    read = plan_module._told_before  # pyright: ignore[reportPrivateUsage]

    async def slowly(*given: Any) -> Any:
        told = await read(*given)
        await asyncio.sleep(0.3)
        return told

    monkeypatch.setattr(plan_module, "PLAN_MAX", 1)
    monkeypatch.setattr(plan_module, "_told_before", slowly)
    assert await asyncio.gather(plan_notices(bench.work), plan_notices(bench.work)) == [1, 1]
    assert [one.staff for one in await bench.messages()] == [LIAISON]


async def plan_of(bench: Bench, query: sa.Select[Any]) -> str:
    """As of a large table: the database reads it whole only where it has no other way."""
    words = str(query.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))
    async with bench.work.read() as session:
        await session.execute(sa.text("set local enable_seqscan = off"))
        return "\n".join((await session.scalars(sa.text("explain " + words.replace(":", r"\:")))).all())


async def test_when_the_next_message_is_due_is_found_by_index(bench: Bench) -> None:
    plan = await plan_of(bench, next_due(["email"]))
    assert "message_due" in plan
    assert "message_leased" in plan
    assert "Seq Scan" not in plan


@pytest.mark.parametrize(
    ("column", "value", "index"),
    [(Message.case_code, "26-0000104-5", "message_case"), (Message.role, "liaison_officer", "message_role")],
)
async def test_lists_are_read_by_index(bench: Bench, column: Any, value: str, index: str) -> None:
    assert index in await plan_of(bench, sa.select(Message.message_id).where(column == value))


class Hanging(Scripted):
    """Hangs for everybody but one, until it is let go."""

    let_go: asyncio.Event

    async def send(self, message: Outgoing) -> HandedOver:
        if message.address != f"{OTHER}@webhook.example":
            await self.let_go.wait()
        return await super().send(message)


async def test_ordinary_messages_that_hang_leave_places_for_a_whistle(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier_module, "AT_ONCE_MAX", 3)
    monkeypatch.setattr(courier_module, "ORDINARY_MAX", 2, raising=False)
    webhook = Hanging("webhook", timeout_s=60.0)
    webhook.let_go = asyncio.Event()
    courier = bench.with_channels(webhook)
    units = [unit for unit in quanzhou().units if unit.code != OTHER_UNIT][:5]
    for staff in {*(unit.liaison.code for unit in units), OTHER}:
        await bench.reaches(staff, "webhook")
    await bench.hears(*(work_order(unit.code) for unit in units))
    await courier.run()
    await bench.after(seconds=11)
    await bench.hears(Whistle(unit=OTHER_UNIT).rung())
    next_at = await courier.run()
    assert webhook.addresses == [f"{OTHER}@webhook.example"]
    assert next_at is None or next_at > bench.clock.now(), "it does not spin while the others hang"
    webhook.let_go.set()
    async with asyncio.timeout(30):
        while len(webhook.taken) < 5:
            await courier.run()
