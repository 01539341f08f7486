"""One reading of what is masked."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.model.base import Base
from shared.contracts.intake import RequesterRevealed
from shared.infra.spine import DEFERRED


class Reveal(Base):
    """Who read what was masked, when and why."""

    __tablename__ = "reveal"

    reveal_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("intake.case.case_id", **DEFERRED))
    actor: Mapped[str]
    reason: Mapped[str]
    fields: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    at: Mapped[datetime]

    def revealed(self, case_code: str) -> RequesterRevealed:
        return RequesterRevealed(
            case_id=self.case_id, case_code=case_code, fields=tuple(self.fields), revealed_at=self.at
        )
