"""Dispatch's rosters as they last came: who a post means is computed from them when something is to be sent."""

from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.model.base import Base
from shared.duty import Roster


class RosterCopy(Base):
    __tablename__ = "roster_copy"
    __table_args__ = (sa.Index("roster_copy_kind", "kind", "unit"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    unit: Mapped[str | None]
    text: Mapped[str]
    changed_at: Mapped[datetime]

    @property
    def roster(self) -> Roster:
        return _parsed(self.text)


@lru_cache(maxsize=512)
def _parsed(text: str) -> Roster:
    """By content, so that a roster is read once, however often it is asked."""
    return Roster.model_validate_json(text)
