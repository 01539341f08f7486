"""Several copies at once, leases, bundles, rates, and a clock that goes backwards."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from services.notification.model import Message
from services.notification.operations.claim_messages import SENDER_LOST, claim_messages, lease_span
from services.notification.operations.plan_notices import plan_notices
from shared.clock import SpeedClock
from shared.contracts.dispatch import CaseDesignated
from tests.integration.notification.given import (
    LIAISON,
    MONDAY,
    OTHER_UNIT,
    UNIT,
    Bench,
    Scripted,
    Whistle,
    down,
    quanzhou,
    work_order,
)

pytestmark = pytest.mark.servers


async def test_two_copies_send_each_message_once(bench: Bench) -> None:
    email = Scripted("email", always=lambda: 0.02)
    first = bench.with_channels(email)
    others = [bench.another() for _ in range(3)]
    units = [unit.code for unit in quanzhou().units][:20]
    for unit in units:
        await bench.reaches(f"{unit}.liaison", "email")
    await bench.hears(*(Whistle(unit=unit).rung() for unit in units for _ in range(3)))
    await asyncio.gather(*(courier.run() for courier in (first, *others)))
    await bench.close()
    sent = Counter(message.message_id for message in email.taken)
    assert len(sent) == 60
    assert set(sent.values()) == {1}
    assert {one.state for one in await bench.messages(channel="email")} == {"sent"}
    assert len(await bench.events("notice.handed_over")) == 60


async def test_a_lease_that_ran_out_is_taken_over(bench: Bench) -> None:
    """A copy claims, and dies before it sends."""
    email = Scripted("email")
    courier = bench.with_channels(email)
    await bench.reaches(LIAISON, "email")
    await bench.hears(Whistle().rung())
    await plan_notices(bench.work)
    dead = await claim_messages(bench.work, "email", email, 10)
    assert len(dead.parcels) == 1
    next_at = await courier.run()
    assert email.calls == 0
    assert next_at == bench.clock.now() + lease_span(bench.clock)
    bench.clock.move(lease_span(bench.clock))
    await courier.run()
    # its deadline passed too, but there is no other channel
    assert len(email.taken) == 1
    assert [one.result for one in await bench.attempts()] == [SENDER_LOST, "handed_over"]


def test_a_lease_lasts_as_long_in_real_time_when_the_clock_runs_fast() -> None:
    assert lease_span(SpeedClock(MONDAY, 600)) == timedelta(seconds=90 * 600)
    assert lease_span(SpeedClock(MONDAY, 1)) == timedelta(seconds=90)


async def test_ordinary_messages_for_one_post_go_as_one_text(bench: Bench) -> None:
    email = Scripted("email")
    courier = bench.with_channels(email)
    await bench.reaches(LIAISON, "email")
    await bench.reaches(f"{OTHER_UNIT}.liaison", "email")
    await bench.hears(work_order(), work_order(OTHER_UNIT))
    await courier.run()
    bench.clock.move(timedelta(seconds=8))
    await bench.hears(work_order(), work_order())
    await courier.run()
    assert email.calls == 0
    await bench.after(seconds=2)
    assert len(email.taken) == 2
    assert "3" in next(one.text.subject for one in email.taken if one.address.startswith(LIAISON))
    assert {one.state for one in await bench.messages(channel="email")} == {"sent"}
    assert len({one.send_id for one in await bench.attempts()}) == 2
    assert len(await bench.attempts()) == 4


async def test_a_summons_goes_first_and_alone(bench: Bench) -> None:
    email = Scripted("email")
    courier = bench.with_channels(email)
    await bench.reaches(LIAISON, "email")
    await bench.hears(work_order(), work_order())
    await courier.run()
    bench.clock.move(timedelta(seconds=10))
    whistle = Whistle()
    await bench.hears(whistle.called(), whistle.rung())
    await courier.run()
    assert len(email.taken) == 2
    called = next(one for one in await bench.messages(channel="email") if one.urgent)
    assert email.taken[0].message_id == called.message_id


async def test_a_rate_holds_over_two_copies_and_a_summons_passes_first(bench: Bench) -> None:
    """One robot, twenty a minute, shared by two units."""
    robot = Scripted("apprise", per_minute=20)
    first = bench.with_channels(robot)
    second = bench.another()
    await bench.reaches(LIAISON, "apprise")
    for number in range(30):
        await bench.hears(Whistle().rung(2, issued_at=MONDAY + timedelta(seconds=number)))
    await asyncio.gather(first.run(), second.run())
    assert len(robot.taken) == 20
    await bench.hears(Whistle().rung(1))
    await asyncio.gather(first.run(), second.run())
    assert len(robot.taken) == 20
    waiting = [one for one in await bench.messages(channel="apprise") if one.state == "pending"]
    assert len(waiting) == 11
    for one in waiting:
        assert one.next_try_at is not None
        assert timedelta(0) < one.next_try_at - bench.clock.now() <= timedelta(seconds=61)
    bench.clock.move(timedelta(seconds=61))
    await asyncio.gather(first.run(), second.run())
    assert len(robot.taken) == 31


async def test_the_same_matter_told_twice_within_a_minute_is_told_once(bench: Bench) -> None:
    courier = bench.with_channels()
    sent = work_order()
    ruled = CaseDesignated(
        case_id=sent.case_id,
        case_code="drill",
        ruling_id=uuid4(),
        unit=UNIT,
        instead_of=(),
        category=None,
        place=None,
        designated_at=MONDAY,
    )
    await bench.hears(sent, ruled)
    await courier.run()
    assert len(await bench.messages()) == 1
    assert len(await bench.events("notice.handed_over")) == 2
    one, other = await bench.notices()
    assert {one.same_as, other.same_as} == {None, one.notice_id} or {one.same_as, other.same_as} == {
        None,
        other.notice_id,
    }
    bench.clock.move(timedelta(minutes=2))
    await bench.hears(ruled.model_copy(update={"ruling_id": uuid4()}))
    await courier.run()
    assert len(await bench.messages()) == 2


async def test_an_event_that_comes_again_changes_nothing(bench: Bench) -> None:
    courier = bench.with_channels(Scripted("email"))
    await bench.reaches(LIAISON, "email")
    envelopes = await bench.hears(Whistle().rung())
    await courier.run()
    await bench.deliver(*envelopes)
    await courier.run()
    assert len(await bench.notices()) == 1
    assert len(await bench.messages()) == 2


async def test_a_clock_set_back_an_hour_sends_nothing_twice_and_holds_nothing(bench: Bench) -> None:
    email = Scripted("email", script=[down()])
    courier = bench.with_channels(email)
    await bench.reaches(LIAISON, "email")
    await bench.reaches(f"{OTHER_UNIT}.liaison", "email")
    await bench.hears(Whistle().rung(), work_order(OTHER_UNIT))
    await courier.run()
    assert email.calls == 1
    await bench.after(hours=-1)
    assert len(email.taken) == 2, "what waited is due at once"
    for _ in range(70):
        await bench.after(minutes=1)
    assert len(email.taken) == 2
    assert {one.state for one in await bench.messages(channel="email")} == {"sent"}


async def test_a_clock_set_back_moves_a_lease_and_leaves_it_to_its_sender(bench: Bench) -> None:
    email = Scripted("email")
    courier = bench.with_channels(email)
    await bench.reaches(LIAISON, "email")
    await bench.hears(Whistle().rung())
    await plan_notices(bench.work)
    await claim_messages(bench.work, "email", email, 10)
    await bench.after(hours=-1)
    assert email.calls == 0
    (leased,) = await bench.messages(channel="email")
    assert leased.leased_until == bench.clock.now() + lease_span(bench.clock)
    bench.clock.move(lease_span(bench.clock))
    await courier.run()
    assert len(email.taken) == 1


async def test_a_result_that_comes_after_the_lease_was_taken_over_does_not_count(bench: Bench) -> None:
    hanging = Scripted("email", timeout_s=15.0, script=[3.0])
    first = bench.with_channels(hanging)
    second = bench.another()
    await bench.reaches(LIAISON, "email")
    await bench.hears(Whistle().rung())
    await first.run()
    async with bench.work.begin() as tx:
        await tx.session.execute(sa.update(Message).where(Message.channel == "email").values(lease=uuid4()))
    await first.finish()
    (row,) = await bench.messages(channel="email")
    assert row.state == "sending"
    bench.clock.move(lease_span(bench.clock))
    await second.run()
    (row,) = await bench.messages(channel="email")
    assert row.state == "sent"


async def test_fifty_units_are_told_in_one_round(bench: Bench) -> None:
    email = Scripted("email")
    courier = bench.with_channels(email)
    units = [unit.code for unit in quanzhou().units]
    for unit in units:
        await bench.reaches(f"{unit}.liaison", "email")
    envelopes = [bench.envelope(Whistle(unit=unit).rung()) for unit in units for _ in range(2)]
    await bench.deliver(*envelopes)
    await courier.run()
    assert len(email.taken) == len(envelopes) >= 50
