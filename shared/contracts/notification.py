"""What notification tells and what may be asked of it."""

from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import CaseCode, CaseEvent, Code, Command, Done, Event, Frozen, Instant, Query, ShortText

TELEPHONES = frozenset({"sms", "voice"})
"""Channels whose address is a number that somebody can also call."""


class MessageState(StrEnum):
    """`skipped`: state was read again before sending and nothing was left to say (already arrived, stood down)."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    READ = "read"
    ANSWERED = "answered"
    SKIPPED = "skipped"


class Unreached(StrEnum):
    """Why a notice reached nobody."""

    NOBODY_ON_DUTY = "nobody_on_duty"
    NO_CONTACT = "no_contact"
    ALL_CHANNELS_FAILED = "all_channels_failed"


# -- events ------------------------------------------------------------------------------------------------------------


class NoticeEvent(Event):
    """A notice is one thing to be told to one post; it becomes a message per person and channel."""

    notice_id: UUID
    case_id: UUID | None = None
    case_code: str | None = None
    post: str
    unit: str | None
    summons_id: UUID | None = None
    clock: str | None = None
    step: int | None = None

    @property
    def chain(self) -> str:
        return f"notice:{self.notice_id}"


class NoticeHandedOver(NoticeEvent):
    """A channel took the first message of this notice."""

    TYPE: ClassVar[str] = "notification.notice.handed_over"

    channel: str
    handed_over_at: Instant


class NoticeUnreached(NoticeEvent):
    """Nobody could be told. The ladder goes on at once."""

    TYPE: ClassVar[str] = "notification.notice.unreached"

    why: Unreached
    unreached_at: Instant


class MessageEvent(Event):
    message_id: UUID
    notice_id: UUID
    staff: str
    channel: str
    case_id: UUID | None = None
    case_code: str | None = None

    @property
    def chain(self) -> str:
        return f"message:{self.message_id}"


class MessageSent(MessageEvent):
    TYPE: ClassVar[str] = "notification.message.sent"

    attempt: int
    sent_at: Instant


class MessageDelivered(MessageEvent):
    TYPE: ClassVar[str] = "notification.message.delivered"

    delivered_at: Instant


class MessageFailed(MessageEvent):
    """Given up on this channel; the next one is used, if there is one."""

    TYPE: ClassVar[str] = "notification.message.failed"

    attempts: int
    why: Literal["refused", "unreachable", "deadline", "no_such_channel"]
    failed_at: Instant


class MessageSkipped(MessageEvent):
    TYPE: ClassVar[str] = "notification.message.skipped"

    why: str = Field(description="what made it needless, e.g. `arrived`, `acknowledged`, `stood_down`, `closed`")
    skipped_at: Instant


class TelephoneRead(CaseEvent):
    """Somebody looked up the telephone of a post on duty, to call it about this case."""

    TYPE: ClassVar[str] = "notification.telephone.read"

    staff: str
    read_at: Instant


# -- contacts ----------------------------------------------------------------------------------------------------------


class Contact(Frozen):
    """Where a post is reached on one channel. Staff posts only; a requester never has a contact here."""

    staff: str
    channel: str
    address: str = Field(description="masked unless the asker is the administrator or the post itself")
    position: int = Field(description="the order in which channels are used; 1 is first")
    working: bool
    last_failure: str | None = None
    checked_at: Instant | None = None


class SetContact(Command[Done]):
    """By the administrator; a post sets for itself what the program does not call (e-mail, short messages, voice)."""

    NAME: ClassVar[str] = "set_contact"
    SERVICE: ClassVar[str] = "notification"
    ANSWER = Done

    staff: Code
    channel: Code
    address: ShortText
    position: int = Field(default=1, ge=1, le=20)


class RemoveContact(Command[Done]):
    NAME: ClassVar[str] = "remove_contact"
    SERVICE: ClassVar[str] = "notification"
    ANSWER = Done

    staff: Code
    channel: Code


class Contacts(Frozen):
    contacts: tuple[Contact, ...]


class ListContacts(Query[Contacts]):
    NAME: ClassVar[str] = "list_contacts"
    SERVICE: ClassVar[str] = "notification"
    ANSWER = Contacts

    staff: Code | None = None


class Telephones(Frozen):
    staff: str
    numbers: tuple[str, ...] = Field(description="whole, in the order in which they are called")


class ReadTelephone(Command[Telephones]):
    """A post's telephone, whole, for whoever has to call it about a case; who looked it up stays on record."""

    NAME: ClassVar[str] = "read_telephone"
    REMEMBERED: ClassVar[bool] = False
    SERVICE: ClassVar[str] = "notification"
    ANSWER = Telephones

    case_code: CaseCode
    staff: Code


