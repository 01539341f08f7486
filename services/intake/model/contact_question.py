"""That somebody at a window asked by contact; not whose."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.model.base import Base


class ContactQuestion(Base):
    """Who asked, when, about which matter, and whether it hit. The contact itself is kept nowhere."""

    __tablename__ = "contact_question"
    __table_args__ = (sa.Index("contact_question_asked", "asked_by", "asked_at"),)

    question_id: Mapped[UUID] = mapped_column(primary_key=True)
    asked_by: Mapped[str]
    window: Mapped[str]
    category: Mapped[str]
    place: Mapped[str]
    hit: Mapped[bool]
    asked_at: Mapped[datetime]
