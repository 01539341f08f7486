"""What escalation knows of a case: enough to arm its clocks, and whether it is over."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.escalation.model.base import Base
from services.escalation.policy.case_book import CaseBook, hear
from services.escalation.policy.loop_book import left, loop_after, owing, taken_up
from services.escalation.policy.obligations import CLOSED_ALREADY, JOINED, CaseFacts, Describe, Grounds, Owing
from services.escalation.policy.verifying import Handlers
from shared.contracts.base import CaseEvent, Level
from shared.contracts.escalation import Stage

STILL_OWED: frozenset[Stage] = frozenset({"accept", "follow_up", "arrival"})


class CaseFile(Base):
    """One row per case, made by whichever event comes first; its lock puts everything done to a case in one line.

    `book` holds what was told of the case as facts, for the auditor (`CaseBook`); null where the case began before
    those were kept.
    """

    __tablename__ = "case_file"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_code: Mapped[str]
    owner: Mapped[str | None]
    window: Mapped[str | None]
    category: Mapped[str | None]
    level: Mapped[str | None]
    place: Mapped[str | None]
    pack_version: Mapped[str | None]
    handling_mode: Mapped[str | None]
    handled_units: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), default=list, server_default=sa.text("'{}'"))
    handled_by: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), default=list, server_default=sa.text("'{}'"))
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str | None]
    joined: Mapped[bool] = mapped_column(default=False)
    splits: Mapped[int] = mapped_column(default=0)
    book: Mapped[dict[str, Any] | None] = mapped_column(JSONB)

    __table_args__ = (
        sa.CheckConstraint("(closed_at is null) = (closed_reason is null)", name="case_file_closed_with_reason"),
        # A drill has no case: its summons stands in for one, and all drills go by the same word.
        sa.Index("case_file_under_way", "case_id", postgresql_where=sa.text("closed_at is null")),
        sa.Index("case_file_code", "case_code", unique=True, postgresql_where=sa.text("case_code <> 'drill'")),
    )

    @property
    def closed(self) -> bool:
        return self.closed_at is not None

    def describe(self, told: Describe) -> None:
        """Fills what is blank; a correction also replaces the grounds and the place."""
        if told.corrects or self.pack_version is None:
            self.pack_version = told.grounds.pack_version
            self.category = told.grounds.category
            self.level = told.grounds.level
            self.place = told.place
        self.owner = self.owner or told.owner
        self.window = self.window or told.window
        self.handling_mode = self.handling_mode or told.handling_mode

    def note_handler(self, unit: str, *staff: str | None) -> None:
        """Whoever had it in hand, in whichever round: they do not verify it."""
        self.handled_units = sorted({*self.handled_units, unit})
        self.handled_by = sorted({*self.handled_by, *(one for one in staff if one is not None)})

    @property
    def handlers(self) -> Handlers:
        return Handlers(frozenset(self.handled_units or ()), frozenset(self.handled_by or ()))

    def close(self, at: datetime, reason: Literal["closed", "not_accepted"]) -> None:
        self.closed_at = at
        self.closed_reason = reason

    def reopen(self) -> None:
        self.closed_at = None
        self.closed_reason = None

    def split_since(self, splits: int) -> bool:
        """Whether a joining after so many splits is old news: another stream may have told of a later split first."""
        return splits < self.splits

    def join(self) -> None:
        self.joined = True

    def split(self, splits: int) -> None:
        if splits > self.splits:
            self.splits, self.joined = splits, False

    def owes_nothing(self, stage: Stage) -> str | None:
        """Why nothing is owed any more in this stage; None where it is. A joined case is followed up, no more."""
        if self.closed:
            return CLOSED_ALREADY
        return JOINED if self.joined and stage not in STILL_OWED else None

    def hear(self, event: CaseEvent) -> None:
        self._write(lambda book: loop_after(event, book, hear(event, book)))

    def hear_solved(self, at: datetime, grounds: Grounds) -> None:
        """The grid saw that it is solved: the first receiver asks the requester now."""
        self._write(lambda book: book.follows_up(at, grounds))

    def hear_not_found(self, key: str, one: Owing) -> None:
        """The grid did not find the place: the dispatcher says better where it is."""
        self._write(lambda book: owing(book, key, one))

    def hear_done(self, key: str) -> None:
        self._write(lambda book: left(book, lambda each, _: each != key))

    def hear_taken_up(self) -> None:
        self._write(taken_up)

    def _write(self, change: Callable[[CaseBook], CaseBook]) -> None:
        if self.book is not None:
            self.book = change(CaseBook.model_validate(self.book)).model_dump(mode="json", exclude_defaults=True)

    def facts(self, *, follow_ups: int) -> CaseFacts:
        grounds = None
        if self.pack_version is not None:
            grounds = Grounds(self.pack_version, self.category, cast("Level", self.level))
        return CaseFacts(owner=self.owner, window=self.window, grounds=grounds, follow_ups=follow_ups)
