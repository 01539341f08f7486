"""A post that signs in. Its password is kept as an argon2id hash only."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.console.model.base import Base
from shared.contracts.actors import Actor, Role
from shared.contracts.console import Language, StaffAccount


class Account(Base):
    __tablename__ = "account"
    __table_args__ = (
        sa.CheckConstraint("language in ('zh', 'en')", name="account_language_known"),
        sa.CheckConstraint("role <> 'system'", name="account_is_somebody"),
        sa.Index(
            "account_oidc_subject", "oidc_subject", unique=True, postgresql_where=sa.text("oidc_subject is not null")
        ),
    )

    staff: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    role: Mapped[str]
    unit: Mapped[str | None]
    window: Mapped[str | None] = mapped_column("window_code")
    grid: Mapped[str | None]
    language: Mapped[str]
    password_hash: Mapped[str]
    totp_secret: Mapped[str | None]
    totp_used: Mapped[int] = mapped_column(sa.BigInteger)
    recovery: Mapped[list[str]]
    oidc_subject: Mapped[str | None]
    settings: Mapped[dict[str, Any]]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    @property
    def active(self) -> bool:
        return self.disabled_at is None

    @property
    def actor(self) -> Actor:
        return Actor(staff=self.staff, role=Role(self.role), unit=self.unit, window=self.window, grid=self.grid)

    def disable(self, now: datetime) -> None:
        self.disabled_at = self.disabled_at or now

    def take_new_password(self, password_hash: str) -> None:
        """From an administrator: whoever lost the password may have lost the second factor with it."""
        self.password_hash = password_hash
        self.totp_secret, self.totp_used, self.recovery = None, 0, []

    def view(self) -> StaffAccount:
        return StaffAccount.model_validate(
            {
                "staff": self.staff,
                "title": self.title,
                "role": self.role,
                "unit": self.unit,
                "window": self.window,
                "grid": self.grid,
                "state": "active" if self.active else "disabled",
                "language": self.language,
                "second_factor": self.totp_secret is not None,
                "made_at": self.made_at,
                "signed_in_at": self.signed_in_at,
            }
        )


def language_of(account: Account) -> Language:
    return "en" if account.language == "en" else "zh"
