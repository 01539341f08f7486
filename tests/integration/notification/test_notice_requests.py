"""Contacts, inboxes, receipts, and the lists that say why something did not arrive."""

import asyncio
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from services.notification.channels import AddressWrong, NoSuchChannel
from services.notification.channels.addresses import check_email
from services.notification.channels.base import HandedOver
from services.notification.channels.chat import AppriseChannel
from services.notification.channels.web import WebClient
from services.notification.errors import (
    AdministratorSetsThis,
    CaseUnknown,
    InboxNeedsNoContact,
    NoSuchContact,
    NoTelephone,
    NotYourContact,
    NotYourMessage,
    UnknownReceipt,
)
from shared.clock import MovedClock
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import DutyGapFound
from shared.contracts.notification import (
    CheckContacts,
    ListContacts,
    ListMessages,
    ListNotices,
    MarkRead,
    MessageState,
    ReadInbox,
    ReadTelephone,
    RecordReceipt,
    RemoveContact,
    SetContact,
    Unreached,
)
from shared.errors import AlreadyHandled, NotFound
from tests.integration.notification.given import (
    ADMINISTRATOR,
    LEAD,
    LIAISON,
    MONDAY,
    OTHER_UNIT,
    UNIT,
    Bench,
    Scripted,
    Whistle,
    address_of,
    down,
    refusal,
    roster,
    work_order,
)

pytestmark = pytest.mark.servers

OWN = Actor(staff=LIAISON, role=Role.LIAISON_OFFICER, unit=UNIT)
COLLEAGUE = Actor(staff="li.7", role=Role.LIAISON_OFFICER, unit=UNIT)
STRANGER = Actor(staff="li.9", role=Role.LIAISON_OFFICER, unit="legal-aid")
DISPATCHER = Actor(staff="dispatcher.1", role=Role.DISPATCHER)


class Robots(Scripted):
    """Knows addresses as the real channel does."""

    def normal(self, address: str) -> str:
        return AppriseChannel(WebClient(MovedClock(MONDAY))).normal(address)


class Email(Scripted):
    def check(self, address: str) -> None:
        check_email(address)


def setting(actor: Actor, **given: Any) -> SetContact:
    plain = {"staff": LIAISON, "channel": "email", "address": "li@unit.example", "idempotency_key": uuid4().hex}
    return SetContact.model_validate({"actor": actor, **plain, **given})


async def test_a_post_sets_its_own_contacts_and_nobody_elses(bench: Bench) -> None:
    bench.with_channels(Email("email"))
    await bench.asks(setting(OWN))
    with pytest.raises(NotYourContact):
        await bench.asks(setting(STRANGER))
    with pytest.raises(NotYourContact):
        await bench.asks(RemoveContact(actor=STRANGER, idempotency_key="k", staff=LIAISON, channel="email"))
    listed = await bench.asks(ListContacts(actor=OWN))
    assert [(one.staff, one.address) for one in listed.contacts] == [(LIAISON, "li@unit.example")]
    masked = (await bench.asks(ListContacts(actor=DISPATCHER))).contacts[0].address
    assert "unit" not in masked
    assert "***" in masked


async def test_who_has_to_call_reads_the_number_and_that_stays_on_record(bench: Bench) -> None:
    bench.with_channels(Scripted("sms"), Scripted("voice"))
    asking = ReadTelephone(actor=DISPATCHER, idempotency_key="k", case_code="26-0000104-5", staff=LIAISON)
    with pytest.raises(CaseUnknown):
        await bench.asks(asking)
    await bench.hears(work_order(UNIT, code="26-0000104-5"))
    with pytest.raises(NoTelephone) as none:
        await bench.asks(asking)
    assert none.value.field == "staff"
    for channel, number in (("voice", "0595 27550000"), ("sms", "13800001234")):
        await bench.asks(setting(OWN, channel=channel, address=number))
    told = await bench.asks(asking)
    assert sorted(told.numbers) == ["0595 27550000", "13800001234"]
    assert (await bench.asks(asking)).numbers == told.numbers, "asked again it is read again, and recorded again"
    events = await bench.events("telephone.read")
    assert [one["staff"] for one in events] == [LIAISON, LIAISON]
    assert "13800001234" not in str(events)
    request = bench.work.spine.request
    async with bench.work.read() as session:
        kept = await session.scalars(sa.select(request.c.name).where(request.c.name == ReadTelephone.NAME))
        assert kept.all() == [], "an answer with a number in it is not kept"


