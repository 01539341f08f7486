"""Where a post is reached on one channel. Staff data: it stays in this table."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.model.base import Base

FAILURES_MAX = 3
WHY_MAX = 500


class Contact(Base):
    """`failures` counts messages given up one after the other; any message taken clears it."""

    __tablename__ = "contact"
    __table_args__ = (
        sa.CheckConstraint("position >= 1", name="contact_position_counts_from_1"),
        sa.CheckConstraint("failures >= 0", name="contact_failures_counted"),
        sa.CheckConstraint("channel <> 'inbox'", name="contact_inbox_needs_none"),
    )

    staff: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    position: Mapped[int]
    failures: Mapped[int]
    last_failure: Mapped[str | None]
    checked_at: Mapped[datetime | None]
    set_by: Mapped[str]
    set_at: Mapped[datetime]

    @property
    def working(self) -> bool:
        return self.failures < FAILURES_MAX

    def taken(self, now: datetime) -> None:
        self.failures, self.last_failure, self.checked_at = 0, None, now

    def failed(self, words: str, now: datetime) -> None:
        self.failures += 1
        self.last_failure, self.checked_at = words[:WHY_MAX], now

    def change(self, address: str, position: int, *, by: str, now: datetime) -> None:
        """Another address begins with a clean slate."""
        if address != self.address:
            self.failures, self.last_failure, self.checked_at = 0, None, None
        self.address, self.position, self.set_by, self.set_at = address, position, by, now


def in_order(contacts: Iterable[Contact]) -> list[Contact]:
    """By position; one that failed again and again comes last, but is not left out: it may be all there is."""
    return sorted(contacts, key=lambda one: (not one.working, one.position, one.channel))


def next_after(used: Iterable[str], contacts: Iterable[Contact]) -> Contact | None:
    """The next channel that was not used for this notice yet."""
    gone = set(used)
    return next((one for one in in_order(contacts) if one.channel not in gone), None)
