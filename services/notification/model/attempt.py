"""One try to send one message: when, and what the channel said."""

import hashlib
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.model.base import SCHEMA, Base
from shared.infra.spine import DEFERRED

UNDER_WAY = "sending"
HANDED_OVER = "handed_over"


class Attempt(Base):
    """Rate limits are counted from these rows, so that they hold over several copies of the service.

    `send_id` is one for all messages that went out as one text. `address_mark` stands for the address.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        sa.UniqueConstraint("message_id", "number", name="attempt_number_once"),
        sa.Index("attempt_window", "channel", "address_mark", "at"),
    )

    attempt_id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(always=True), primary_key=True)
    message_id: Mapped[UUID] = mapped_column(sa.ForeignKey(f"{SCHEMA}.message.message_id", **DEFERRED))
    number: Mapped[int]
    send_id: Mapped[UUID]
    channel: Mapped[str]
    address_mark: Mapped[str]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    result: Mapped[str]


def address_mark(channel: str, address: str) -> str:
    """Tells addresses apart without holding one."""
    return hashlib.sha256(f"{channel}\n{address}".encode()).hexdigest()[:32]