async def test_bad_contacts_are_refused_with_words(bench: Bench) -> None:
    bench.with_channels(Email("email"))
    with pytest.raises(AddressWrong) as wrong:
        await bench.asks(setting(OWN, address="not an address"))
    assert "not an address" not in wrong.value.message
    with pytest.raises(NoSuchChannel):
        await bench.asks(setting(OWN, channel="pigeon"))
    with pytest.raises(InboxNeedsNoContact):
        await bench.asks(setting(OWN, channel="inbox"))
    with pytest.raises(NoSuchContact):
        await bench.asks(RemoveContact(actor=OWN, idempotency_key="k", staff=LIAISON, channel="email"))


@pytest.mark.parametrize("channel", ["webhook", "apprise", "pager"])
async def test_what_makes_the_program_call_an_address_is_set_by_the_administrator(bench: Bench, channel: str) -> None:
    bench.with_channels(Scripted(channel))
    with pytest.raises(AdministratorSetsThis, match="administrator") as refused:
        await bench.asks(setting(OWN, channel=channel, address="http://127.0.0.1:9200/"))
    assert refused.value.field == "channel"
    await bench.asks(setting(ADMINISTRATOR, channel=channel, address="http://127.0.0.1:9200/"))
    (contact,) = (await bench.asks(ListContacts(actor=OWN))).contacts
    assert contact.channel == channel


@pytest.mark.parametrize("channel", ["email", "sms", "voice"])
async def test_a_post_sets_its_own_mail_and_telephone(bench: Bench, channel: str) -> None:
    bench.with_channels(Scripted(channel))
    await bench.asks(setting(OWN, channel=channel))
    assert len((await bench.asks(ListContacts(actor=OWN))).contacts) == 1


async def test_one_robot_written_in_two_ways_takes_what_one_robot_takes(bench: Bench) -> None:
    """A key in the address tells it, not how the address is written."""
    chat = Robots("apprise", per_minute=1)
    courier = bench.with_channels(chat)
    native = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=KEY"
    for staff, address in ((LIAISON, "wecombot://KEY"), (f"{OTHER_UNIT}.liaison", native)):
        await bench.asks(setting(ADMINISTRATOR, staff=staff, channel="apprise", address=address))
    await bench.hears(Whistle().rung(), Whistle(unit=OTHER_UNIT).rung())
    await courier.run()
    assert chat.addresses == ["wecombot://KEY"]


class Slow(Scripted):
    def check(self, address: str) -> None:
        time.sleep(1.5)


async def test_an_address_is_looked_at_beside_the_service_and_not_in_its_way(bench: Bench) -> None:
    """The library of chat robots takes a while to load."""
    bench.with_channels(Slow("email"))
    setting_it = asyncio.create_task(bench.asks(setting(OWN)))
    longest = 0.0
    while not setting_it.done():
        before = time.perf_counter()
        await asyncio.sleep(0.005)
        longest = max(longest, time.perf_counter() - before)
    await setting_it
    assert longest < 1.0


async def test_a_repeated_command_is_answered_and_done_once(bench: Bench) -> None:
    bench.with_channels(Email("email"))
    command = setting(OWN)
    await bench.asks(command)
    with pytest.raises(AlreadyHandled):
        await bench.asks(command)


