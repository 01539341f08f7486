"""Failed tries to sign in, one after the other: of an account, or from an address."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.console.model.base import Base
from services.console.policy.lockout import Kind, delay_after, failures_now


class FailedTries(Base):
    __tablename__ = "failed_tries"
    __table_args__ = (sa.CheckConstraint("kind in ('account', 'address')", name="failed_tries_kind_known"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
    wait_until: Mapped[datetime | None]

    def must_wait(self, now: datetime) -> timedelta:
        return timedelta(0) if self.wait_until is None else max(timedelta(0), self.wait_until - now)

    def count(self, now: datetime) -> None:
        kind: Kind = "account" if self.kind == "account" else "address"
        self.failures = failures_now(self.failures, self.last_at, now) + 1
        self.last_at = now
        delay = delay_after(kind, self.failures)
        self.wait_until = now + delay if delay else None
