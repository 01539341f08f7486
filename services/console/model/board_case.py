"""One case as the board has it: what each service told of it, kept apart, and the row made of that."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.console.model.base import Base
from services.console.policy.board import Row, Section, row_of

NEXT_VERSION = sa.text("nextval('console.board_version')")


class BoardCase(Base):
    """Each section is moved by the events of one chain only, so the order in which chains come makes no difference."""

    __tablename__ = "board_case"
    __table_args__ = (
        sa.Index("board_case_code", "case_code"),
        sa.Index("board_case_shown", "shown", postgresql_where=sa.text("shown")),
        sa.Index("board_case_queue", "due_at", "registered_at", postgresql_where=sa.text("listed")),
        sa.Index("board_case_units", "units", postgresql_using="gin", postgresql_where=sa.text("listed")),
        sa.Index("board_case_place", "place", postgresql_where=sa.text("listed")),
        sa.Index("board_case_owner", "owner", postgresql_where=sa.text("listed")),
        sa.Index("board_case_window", "window_code", postgresql_where=sa.text("listed")),
        sa.Index("board_case_unannounced", "version", postgresql_where=sa.text("announced < version")),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_code: Mapped[str]
    intake: Mapped[dict[str, Any]]
    dispatch: Mapped[dict[str, Any]]
    clocks: Mapped[dict[str, Any]]
    grid: Mapped[dict[str, Any]]
    row: Mapped[dict[str, Any]]
    shown: Mapped[bool]
    version: Mapped[int] = mapped_column(sa.BigInteger)
    announced: Mapped[int] = mapped_column(sa.BigInteger)
    listed: Mapped[bool] = mapped_column(server_default=sa.false())
    due_at: Mapped[datetime | None]
    registered_at: Mapped[datetime | None]
    units: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), server_default="{}")
    place: Mapped[str | None]
    owner: Mapped[str | None]
    window: Mapped[str | None] = mapped_column("window_code")

    def sections(self) -> dict[Section, Mapping[str, Any]]:
        return {"intake": self.intake, "dispatch": self.dispatch, "clocks": self.clocks, "grid": self.grid}

    def take(self, section: Section, facts: dict[str, Any]) -> bool:
        """Returns whether the row changed by it."""
        setattr(self, section, facts)
        row = row_of(self.case_code, self.sections())
        kept = row.model_dump(mode="json")
        if kept == self.row:
            return False
        self._keep(row, kept)
        return True

    def _keep(self, row: Row, kept: dict[str, Any]) -> None:
        """With what the queue is ordered and narrowed by. `listed`: on a screen; a drill is while it calls anybody."""
        self.row, self.shown = kept, row.shown
        self.listed = row.shown or (row.drill and bool(row.arrivals))
        self.due_at, self.registered_at = row.due_at, row.registered_at
        self.units, self.place, self.owner, self.window = list(row.units), row.place, row.owner, row.window

    def view(self) -> Row:
        return Row.model_validate(self.row)
