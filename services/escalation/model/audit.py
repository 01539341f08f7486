"""How far the auditor is, and when it last found all well. One row; its times are the database's own."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.escalation.model.base import Base


class Audit(Base):
    """`cursor`: the last case looked at in the round under way, null between rounds. `beat_at`: the heartbeat."""

    __tablename__ = "audit"
    __table_args__ = (sa.CheckConstraint("number = 1", name="audit_is_one"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cursor: Mapped[UUID | None]
    began_at: Mapped[datetime]
    cases: Mapped[int]
    found: Mapped[int]
    last_cases: Mapped[int]
    last_found: Mapped[int]
    beat_at: Mapped[datetime | None]

    def begin(self, at: datetime) -> None:
        self.began_at = at
        self.cases = self.found = 0

    def go_on(self, cursor: UUID, *, cases: int, found: int) -> None:
        self.cursor = cursor
        self.cases += cases
        self.found += found

    def end(self, at: datetime) -> None:
        """A round that found nothing amiss is a heartbeat; one that did is silence, mended or not."""
        self.cursor = None
        self.last_cases, self.last_found = self.cases, self.found
        if self.found == 0:
            self.beat_at = at
