"""A unit called to the room: what a text about it says, and by which pack its ladder runs."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.model.base import Base


class SummonsCall(Base):
    __tablename__ = "summons_call"
    __table_args__ = (sa.Index("summons_call_called_at", "called_at"),)

    summons_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    case_code: Mapped[str]
    drill: Mapped[bool]
    category: Mapped[str | None]
    place: Mapped[str | None]
    level: Mapped[str]
    pack_version: Mapped[str]
    called_at: Mapped[datetime]
