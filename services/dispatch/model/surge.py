"""战时: one surge from the commander's act to the commander's act, with its reminders, reports and summary."""

from datetime import datetime
from typing import Any, Self, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.model.base import Base
from services.dispatch.policy.modes import higher, last_report, next_reminder, next_report
from shared.centre.modes import ModeTerms
from shared.contracts.dispatch import (
    Mode,
    ProlongSurge,
    SituationReportDue,
    SurgeFigures,
    SurgeProlonged,
    SurgeReminded,
    SurgeSummarized,
    SurgeSummary,
)
from shared.infra.spine import DEFERRED

_MODES = "'normal', 'surge.I', 'surge.II', 'surge.III', 'surge.IV'"


class Surge(Base):
    """`remind_at` and `report_at` are when the next word about it is due; both are told by the sweep, each once.

    It has a next reminder as long as it is open: a surge never ends by itself, and is never forgotten.
    """

    __tablename__ = "surge"
    __table_args__ = (
        sa.CheckConstraint(f"mode in ({_MODES}) and mode <> 'normal'", name="surge_mode"),
        sa.CheckConstraint(f"highest in ({_MODES}) and highest <> 'normal'", name="surge_highest"),
        sa.CheckConstraint("(ended_at is null) = (remind_at is not null)", name="surge_reminds_until_it_ends"),
        sa.CheckConstraint("ended_at is null or report_at is null", name="surge_reports_until_it_ends"),
        sa.CheckConstraint("ended_at > began_at", name="surge_ends_after_it_began"),
        sa.CheckConstraint("summarized_at is null or ended_at is not null", name="surge_summarized_once_it_is_over"),
        sa.CheckConstraint("(figures is null) = (summarized_at is null)", name="surge_summary_is_whole"),
        sa.Index(
            "one_open_surge", sa.text("(ended_at is null)"), unique=True, postgresql_where=sa.text("ended_at is null")
        ),
    )

    surge_id: Mapped[UUID] = mapped_column(primary_key=True)
    mode: Mapped[str]
    highest: Mapped[str]
    pack_version: Mapped[str]
    began_at: Mapped[datetime]
    at_level_since: Mapped[datetime]
    expected_end: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    prolonged: Mapped[int]
    reminded: Mapped[int]
    remind_at: Mapped[datetime | None]
    report_at: Mapped[datetime | None]
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    summarized_at: Mapped[datetime | None]

    @classmethod
    def begin(
        cls, surge_id: UUID, mode: Mode, expected_end: datetime, terms: ModeTerms, *, pack_version: str, at: datetime
    ) -> Self:
        surge = cls(surge_id=surge_id, highest=mode, began_at=at, prolonged=0, reminded=0)
        surge.go_to(mode, expected_end, terms, pack_version=pack_version, at=at)
        return surge

    @property
    def is_in(self) -> Mode:
        return cast("Mode", self.mode)  # the database checks the column

    def go_to(self, mode: Mode, expected_end: datetime, terms: ModeTerms, *, pack_version: str, at: datetime) -> None:
        """From here on by the pack that is in force now; reports count from the switch to this level."""
        self.mode = mode
        self.highest = higher(cast("Mode", self.highest), mode)
        self.pack_version = pack_version
        self.at_level_since = at
        self.expected_end = expected_end
        self.remind_at = next_reminder(terms, expected_end, after=at)
        self.report_at = next_report(terms.of(mode), at, after=at)

    def prolong(
        self, ask: ProlongSurge, terms: ModeTerms, *, now: datetime
    ) -> tuple["SurgeProlongation", SurgeProlonged]:
        before = self.expected_end
        self.prolonged += 1
        self.expected_end = ask.expected_end
        self.remind_at = next_reminder(terms, ask.expected_end, after=now)
        kept = SurgeProlongation(
            surge_id=self.surge_id,
            number=self.prolonged,
            expected_before=before,
            expected_end=ask.expected_end,
            reason=ask.reason,
            prolonged_by=ask.actor.staff,
            prolonged_at=now,
        )
        told = SurgeProlonged(
            surge_id=self.surge_id,
            mode=self.is_in,
            number=self.prolonged,
            expected_end=self.expected_end,
            expected_before=before,
            prolonged_at=now,
        )
        return kept, told

    def end(self, *, at: datetime) -> None:
        self.ended_at = at
        self.remind_at = None
        self.report_at = None

    # -- what the sweep does -------------------------------------------------------------------------------------------

    def remind(self, terms: ModeTerms, *, now: datetime) -> tuple[SurgeReminded, ...]:
        """Once, however many were missed; nothing where none is due."""
        if self.remind_at is None or self.remind_at > now:
            return ()
        self.reminded += 1
        self.remind_at = next_reminder(terms, self.expected_end, after=now)
        return (
            SurgeReminded(
                surge_id=self.surge_id,
                mode=self.is_in,
                number=self.reminded,
                expected_end=self.expected_end,
                late=self.expected_end <= now,
                reminded_at=now,
            ),
        )

    def ask_report(self, terms: ModeTerms, *, now: datetime) -> tuple[SituationReportDue, ...]:
        if self.report_at is None or self.report_at > now:
            return ()
        level = terms.of(self.is_in)
        due = last_report(level, self.at_level_since, now=now)
        self.report_at = next_report(level, self.at_level_since, after=now)
        if due is None:
            return ()
        number, report_at = due
        return (
            SituationReportDue(
                surge_id=self.surge_id,
                mode=self.is_in,
                number=number,
                expected_end=self.expected_end,
                report_at=report_at,
                told_at=now,
            ),
        )

    def summarize(self, figures: SurgeFigures, *, now: datetime) -> SurgeSummarized:
        """Once it is over."""
        self.figures = figures.model_dump(mode="json")
        self.summarized_at = now
        summary = self.summary()
        return SurgeSummarized(
            surge_id=self.surge_id,
            began_at=summary.began_at,
            ended_at=summary.ended_at,
            highest=summary.highest,
            figures=figures,
            summarized_at=now,
        )

    def summary(self) -> SurgeSummary:
        if self.ended_at is None or self.figures is None:
            raise ValueError(f"surge {self.surge_id} has no summary yet")
        return SurgeSummary(
            surge_id=self.surge_id,
            began_at=self.began_at,
            ended_at=self.ended_at,
            highest=cast("Mode", self.highest),
            figures=SurgeFigures.model_validate(self.figures),
        )


class SurgeProlongation(Base):
    """The expected end moved, on record: why, by whom, from when to when."""

    __tablename__ = "surge_prolongation"
    __table_args__ = (sa.CheckConstraint("expected_end > expected_before", name="prolonged_to_a_later_time"),)

    surge_id: Mapped[UUID] = mapped_column(sa.ForeignKey("dispatch.surge.surge_id", **DEFERRED), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    expected_before: Mapped[datetime]
    expected_end: Mapped[datetime]
    reason: Mapped[str]
    prolonged_by: Mapped[str]
    prolonged_at: Mapped[datetime]
