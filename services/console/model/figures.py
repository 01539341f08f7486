"""Facts to be counted: a row for each case, each promise in time, each act. Made from events, made anew at any time.

What a case is about stands on each of its rows, so that counting by category or place needs no join; it is changed on
all of them where a case is put right.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.console.model.base import Base
from services.console.policy.figures import verdict_of
from services.console.policy.figures.promises import counted_at


class FigureCase(Base):
    __tablename__ = "figure_case"
    __table_args__ = (
        sa.Index(
            "figure_case_registered",
            "registered_at",
            postgresql_include=["place", "category", "level", "unit", "window_code"],
        ),
        sa.Index(
            "figure_case_over",
            "over_at",
            postgresql_include=["outcome", "place", "category", "level", "unit", "window_code"],
            postgresql_where=sa.text("over_at is not null"),
        ),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_code: Mapped[str]
    source: Mapped[str | None]
    category: Mapped[str | None]
    place: Mapped[str | None]
    level: Mapped[str | None]
    window: Mapped[str | None] = mapped_column("window_code")
    unit: Mapped[str | None]
    registered_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]
    outcome: Mapped[str | None]

    def take(self, change: Mapping[str, Any]) -> None:
        for name, value in change.items():
            setattr(self, name, value)


class FigurePromise(Base):
    """`counted_at`: the instant by which it falls into a period; `verdict`: how it is counted there."""

    __tablename__ = "figure_promise"
    __table_args__ = (
        sa.CheckConstraint(
            "verdict in ('open', 'in_time', 'late', 'exempt', 'void')", name="figure_promise_verdict_known"
        ),
        sa.Index("figure_promise_case", "case_id"),
        sa.Index(
            "figure_promise_counted",
            "counted_at",
            postgresql_include=["stage", "verdict", "unit", "drill", "place", "category", "level", "window_code"],
        ),
        sa.Index(
            "figure_promise_fired",
            "fired_at",
            postgresql_include=["stage", "unit", "drill", "place", "category", "level", "window_code"],
            postgresql_where=sa.text("fired_at is not null"),
        ),
    )

    clock: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    case_code: Mapped[str]
    drill: Mapped[bool]
    stage: Mapped[str]
    unit: Mapped[str | None]
    verdict: Mapped[str]
    counted_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None]
    fired_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    exempted_at: Mapped[datetime | None]
    category: Mapped[str | None]
    place: Mapped[str | None]
    level: Mapped[str | None]
    window: Mapped[str | None] = mapped_column("window_code")

    def take(self, change: Mapping[str, Any]) -> None:
        for name, value in change.items():
            setattr(self, name, value)
        self.counted_at = counted_at(self.stage, self.started_at, self.due_at)
        self.verdict = verdict_of(
            met_at=self.met_at,
            fired_at=self.fired_at,
            ended_at=self.ended_at,
            reason=self.reason,
            exempted_at=self.exempted_at,
        )


class FigureAct(Base):
    __tablename__ = "figure_act"
    __table_args__ = (
        sa.Index("figure_act_case", "case_id"),
        sa.Index(
            "figure_act_at",
            "at",
            postgresql_include=[
                *("kind", "unit", "outcome", "reached", "solved", "responded"),
                *("place", "category", "level", "window_code"),
            ],
        ),
    )

    act_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    case_code: Mapped[str]
    kind: Mapped[str]
    at: Mapped[datetime]
    unit: Mapped[str | None]
    outcome: Mapped[str | None]
    reached: Mapped[bool | None]
    solved: Mapped[bool | None]
    responded: Mapped[bool | None]
    category: Mapped[str | None]
    place: Mapped[str | None]
    level: Mapped[str | None]
    window: Mapped[str | None] = mapped_column("window_code")
