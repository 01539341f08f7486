"""A verification task: the grid looks at what a unit reported, and says what it found (核查)."""

from datetime import datetime
from typing import Literal, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.escalation.errors import GridNotAtWork, HandlerMayNotVerify, NotYourGrid, VerificationNotOpen
from services.escalation.errors.verifications import FoundAtWrong, NotWaitingForPlace
from services.escalation.model.base import SCHEMA, Base
from services.escalation.policy.obligations import AskVerification, Grounds
from services.escalation.policy.verifying import NOBODY, Handlers, at_work, covers, goes_to
from shared.centre.pack import CentrePack, Mode
from shared.contracts.actors import Actor
from shared.contracts.base import Level
from shared.contracts.escalation import VerificationAssigned, VerificationOutcome, VerificationRecorded
from shared.contracts.intake import ERASED
from shared.vault import KeyRing, is_sealed, open_sealed, seal

Words = Literal["note", "hint"]
WORDS: tuple[Words, ...] = ("note", "hint")


class Verification(Base):
    """Open until it is recorded, or cancelled with its case.

    `note` (what was found) and `hint` (how to find the place) are free text: sealed, and erased with the requester's
    data. `found_at` is when it was looked at, where that was told. `attempt` counts the tasks of one round, a new one
    each time the place was not found; `sent_again_at` says that there is one after this.
    """

    __tablename__ = "verification"
    __table_args__ = (
        sa.CheckConstraint("state in ('open', 'recorded', 'cancelled')", name="verification_state_known"),
        sa.CheckConstraint("(state = 'recorded') = (outcome is not null)", name="verification_recorded_with_outcome"),
        sa.CheckConstraint("goes_to in ('first_receiver', 'unit', 'dispatcher')", name="verification_goes_to_known"),
        sa.CheckConstraint(
            "found_at is null or found_at between assigned_at and recorded_at", name="verification_found_in_between"
        ),
        sa.Index("verification_open", "assigned_at", postgresql_where=sa.text("state = 'open'")),
        sa.Index("verification_case", "case_id"),
    )

    verification_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey(f"{SCHEMA}.case_file.case_id"))
    case_code: Mapped[str]
    work_order_id: Mapped[UUID]
    unit: Mapped[str]
    place: Mapped[str | None]
    round: Mapped[int]
    attempt: Mapped[int]
    hint: Mapped[str | None]
    pack_version: Mapped[str]
    category: Mapped[str | None]
    level: Mapped[str]
    reported_by: Mapped[str]
    assigned_at: Mapped[datetime]
    state: Mapped[str]
    outcome: Mapped[str | None]
    verified_by: Mapped[str | None]
    note: Mapped[str | None]
    goes_to: Mapped[str | None]
    found_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime | None]
    sent_again_at: Mapped[datetime | None]

    @classmethod
    def of(cls, verification_id: UUID, case_id: UUID, case_code: str, ask: AskVerification) -> "Verification":
        return cls(
            verification_id=verification_id,
            case_id=case_id,
            case_code=case_code,
            work_order_id=ask.work_order_id,
            unit=ask.unit,
            place=ask.place,
            round=ask.round,
            attempt=ask.attempt,
            hint=ask.hint,
            pack_version=ask.grounds.pack_version,
            category=ask.grounds.category,
            level=ask.grounds.level,
            reported_by=ask.reported_by,
            assigned_at=ask.at,
            state="open",
        )

    def assigned(self) -> VerificationAssigned:
        return VerificationAssigned(
            case_id=self.case_id,
            case_code=self.case_code,
            verification_id=self.verification_id,
            work_order_id=self.work_order_id,
            unit=self.unit,
            place=self.place,
            round=self.round,
            attempt=self.attempt,
            assigned_at=self.assigned_at,
        )

    def record(
        self,
        outcome: VerificationOutcome,
        note: str | None,
        *,
        by: Actor,
        pack: CentrePack,
        now: datetime,
        mode: Mode = "normal",
        handlers: Handlers = NOBODY,
        found_at: datetime | None = None,
        photos: int = 0,
    ) -> VerificationRecorded:
        """Refused for whoever handled, as lead or supporter; outside the worker's grid; of a grid that
        the mode does not call upon; and a second time.
        """
        self._require_open()
        self._require_verifier(by, pack, mode, handlers)
        self._require_found(found_at, now=now)
        next_ = goes_to(outcome, attempt=self.attempt, not_found_max=pack.closed_loop.not_found_max)
        self.state = "recorded"
        self.outcome = outcome
        self.verified_by = by.staff
        self.note = note
        self.goes_to = next_
        self.found_at = found_at
        self.recorded_at = now
        return VerificationRecorded(
            case_id=self.case_id,
            case_code=self.case_code,
            verification_id=self.verification_id,
            work_order_id=self.work_order_id,
            unit=self.unit,
            round=self.round,
            outcome=outcome,
            goes_to=next_,
            verified_by=by.staff,
            photos=photos,
            found_at=found_at,
            recorded_at=now,
        )

    def again(self, hint: str, place: str | None, *, now: datetime) -> AskVerification:
        """What the grid did not find it is asked for again, at a better place or with better words."""
        if self.goes_to != "dispatcher" or self.sent_again_at is not None:
            raise NotWaitingForPlace("nobody waits for a better place here", field="verification_id", state=self.state)
        self.sent_again_at = now
        return AskVerification(
            self.work_order_id,
            self.unit,
            place or self.place,
            self.round,
            self.reported_by,
            self.grounds(),
            now,
            attempt=self.attempt + 1,
            hint=hint,
        )

    def sealed(self, keys: KeyRing, what: Words, words: str) -> str:
        return seal(keys, words, context=self._context(what))

    def opened(self, keys: KeyRing, what: Words) -> str | None:
        words = self.note if what == "note" else self.hint
        if words is None or not is_sealed(words):
            return words  # erased, or written before words were sealed here
        return open_sealed(keys, words, context=self._context(what))

    def reseal(self, keys: KeyRing) -> None:
        """Under the newest key; what was written before words were sealed here is sealed now."""
        for what in WORDS:
            words = self.opened(keys, what)
            if words is not None and words != ERASED:
                setattr(self, what, self.sealed(keys, what, words))

    def _context(self, what: Words) -> str:
        """Binds words to the work they are about: moved to another case they cannot be opened."""
        return f"{self.case_id}/verification/{self.work_order_id}/{what}"

    def grounds(self) -> Grounds:
        return Grounds(self.pack_version, self.category, cast("Level", self.level))  # as it was told

    def _require_open(self) -> None:
        if self.state != "open":
            raise VerificationNotOpen(
                f"this verification is {self.state} already", field="verification_id", state=self.state
            )

    def _require_verifier(self, by: Actor, pack: CentrePack, mode: Mode, handlers: Handlers) -> None:
        reported = Handlers(frozenset({self.unit}), frozenset({self.reported_by}))
        if handlers.include(by) or reported.include(by):
            raise HandlerMayNotVerify(
                "whoever handled the case may not verify it; a grid worker of the place does",
                field="actor",
                unit=self.unit,
            )
        if not covers(pack, by.grid, self.place):
            raise NotYourGrid(
                f"this case lies in {self.place}, not in your grid", field="actor.grid", place=self.place, grid=by.grid
            )
        if not at_work(pack, by.grid, mode):
            raise GridNotAtWork(
                f"grids like {by.grid} verify in a surge only", field="actor.grid", grid=by.grid, mode=mode
            )

    def _require_found(self, found_at: datetime | None, *, now: datetime) -> None:
        if found_at is None:
            return
        if found_at > now:
            raise FoundAtWrong("the time it was looked at lies in the future", field="found_at")
        if found_at < self.assigned_at:
            raise FoundAtWrong(
                f"it was looked at before the task was given, which was at {self.assigned_at.isoformat()}",
                field="found_at",
                assigned_at=self.assigned_at.isoformat(),
            )

    def cancel(self) -> None:
        """The case went on without it."""
        if self.state == "open":
            self.state = "cancelled"
