"""An appeal against an overdue clock (超时申诉): made by the unit, proposed on by one person, decided by another."""

from datetime import datetime
from typing import Literal, Self, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.escalation.errors.appeals import (
    AppealNotProposed,
    AppealStepDone,
    AppealTooLate,
    ClockDidNotFire,
    NotYourClock,
    OwnAppeal,
    ProposerMayNotDecide,
)
from services.escalation.model.base import SCHEMA, Base
from services.escalation.model.clock import Clock
from shared.contracts.actors import Actor
from shared.contracts.escalation import (
    AppealGranted,
    AppealMade,
    AppealProposed,
    AppealReason,
    AppealRefused,
    AppealView,
    MakeAppeal,
    Stage,
)
from shared.contracts.escalation.appeals import AppealState

Advice = Literal["support", "oppose"]


class Appeal(Base):
    """A fact beside the clock, never a change of it: `exempted_at` says that the overdue fact does not count."""

    __tablename__ = "appeal"
    __table_args__ = (
        sa.UniqueConstraint("clock", name="a_clock_is_appealed_against_once"),
        sa.CheckConstraint("state in ('made', 'proposed', 'granted', 'refused')", name="appeal_state_known"),
        sa.CheckConstraint("advice in ('support', 'oppose')", name="appeal_advice_known"),
        sa.CheckConstraint(
            "(state = 'made') = (proposed_by is null) and (state = 'made') = (advice is null)",
            name="appeal_proposed_on_record",
        ),
        sa.CheckConstraint(
            "(state in ('granted', 'refused')) = (decided_by is not null and decided_at is not null)",
            name="appeal_decided_on_record",
        ),
        sa.CheckConstraint("(state = 'granted') = (exempted_at is not null)", name="only_a_granted_appeal_exempts"),
        sa.CheckConstraint("proposed_by <> made_by", name="appellant_does_not_propose"),
        sa.CheckConstraint("decided_by <> made_by", name="appellant_does_not_decide"),
        sa.CheckConstraint("decided_by <> proposed_by", name="proposer_does_not_decide"),
        sa.Index("appeal_waits", "made_at", postgresql_where=sa.text("state in ('made', 'proposed')")),
        sa.Index("appeal_case", "case_id"),
    )

    appeal_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey(f"{SCHEMA}.case_file.case_id"))
    case_code: Mapped[str]
    clock: Mapped[str] = mapped_column(sa.ForeignKey(f"{SCHEMA}.clock.key"))
    stage: Mapped[str]
    unit: Mapped[str]
    fired_at: Mapped[datetime]
    state: Mapped[str]
    reason: Mapped[str]
    words: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    advice: Mapped[str | None]
    advice_words: Mapped[str | None]
    proposed_by: Mapped[str | None]
    proposed_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decide_words: Mapped[str | None]
    exempted_at: Mapped[datetime | None]

    # -- verbs ---------------------------------------------------------------------------------------------------------

    @classmethod
    def make(cls, appeal_id: UUID, clock: Clock, ask: MakeAppeal, *, until: datetime, now: datetime) -> Self:
        """`until`: the last instant the pack allows."""
        if clock.fired_at is None or clock.drill:
            raise ClockDidNotFire(
                "a drill is not scored" if clock.drill else "this clock was not overdue", field="clock", clock=clock.key
            )
        if now > until:
            raise AppealTooLate(
                f"the time to appeal ended at {until.isoformat()}", field="clock", until=until.isoformat()
            )
        return cls(
            appeal_id=appeal_id,
            case_id=clock.case_id,
            case_code=clock.case_code,
            clock=clock.key,
            stage=clock.stage,
            unit=clock.owes,
            fired_at=clock.fired_at,
            state="made",
            reason=ask.reason.value,
            words=ask.words,
            made_by=ask.actor.staff,
            made_at=now,
        )

    @staticmethod
    def require_own(clock: Clock, by: Actor) -> None:
        """Said before anything of the clock is."""
        if by.unit is None or clock.owes != by.unit:
            raise NotYourClock("this clock is not your unit's", field="clock", clock=clock.key)

    def made(self) -> AppealMade:
        return AppealMade(
            case_id=self.case_id,
            case_code=self.case_code,
            appeal_id=self.appeal_id,
            clock=self.clock,
            stage=self.of_stage,
            unit=self.unit,
            reason=AppealReason(self.reason),
            fired_at=self.fired_at,
            made_by=self.made_by,
            made_at=self.made_at,
        )

    def propose(self, advice: Advice, words: str | None, *, by: Actor, now: datetime) -> AppealProposed:
        self._require_outside(by)
        if self.state != "made":
            raise AppealStepDone(f"{self.proposed_by} proposed on this appeal", field="appeal_id", state=self.state)
        self.state = "proposed"
        self.advice = advice
        self.advice_words = words
        self.proposed_by = by.staff
        self.proposed_at = now
        return AppealProposed(
            case_id=self.case_id,
            case_code=self.case_code,
            appeal_id=self.appeal_id,
            clock=self.clock,
            stage=self.of_stage,
            unit=self.unit,
            advice=advice,
            proposed_by=by.staff,
            proposed_at=now,
        )

    def grant(self, words: str | None, *, by: Actor, now: datetime) -> AppealGranted:
        self._decide("granted", words, by=by, now=now)
        self.exempted_at = now
        return AppealGranted(
            case_id=self.case_id,
            case_code=self.case_code,
            appeal_id=self.appeal_id,
            clock=self.clock,
            stage=self.of_stage,
            unit=self.unit,
            decided_by=by.staff,
            exempted_at=now,
        )

    def refuse(self, words: str | None, *, by: Actor, now: datetime) -> AppealRefused:
        self._decide("refused", words, by=by, now=now)
        return AppealRefused(
            case_id=self.case_id,
            case_code=self.case_code,
            appeal_id=self.appeal_id,
            clock=self.clock,
            stage=self.of_stage,
            unit=self.unit,
            decided_by=by.staff,
            refused_at=now,
        )

    # -- facts ---------------------------------------------------------------------------------------------------------

    @property
    def waits(self) -> bool:
        return self.state in ("made", "proposed")

    @property
    def of_stage(self) -> Stage:
        return cast("Stage", self.stage)

    def view(self, *, with_words: bool) -> AppealView:
        return AppealView(
            appeal_id=self.appeal_id,
            case_code=self.case_code,
            clock=self.clock,
            stage=self.of_stage,
            unit=self.unit,
            state=cast("AppealState", self.state),
            fired_at=self.fired_at,
            reason=AppealReason(self.reason),
            words=self.words if with_words else None,
            made_by=self.made_by,
            made_at=self.made_at,
            advice=cast("Advice | None", self.advice),
            proposed_by=self.proposed_by,
            proposed_at=self.proposed_at,
            advice_words=self.advice_words if with_words else None,
            decided_by=self.decided_by,
            decided_at=self.decided_at,
            decision_words=self.decide_words if with_words else None,
            exempted_at=self.exempted_at,
        )

    # -- pieces --------------------------------------------------------------------------------------------------------

    def _decide(self, state: AppealState, words: str | None, *, by: Actor, now: datetime) -> None:
        self._require_outside(by)
        if self.state == "made":
            raise AppealNotProposed("the duty director has not proposed on this appeal yet", field="appeal_id")
        if self.state != "proposed":
            raise AppealStepDone(f"{self.decided_by} decided on this appeal", field="appeal_id", state=self.state)
        if by.staff == self.proposed_by:
            raise ProposerMayNotDecide("you proposed on this appeal; another decides", field="actor.staff")
        self.state = state
        self.decided_by = by.staff
        self.decided_at = now
        self.decide_words = words

    def _require_outside(self, by: Actor) -> None:
        if by.staff == self.made_by or by.unit == self.unit:
            raise OwnAppeal("this appeal is your own or your unit's", field="actor", unit=self.unit)
