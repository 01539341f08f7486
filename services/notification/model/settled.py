"""What is settled already, by key: read again before anything is sent."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.model.base import Base


class Settled(Base):
    """Streams arrive in any order, so these rows stand alone: a notice names the keys that make it needless."""

    __tablename__ = "settled"
    __table_args__ = (sa.Index("settled_at", "at"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    why: Mapped[str]
    at: Mapped[datetime]
