"""A keyed hash of a requester's telephone number, for as long as the case is open and for this one matter."""

from typing import Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.model.base import Base
from shared.infra.spine import DEFERRED
from shared.vault import KeyRing, keyed_hash, keyed_hashes, normal_phone


class OpenContact(Base):
    """Category and township go into the hash with the number: the hashes of one person's different matters differ, so
    the table tells of nobody what else was brought. The database deletes the row with the closure of the case.
    """

    __tablename__ = "open_contact"
    __table_args__ = (sa.Index("open_contact_hash", "hash"),)

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("intake.case.case_id", **DEFERRED), primary_key=True)
    hash: Mapped[str]

    @classmethod
    def of(cls, keys: KeyRing, case_id: UUID, phone: str | None, *, category: str, township: str) -> Self | None:
        """None where that is no telephone number."""
        number = None if phone is None else normal_phone(phone)
        if number is None:
            return None
        return cls(case_id=case_id, hash=keyed_hash(keys, _told(number, category=category, township=township)))


def hashes_of(keys: KeyRing, number: str, *, category: str, township: str) -> tuple[str, ...]:
    """Under every key of the ring: cases that were not sealed anew since the last rotation are found, too."""
    return keyed_hashes(keys, _told(number, category=category, township=township))


def _told(number: str, *, category: str, township: str) -> str:
    return f"{category}/{township}/{number}"
