"""What a requester entrusted to one case."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.model.base import Base
from shared.contracts.intake import RequesterErased
from shared.infra.spine import DEFERRED
from shared.vault import KeyRing, needs_rotation, open_sealed, reseal, seal

SEALED_FIELDS = ("matter", "name", "phone", "id_number", "address")


class RequesterVault(Base):
    """What the requester entrusted to this one case: every field sealed, erased after the retention time."""

    __tablename__ = "requester_vault"
    __table_args__ = (
        sa.Index("requester_vault_expiring", "expires_at", postgresql_where=sa.text("expires_at is not null")),
    )

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("intake.case.case_id", **DEFERRED), primary_key=True)
    matter: Mapped[str | None]
    name: Mapped[str | None]
    phone: Mapped[str | None]
    id_number: Mapped[str | None]
    address: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    @classmethod
    def sealing(cls, keys: KeyRing, case_id: UUID, words: Mapping[str, str | None]) -> "RequesterVault":
        vault = cls(case_id=case_id)
        for field in SEALED_FIELDS:
            value = words.get(field)
            setattr(vault, field, seal(keys, value, context=vault.context(field)) if value else None)
        return vault

    def opened(self, keys: KeyRing) -> dict[str, str | None]:
        """Every field in the clear. Whoever calls this masks the result or has put the reading on record."""
        tokens: dict[str, str | None] = {field: getattr(self, field) for field in SEALED_FIELDS}
        return {
            field: open_sealed(keys, token, context=self.context(field)) if token else None
            for field, token in tokens.items()
        }

    def reseal(self, keys: KeyRing) -> bool:
        """Under the newest key. True where anything was under an older one."""
        old = [field for field in SEALED_FIELDS if getattr(self, field) and needs_rotation(keys, getattr(self, field))]
        for field in old:
            setattr(self, field, reseal(keys, getattr(self, field), context=self.context(field)))
        return bool(old)

    def context(self, field: str) -> str:
        """Binds a sealed value to its case and field: moved elsewhere it cannot be opened."""
        return f"{self.case_id}/{field}"

    def erase(self, case_code: str, *, now: datetime) -> RequesterErased:
        for field in SEALED_FIELDS:
            setattr(self, field, None)
        self.expires_at = None
        self.erased_at = now
        return RequesterErased(case_id=self.case_id, case_code=case_code, erased_at=now)
