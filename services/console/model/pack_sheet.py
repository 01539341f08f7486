"""The pack an administrator is writing on: theirs, kept until it is sent or given up."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.console.model.base import Base


class PackSheet(Base):
    """`content` may have faults while it is written. `revision` counts the changes, so that two tabs are told apart."""

    __tablename__ = "pack_sheet"

    staff: Mapped[str] = mapped_column(primary_key=True)
    based_on: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    revision: Mapped[int]
    saved_at: Mapped[datetime]