class UnreachablePost(Frozen):
    staff: str
    roster: str
    first_duty_at: Instant
    why: Literal["no_contact", "contact_failing"]


class UnreachablePosts(Frozen):
    posts: tuple[UnreachablePost, ...]


class CheckContacts(Query[UnreachablePosts]):
    """Who is on duty in the next days and has no working contact outside the program."""

    NAME: ClassVar[str] = "check_contacts"
    SERVICE: ClassVar[str] = "notification"
    ANSWER = UnreachablePosts

    days: int = Field(default=14, ge=1, le=366)


# -- messages ----------------------------------------------------------------------------------------------------------


class Attempt(Frozen):
    number: int
    at: Instant
    result: str = Field(description="`handed_over`, or what the channel said")


class MessageView(Frozen):
    message_id: UUID
    notice_id: UUID
    staff: str
    post: str
    unit: str | None
    channel: str
    state: MessageState
    subject: str
    body: str | None = Field(default=None, description="told to the post itself and to the administrator")
    case_code: str | None
    drill: bool
    created_at: Instant
    sent_at: Instant | None
    delivered_at: Instant | None
    read_at: Instant | None
    ended_at: Instant | None
    next_try_at: Instant | None
    why: str | None = Field(default=None, description="why it did not arrive, in words")
    attempts: tuple[Attempt, ...] = ()


class Messages(Frozen):
    messages: tuple[MessageView, ...]
    total: int


class ListMessages(Query[Messages]):
    """Newest first, with why each did or did not arrive."""

    NAME: ClassVar[str] = "list_messages"
    SERVICE: ClassVar[str] = "notification"
    ANSWER = Messages

    case_code: CaseCode | None = None
    staff: Code | None = None
    channel: Code | None = None
    state: MessageState | None = None
    only_unarrived: bool = False
    limit: int = Field(default=100, ge=1, le=1000)


class NoticeView(Frozen):
    """One thing that was to be told to one post, also where it reached nobody."""

    notice_id: UUID
    kind: str
    post: str
    unit: str | None
    case_code: str | None
    drill: bool
    created_at: Instant
    handed_over_at: Instant | None
    unreached: Unreached | None


class Notices(Frozen):
    notices: tuple[NoticeView, ...]


class ListNotices(Query[Notices]):
    NAME: ClassVar[str] = "list_notices"
    SERVICE: ClassVar[str] = "notification"
    ANSWER = Notices

    case_code: CaseCode | None = None
    only_unreached: bool = False
    limit: int = Field(default=100, ge=1, le=1000)


class ReadInbox(Query[Messages]):
    """A post's own in-app inbox, newest first."""

    NAME: ClassVar[str] = "read_inbox"
    SERVICE: ClassVar[str] = "notification"
    ANSWER = Messages

    only_unread: bool = True
    limit: int = Field(default=50, ge=1, le=500)


class MarkRead(Command[Done]):
    NAME: ClassVar[str] = "mark_read"
    SERVICE: ClassVar[str] = "notification"
    ANSWER = Done

    message_id: UUID


class RecordReceipt(Command[Done]):
    """A channel's own word about a message it took: from a gateway's callback or poll."""

    NAME: ClassVar[str] = "record_receipt"
    SERVICE: ClassVar[str] = "notification"
    ANSWER = Done

    channel: Code
    remote_id: str = Field(min_length=1, max_length=200)
    state: Literal["delivered", "failed"]
    reason: ShortText | None = None
