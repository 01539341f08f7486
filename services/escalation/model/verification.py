"""A verification task: the grid looks at what a unit reported, and says what it found (核查)."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.escalation.errors import HandlerMayNotVerify, NotYourGrid, VerificationNotOpen
from services.escalation.model.base import SCHEMA, Base
from services.escalation.policy.obligations import AskVerification
from services.escalation.policy.verifying import covers, handled
from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor
from shared.contracts.escalation import VerificationAssigned, VerificationOutcome, VerificationRecorded


class Verification(Base):
    """Open until it is recorded, or cancelled with its case. The note is free text: it never leaves this table."""

    __tablename__ = "verification"
    __table_args__ = (
        sa.CheckConstraint("state in ('open', 'recorded', 'cancelled')", name="verification_state_known"),
        sa.CheckConstraint("(state = 'recorded') = (outcome is not null)", name="verification_recorded_with_outcome"),
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
    pack_version: Mapped[str]
    category: Mapped[str | None]
    level: Mapped[str]
    reported_by: Mapped[str]
    assigned_at: Mapped[datetime]
    state: Mapped[str]
    outcome: Mapped[str | None]
    verified_by: Mapped[str | None]
    note: Mapped[str | None]
    recorded_at: Mapped[datetime | None]

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
            assigned_at=self.assigned_at,
        )

    def record(
        self, outcome: VerificationOutcome, note: str | None, *, by: Actor, pack: CentrePack, now: datetime
    ) -> VerificationRecorded:
        """Refused for whoever handled, outside the worker's grid, and a second time."""
        if self.state != "open":
            raise VerificationNotOpen(
                f"this verification is {self.state} already", field="verification_id", state=self.state
            )
        if handled(by, unit=self.unit, reported_by=self.reported_by):
            raise HandlerMayNotVerify(
                "whoever handled the case may not verify it; a grid worker of the place does",
                field="actor",
                unit=self.unit,
            )
        if not covers(pack, by.grid, self.place):
            raise NotYourGrid(
                f"this case lies in {self.place}, not in your grid", field="actor.grid", place=self.place, grid=by.grid
            )
        self.state = "recorded"
        self.outcome = outcome
        self.verified_by = by.staff
        self.note = note
        self.recorded_at = now
        return VerificationRecorded(
            case_id=self.case_id,
            case_code=self.case_code,
            verification_id=self.verification_id,
            work_order_id=self.work_order_id,
            unit=self.unit,
            round=self.round,
            outcome=outcome,
            verified_by=by.staff,
            recorded_at=now,
        )

    def cancel(self) -> None:
        """The case went on without it."""
        if self.state == "open":
            self.state = "cancelled"
