"""What was suggested for a matter, and what a person chose."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.errors import SuggestionUsed
from services.intake.model.base import Base
from services.intake.model.case import Case
from services.intake.policy import rank_of
from shared.contracts.intake import CategoryChosen
from shared.infra.spine import DEFERRED


class Suggestion(Base):
    """Codes only: the text they were suggested for is not kept here."""

    __tablename__ = "suggestion"
    __table_args__ = (
        sa.CheckConstraint("(chosen is null) = (chosen_at is null)", name="suggestion_chosen_at_a_time"),
        sa.CheckConstraint("chosen is null or case_id is not null", name="suggestion_chosen_for_a_case"),
        sa.Index("suggestion_of_case", "case_id", postgresql_where=sa.text("case_id is not null")),
        sa.Index("suggestion_unused", "asked_at", postgresql_where=sa.text("case_id is null")),
    )

    suggestion_id: Mapped[UUID] = mapped_column(primary_key=True)
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    pack_version: Mapped[str]
    model: Mapped[str]
    codes: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    case_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("intake.case.case_id", **DEFERRED))
    chosen: Mapped[str | None]
    by_rank: Mapped[int | None]
    chosen_at: Mapped[datetime | None]

    def belongs_to(self, case: Case) -> None:
        """A suggestion is made for one matter, so it is used for one case."""
        if self.case_id not in (None, case.case_id):
            raise SuggestionUsed("this suggestion was used for another case; ask for a new one", field="suggestion_id")
        self.case_id = case.case_id

    def choose(self, case: Case, *, now: datetime) -> CategoryChosen:
        """The category a person gave this case, beside what was suggested."""
        assert case.category is not None
        self.chosen = case.category
        self.by_rank = rank_of(case.category, self.codes)
        self.chosen_at = now
        return CategoryChosen(
            case_id=case.case_id,
            case_code=case.case_code,
            suggestion_id=self.suggestion_id,
            suggested=tuple(self.codes),
            model=self.model,
            chosen=case.category,
            by_rank=self.by_rank,
            chosen_at=now,
        )