async def test_a_contact_that_fails_three_times_is_not_working_until_it_is_set_anew(bench: Bench) -> None:
    bench.with_channels(Scripted("email", always=refusal))
    await bench.reaches(LIAISON, "email")
    for number in range(3):
        await bench.hears(Whistle().rung(2, issued_at=MONDAY + timedelta(minutes=number)))
        await bench.after(minutes=1)
    (contact,) = (await bench.asks(ListContacts(actor=ADMINISTRATOR))).contacts
    assert (contact.working, contact.last_failure) == (False, "no such mailbox")
    await bench.asks(setting(ADMINISTRATOR, address="other@unit.example"))
    (contact,) = (await bench.asks(ListContacts(actor=ADMINISTRATOR))).contacts
    assert (contact.working, contact.last_failure) == (True, None)


async def test_posts_on_duty_without_a_working_contact_are_found(bench: Bench) -> None:
    bench.with_channels(Scripted("email", always=refusal))
    await bench.reaches("li.1", "email")
    await bench.hears(roster("li.1", "li.2"))
    found = await bench.asks(CheckContacts(actor=DISPATCHER, days=7))
    assert [(one.staff, one.why) for one in found.posts] == [("li.2", "no_contact")]
    assert found.posts[0].first_duty_at > MONDAY
    for number in range(3):
        await bench.hears(Whistle().rung(2, issued_at=MONDAY + timedelta(minutes=number)))
        await bench.after(minutes=1)
    found = await bench.asks(CheckContacts(actor=DISPATCHER, days=7))
    assert {(one.staff, one.why) for one in found.posts} == {("li.1", "contact_failing"), ("li.2", "no_contact")}


async def test_the_inbox_of_a_role_is_read_by_whoever_has_it(bench: Bench) -> None:
    courier = bench.with_channels()
    await bench.hears(work_order())
    await courier.run()
    (message,) = (await bench.asks(ReadInbox(actor=COLLEAGUE))).messages
    assert message.body is not None
    assert (await bench.asks(ReadInbox(actor=STRANGER))).messages == ()
    with pytest.raises(NotYourMessage):
        await bench.asks(MarkRead(actor=STRANGER, idempotency_key="a", message_id=message.message_id))
    await bench.asks(MarkRead(actor=COLLEAGUE, idempotency_key="b", message_id=message.message_id))
    assert (await bench.asks(ReadInbox(actor=OWN))).messages == ()
    (read,) = (await bench.asks(ReadInbox(actor=OWN, only_unread=False))).messages
    assert (read.state, read.read_at) == (MessageState.READ, bench.clock.now())


async def test_a_summons_read_in_the_inbox_has_reached_its_post(bench: Bench) -> None:
    courier = bench.with_channels(Scripted("email", script=[down()], always=refusal))
    await bench.reaches(LIAISON, "email")
    await bench.hears(Whistle().rung())
    await courier.run()
    assert await bench.events("notice.handed_over") == []
    (message,) = (await bench.asks(ReadInbox(actor=OWN))).messages
    await bench.asks(MarkRead(actor=OWN, idempotency_key="k", message_id=message.message_id))
    (told,) = await bench.events("notice.handed_over")
    assert told["channel"] == "inbox"
    await bench.after(seconds=5)
    assert (await bench.states())[f"{LIAISON} email"] == "failed"
    assert await bench.events("notice.unreached") == []


async def test_a_gap_is_told_to_the_director_and_the_dispatchers(bench: Bench) -> None:
    courier = bench.with_channels()
    gap = DutyGapFound(
        roster="liaisons",
        kind="liaison",
        unit=UNIT,
        starts_at=MONDAY + timedelta(days=3),
        ends_at=MONDAY + timedelta(days=4),
        found_at=MONDAY,
    )
    await bench.hears(gap)
    await courier.run()
    assert await bench.states() == {"duty_director inbox": "delivered", "dispatcher inbox": "delivered"}
    assert len((await bench.asks(ReadInbox(actor=DISPATCHER))).messages) == 1


