"""What each verb makes of a message in each state, and a notice that is told of once."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from services.notification.channels.base import HandedOver
from services.notification.model import Contact, Message, Notice
from services.notification.model.contact import in_order, next_after
from services.notification.model.reading import may_read
from shared.contracts.actors import Actor, Role
from shared.contracts.notification import MessageState, Unreached

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
UNIT = "labour-rights"


def notice(*, post: str = "liaison_officer", unit: str | None = UNIT) -> Notice:
    return Notice(notice_id=uuid4(), kind="work_order", post=post, unit=unit, urgent=False, drill=False)


def message(state: MessageState = MessageState.PENDING, *, staff: str = "li.1", role: str | None = None) -> Message:
    made = Message.of(notice(), staff=staff, role=role, channel="email", now=NOW)
    made.state = state.value
    return made


def events(told: tuple[object, ...]) -> list[str]:
    return [type(event).__name__ for event in told]


def test_a_message_is_leased_sent_delivered_and_read() -> None:
    one = message()
    assert one.take(uuid4(), until=NOW) == 1
    assert (one.state, one.next_try_at) == ("sending", None)
    assert events(one.sent(HandedOver("r-1"), now=NOW)) == ["MessageSent"]
    assert (one.state, one.lease, one.leased_until, one.remote_id) == ("sent", None, None, "r-1")
    assert events(one.delivered(now=NOW)) == ["MessageDelivered"]
    assert events(one.delivered(now=NOW)) == []
    one.read(now=NOW)
    assert (one.state, one.read_at) == ("read", NOW)


def test_a_channel_that_knows_it_arrived_needs_no_receipt() -> None:
    one = message()
    one.take(uuid4(), until=NOW)
    assert events(one.sent(HandedOver(delivered=True), now=NOW)) == ["MessageSent", "MessageDelivered"]
    assert one.state == "delivered"


def test_the_inbox_is_told_with_one_event() -> None:
    one = message()
    assert events(one.put_in_inbox(now=NOW)) == ["MessageDelivered"]
    assert one.sent_at == one.delivered_at == NOW


def test_a_receipt_after_the_answer_changes_no_state() -> None:
    one = message(MessageState.ANSWERED)
    one.sent_at = NOW
    assert events(one.delivered(now=NOW)) == ["MessageDelivered"]
    assert one.state == "answered"


@pytest.mark.parametrize("state", list(MessageState))
def test_reading_changes_only_what_was_taken(state: MessageState) -> None:
    one = message(state)
    one.read(now=NOW)
    unread = {MessageState.SENT, MessageState.DELIVERED}
    assert one.state == ("read" if state in unread else state.value)
    assert (one.read_at is not None) == (state in {*unread, MessageState.READ, MessageState.ANSWERED})


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (lambda one: one.fail("refused", "no such mailbox", now=NOW), "failed"),
        (lambda one: one.skip("arrived", now=NOW), "skipped"),
    ],
)
def test_an_end_says_why_and_lets_the_lease_go(end: Callable[[Message], object], state: str) -> None:
    one = message()
    one.take(uuid4(), until=NOW)
    end(one)
    assert (one.state, one.lease, one.next_try_at, one.ended_at) == (state, None, None, NOW)
    assert one.why


def test_a_notice_is_handed_over_once_and_unreached_once() -> None:
    one = notice()
    assert events(one.hand_over("inbox", now=NOW)) == ["NoticeHandedOver"]
    assert events(one.hand_over("email", now=NOW)) == []
    assert one.handed_over_on == "inbox"
    assert events(one.give_up(Unreached.ALL_CHANNELS_FAILED, now=NOW)) == ["NoticeUnreached"]
    assert events(one.give_up(Unreached.NOBODY_ON_DUTY, now=NOW)) == []
    assert one.unreached == "all_channels_failed"


def contact(channel: str, position: int, failures: int = 0) -> Contact:
    return Contact(staff="li.1", channel=channel, address="a", position=position, failures=failures)


def test_channels_are_used_by_position_and_failing_ones_last() -> None:
    contacts = [contact("voice", 3), contact("sms", 2), contact("email", 1, failures=3)]
    assert [one.channel for one in in_order(contacts)] == ["sms", "voice", "email"]
    following = next_after(["sms", "inbox"], contacts)
    assert following is not None
    assert following.channel == "voice"
    assert next_after(["sms", "voice", "email"], contacts) is None


def test_three_failures_in_a_row_and_a_contact_is_not_working() -> None:
    one = contact("email", 1)
    for failures in range(3):
        assert one.working, failures
        one.failed("no such mailbox", NOW)
    assert not one.working
    one.taken(NOW)
    assert (one.working, one.last_failure) == (True, None)


@pytest.mark.parametrize(
    ("staff", "role", "unit", "reads"),
    [
        ("li.1", Role.LIAISON_OFFICER, UNIT, True),
        ("li.2", Role.LIAISON_OFFICER, UNIT, True),
        ("li.2", Role.LIAISON_OFFICER, "legal-aid", False),
        ("li.2", Role.HANDLER, UNIT, False),
        ("director.1", Role.DUTY_DIRECTOR, None, False),
    ],
)
def test_a_message_to_a_role_is_for_those_who_have_it_in_that_unit(
    staff: str, role: Role, unit: str | None, reads: bool
) -> None:
    actor = Actor(staff=staff, role=role, unit=unit)
    assert may_read(actor, message(staff="li.1", role="liaison_officer"), notice()) is reads


def test_a_message_to_one_post_is_for_that_post_alone() -> None:
    colleague = Actor(staff="li.2", role=Role.LIAISON_OFFICER, unit=UNIT)
    assert not may_read(colleague, message(staff="li.1"), notice())


def test_a_deputy_reads_what_is_for_the_commander() -> None:
    deputy = Actor(staff="deputy.1", role=Role.DEPUTY_COMMANDER)
    to_commander = notice(post="commander", unit=None)
    assert may_read(deputy, message(staff="commander", role="commander"), to_commander)
