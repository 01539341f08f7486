"""A message: one notice for one person on one channel, from `pending` to what became of it."""

from datetime import datetime
from typing import Literal, TypedDict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.channels.base import INBOX, HandedOver
from services.notification.model.base import SCHEMA, Base
from services.notification.model.notice import Notice
from shared.contracts.notification import (
    MessageDelivered,
    MessageEvent,
    MessageFailed,
    MessageSent,
    MessageSkipped,
    MessageState,
)
from shared.infra.event_record import new_id
from shared.infra.spine import DEFERRED

FailedWhy = Literal["refused", "unreachable", "deadline", "no_such_channel"]
Events = tuple[MessageEvent, ...]

TAKEN = frozenset({MessageState.SENT, MessageState.DELIVERED, MessageState.READ, MessageState.ANSWERED})
UNDER_WAY = frozenset({MessageState.PENDING, MessageState.SENDING})
_STATES = ", ".join(f"'{state.value}'" for state in MessageState)


class _Ids(TypedDict):
    message_id: UUID
    notice_id: UUID
    staff: str
    channel: str
    case_id: UUID | None
    case_code: str | None


class Message(Base):
    """While `sending` it is leased: `lease` is the token of whoever sends it, until `leased_until`.

    `deadline_at` is when the next channel is used, `give_up_at` when the last one is given up. `role` is set where the
    message is for whoever has that role, not for one post of a roster. `why` are words for a person.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.UniqueConstraint("notice_id", "staff", "channel", name="message_once_per_channel"),
        sa.CheckConstraint(f"state in ({_STATES})", name="message_state_known"),
        sa.CheckConstraint("(state = 'pending') = (next_try_at is not null)", name="message_pending_is_tried"),
        sa.CheckConstraint("(state = 'sending') = (lease is not null)", name="message_sending_is_leased"),
        sa.CheckConstraint("(lease is null) = (leased_until is null)", name="message_lease_ends"),
        sa.CheckConstraint("(state in ('failed', 'skipped')) = (ended_at is not null)", name="message_ended"),
        sa.CheckConstraint("state not in ('failed', 'skipped') or why is not null", name="message_ended_with_why"),
        sa.Index("message_due", "channel", "next_try_at", postgresql_where=sa.text("state = 'pending'")),
        sa.Index("message_leased", "leased_until", postgresql_where=sa.text("state = 'sending'")),
        sa.Index("message_remote", "channel", "remote_id", postgresql_where=sa.text("remote_id is not null")),
        sa.Index("message_case", "case_code", "created_at", postgresql_where=sa.text("case_code is not null")),
        sa.Index("message_role", "role", "created_at", postgresql_where=sa.text("role is not null")),
        sa.Index("message_staff", "staff", "created_at"),
        sa.Index("message_created", "created_at"),
    )

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    notice_id: Mapped[UUID] = mapped_column(sa.ForeignKey(f"{SCHEMA}.notice.notice_id", **DEFERRED))
    staff: Mapped[str]
    role: Mapped[str | None]
    channel: Mapped[str]
    urgent: Mapped[bool]
    case_id: Mapped[UUID | None]
    case_code: Mapped[str | None]
    state: Mapped[str]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    deadline_at: Mapped[datetime | None]
    give_up_at: Mapped[datetime | None]
    tries: Mapped[int]
    lease: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]
    remote_id: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    why: Mapped[str | None]

    @classmethod
    def of(cls, notice: Notice, *, staff: str, role: str | None, channel: str, now: datetime) -> "Message":
        """Pending and due at once; whoever plans it sets the times."""
        return cls(
            message_id=new_id(),
            notice_id=notice.notice_id,
            staff=staff,
            role=role,
            channel=channel,
            urgent=notice.urgent,
            case_id=notice.case_id,
            case_code=notice.case_code,
            state=MessageState.PENDING.value,
            created_at=now,
            next_try_at=now,
            tries=0,
        )

    # -- verbs ---------------------------------------------------------------------------------------------------------

    def take(self, lease: UUID, *, until: datetime) -> int:
        """Leased for sending. Returns the number of this try."""
        self.state = MessageState.SENDING.value
        self.lease, self.leased_until, self.next_try_at = lease, until, None
        self.tries += 1
        return self.tries

    def sent(self, taken: HandedOver, *, now: datetime) -> Events:
        """Handed to the channel; with its own word that it arrived, delivered too."""
        self._release(MessageState.SENT)
        self.sent_at, self.remote_id, self.why = now, taken.remote_id, None
        told = MessageSent(**self._ids(), attempt=self.tries, sent_at=now)
        return (told, *self.delivered(now=now)) if taken.delivered else (told,)

    def put_in_inbox(self, *, now: datetime) -> Events:
        """The row is the inbox: handed over and delivered at one instant, told with one event."""
        self._release(MessageState.DELIVERED)
        self.sent_at = self.delivered_at = now
        return (MessageDelivered(**self._ids(), delivered_at=now),)

    def delivered(self, *, now: datetime) -> Events:
        """By a receipt. A message that was read or answered meanwhile has been delivered all the same."""
        if self.delivered_at is not None or self.sent_at is None:
            return ()
        self.delivered_at = now
        if self.state == MessageState.SENT:
            self.state = MessageState.DELIVERED.value
        return (MessageDelivered(**self._ids(), delivered_at=now),)

    def put_off(self, until: datetime, why: str | None = None) -> None:
        """Tried again later."""
        self._release(MessageState.PENDING)
        self.next_try_at = until
        self.why = why or self.why

    def fail(self, why: FailedWhy, words: str, *, now: datetime) -> Events:
        """Given up on this channel."""
        self._release(MessageState.FAILED)
        self.ended_at, self.why = now, words
        return (MessageFailed(**self._ids(), attempts=self.tries, why=why, failed_at=now),)

    def skip(self, why: str, *, now: datetime) -> Events:
        """Nothing was left to say."""
        self._release(MessageState.SKIPPED)
        self.ended_at, self.why = now, why
        return (MessageSkipped(**self._ids(), why=why, skipped_at=now),)

    def read(self, *, now: datetime) -> None:
        """By the post itself; read twice is read once."""
        if self.state in (MessageState.SENT, MessageState.DELIVERED):
            self.state = MessageState.READ.value
        if self.state in TAKEN:
            self.read_at = self.read_at or now

    # -- facts ---------------------------------------------------------------------------------------------------------

    @property
    def inside(self) -> bool:
        return self.channel == INBOX

    def _release(self, state: MessageState) -> None:
        self.state = state.value
        self.lease = self.leased_until = self.next_try_at = None

    def _ids(self) -> _Ids:
        return {
            "message_id": self.message_id,
            "notice_id": self.notice_id,
            "staff": self.staff,
            "channel": self.channel,
            "case_id": self.case_id,
            "case_code": self.case_code,
        }