async def test_a_receipt_says_that_a_message_arrived(bench: Bench) -> None:
    courier = bench.with_channels(Scripted("sms", script=[HandedOver("r-1")]))
    await bench.reaches(LIAISON, "sms")
    await bench.hears(Whistle().rung())
    await courier.run()
    receipt = RecordReceipt(actor=ADMINISTRATOR, idempotency_key="0", channel="sms", remote_id="r-1", state="delivered")
    for number in range(2):
        await bench.asks(receipt.model_copy(update={"idempotency_key": str(number)}))
    assert (await bench.states())[f"{LIAISON} sms"] == "delivered"
    assert len([one for one in await bench.events("message.delivered") if one["channel"] == "sms"]) == 1
    with pytest.raises(UnknownReceipt):
        await bench.asks(receipt.model_copy(update={"remote_id": "r-2", "idempotency_key": "z"}))


async def test_a_receipt_that_says_failed_uses_the_next_channel(bench: Bench) -> None:
    phone, email = Scripted("sms", script=[HandedOver("r-1")]), Scripted("email")
    courier = bench.with_channels(phone, email)
    await bench.reaches(LEAD, "sms", "email")
    await bench.hears(Whistle().rung(2, post="unit_lead"))
    await courier.run()
    assert email.calls == 0
    await bench.asks(
        RecordReceipt(
            actor=ADMINISTRATOR,
            idempotency_key="k",
            channel="sms",
            remote_id="r-1",
            state="failed",
            reason="number not in use",
        )
    )
    await courier.run()
    assert email.addresses == [address_of(LEAD, "email")]
    assert (await bench.states())[f"{LEAD} sms"] == "failed"


async def test_the_list_says_why_a_message_did_not_arrive(bench: Bench) -> None:
    courier = bench.with_channels(Scripted("email", always=down))
    await bench.reaches(LIAISON, "email")
    await bench.hears(Whistle().rung())
    await courier.run()
    listed = await bench.asks(ListMessages(actor=DISPATCHER, only_unarrived=True))
    assert listed.total == 1
    (message,) = listed.messages
    assert (message.state, message.why, message.body) == (MessageState.PENDING, "HTTP 500", None)
    assert [attempt.result for attempt in message.attempts] == ["HTTP 500"]
    assert message.next_try_at is not None
    every = await bench.asks(ListMessages(actor=ADMINISTRATOR, staff=LIAISON))
    assert every.total == 2
    assert all(one.body for one in every.messages)


async def test_notices_that_reached_nobody_are_listed(bench: Bench) -> None:
    courier = bench.with_channels()
    await bench.hears(roster(), Whistle().rung(), work_order("legal-aid"))
    await courier.run()
    (unreached,) = (await bench.asks(ListNotices(actor=DISPATCHER, only_unreached=True))).notices
    assert (unreached.unreached, unreached.unit) == (Unreached.NOBODY_ON_DUTY, UNIT)
    assert len((await bench.asks(ListNotices(actor=DISPATCHER))).notices) == 2


async def test_a_contact_that_was_removed_leaves_its_messages_to_the_next_channel(bench: Bench) -> None:
    email = Scripted("email")
    bench.with_channels(Scripted("sms", always=down), email)
    await bench.reaches(LEAD, "sms", "email")
    await bench.hears(Whistle().rung(2, post="unit_lead"))
    await bench.after(seconds=0)
    await bench.asks(RemoveContact(actor=ADMINISTRATOR, idempotency_key="k", staff=LEAD, channel="sms"))
    await bench.after(seconds=5)
    assert len(email.taken) == 1
    (failed,) = await bench.events("message.failed")
    assert failed["why"] == "no_such_channel"


async def test_a_message_nobody_knows_is_not_found(bench: Bench) -> None:
    bench.with_channels()
    with pytest.raises(NotFound):
        await bench.asks(MarkRead(actor=OWN, idempotency_key="k", message_id=uuid4()))
