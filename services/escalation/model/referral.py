"""A referral to the oversight office (问责移送): proposed by a rule, decided by a person, answered by the office."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.escalation.errors.referrals import (
    AnswersOwnReferral,
    AppealPending,
    OwnUnitReferred,
    ReferralNotReady,
    ReferralStepDone,
)
from services.escalation.model.base import SCHEMA, Base
from services.escalation.model.case_file import CaseFile
from services.escalation.policy.accountability import clock_of
from shared.contracts.actors import Actor
from shared.contracts.escalation import (
    Evidence,
    ReferralAnswered,
    ReferralCause,
    ReferralClosed,
    ReferralDecided,
    ReferralDropped,
    ReferralProposed,
    ReferralResult,
    ReferralView,
)
from shared.contracts.escalation.referrals import ReferralState


class Referral(Base):
    """`ground` names what it stands on: made once for each. `clock` is the overdue clock it stands on, if any.

    The evidence is references only. The words of whoever decides and of the office never leave this table but to those
    who may read them.
    """

    __tablename__ = "referral"
    __table_args__ = (
        sa.UniqueConstraint("ground", name="one_referral_per_ground"),
        sa.CheckConstraint("cause in ('overdue', 'unanswered', 'absent', 'reopened')", name="referral_cause_known"),
        sa.CheckConstraint(
            "state in ('proposed', 'not_referred', 'referred', 'answered', 'closed', 'dropped')",
            name="referral_state_known",
        ),
        sa.CheckConstraint(
            "(state in ('proposed', 'dropped')) = (decided_by is null) "
            "and (decided_by is null) = (reason is null) and (decided_by is null) = (decided_at is null)",
            name="referral_decided_by_a_person_with_reason",
        ),
        sa.CheckConstraint(
            "(state in ('answered', 'closed')) = (answered_by is not null and result is not null)",
            name="referral_answered_on_record",
        ),
        sa.CheckConstraint("(state = 'closed') = (closed_by is not null)", name="referral_closed_on_record"),
        sa.CheckConstraint("answered_by <> decided_by", name="referrer_does_not_answer"),
        sa.Index("referral_clock", "clock", postgresql_where=sa.text("clock is not null")),
        sa.Index(
            "referral_under_way",
            "proposed_at",
            postgresql_where=sa.text("state in ('proposed', 'referred', 'answered')"),
        ),
        sa.Index("referral_case", "case_id"),
    )

    referral_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey(f"{SCHEMA}.case_file.case_id"))
    case_code: Mapped[str]
    unit: Mapped[str]
    cause: Mapped[str]
    ground: Mapped[str]
    clock: Mapped[str | None] = mapped_column(sa.ForeignKey(f"{SCHEMA}.clock.key"))
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    state: Mapped[str]
    proposed_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    result: Mapped[str | None]
    words: Mapped[str | None]
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    closed_at: Mapped[datetime | None]

    # -- verbs ---------------------------------------------------------------------------------------------------------

    @classmethod
    def of(
        cls,
        referral_id: UUID,
        file: CaseFile,
        *,
        unit: str,
        cause: ReferralCause,
        ground: str,
        evidence: Iterable[Evidence],
        now: datetime,
    ) -> Self:
        found = tuple(evidence)
        return cls(
            referral_id=referral_id,
            case_id=file.case_id,
            case_code=file.case_code,
            unit=unit,
            cause=cause.value,
            ground=ground,
            clock=clock_of(found),
            evidence=[one.model_dump(mode="json") for one in found],
            state="proposed",
            proposed_at=now,
        )

    def proposed(self) -> ReferralProposed:
        return ReferralProposed(
            case_id=self.case_id,
            case_code=self.case_code,
            referral_id=self.referral_id,
            unit=self.unit,
            cause=self.of_cause,
            evidence=self.proofs,
            proposed_at=self.proposed_at,
        )

    def decide(self, reason: str, *, refer: bool, by: Actor, pending: UUID | None, now: datetime) -> ReferralDecided:
        """`pending`: an appeal under way against its clock; until that is decided, this is not."""
        if by.unit == self.unit:
            raise OwnUnitReferred("this referral is about your own unit; another decides", field="actor.unit")
        if self.state != "proposed":
            raise ReferralStepDone(
                f"this referral is {self.state} already", field="referral_id", state=self.state, by=self.decided_by
            )
        if pending is not None:
            raise AppealPending(
                f"appeal {pending} against its clock is not decided yet", field="referral_id", appeal_id=str(pending)
            )
        self.state = "referred" if refer else "not_referred"
        self.reason = reason
        self.decided_by = by.staff
        self.decided_at = now
        return ReferralDecided(
            case_id=self.case_id,
            case_code=self.case_code,
            referral_id=self.referral_id,
            unit=self.unit,
            cause=self.of_cause,
            referred=refer,
            decided_by=by.staff,
            decided_at=now,
        )

    def answer(self, result: ReferralResult, words: str, *, by: Actor, now: datetime) -> ReferralAnswered:
        self._require("referred", done=("answered", "closed"))
        if by.staff == self.decided_by:
            raise AnswersOwnReferral(
                "you referred this yourself; another at the office answers it", field="actor.staff"
            )
        self.state = "answered"
        self.result = result.value
        self.words = words
        self.answered_by = by.staff
        self.answered_at = now
        return ReferralAnswered(
            case_id=self.case_id,
            case_code=self.case_code,
            referral_id=self.referral_id,
            unit=self.unit,
            cause=self.of_cause,
            result=result,
            answered_by=by.staff,
            answered_at=now,
        )

    def close(self, *, by: Actor, now: datetime) -> ReferralClosed:
        self._require("answered", done=("closed",))
        self.state = "closed"
        self.closed_by = by.staff
        self.closed_at = now
        return ReferralClosed(
            case_id=self.case_id,
            case_code=self.case_code,
            referral_id=self.referral_id,
            unit=self.unit,
            cause=self.of_cause,
            closed_by=by.staff,
            closed_at=now,
        )

    def drop(self, appeal_id: UUID, at: datetime) -> ReferralDropped:
        """No ground is left: its clock does not count."""
        self.state = "dropped"
        return ReferralDropped(
            case_id=self.case_id,
            case_code=self.case_code,
            referral_id=self.referral_id,
            unit=self.unit,
            cause=self.of_cause,
            appeal_id=appeal_id,
            dropped_at=at,
        )

    # -- facts ---------------------------------------------------------------------------------------------------------

    @property
    def of_cause(self) -> ReferralCause:
        return ReferralCause(self.cause)

    @property
    def proofs(self) -> tuple[Evidence, ...]:
        return tuple(Evidence.model_validate(one) for one in self.evidence)

    def view(self, *, pending: UUID | None, with_words: bool) -> ReferralView:
        return ReferralView(
            referral_id=self.referral_id,
            case_code=self.case_code,
            unit=self.unit,
            cause=self.of_cause,
            state=cast("ReferralState", self.state),
            evidence=self.proofs,
            waits_for_appeal=pending if self.state == "proposed" else None,
            proposed_at=self.proposed_at,
            decided_by=self.decided_by,
            decided_at=self.decided_at,
            reason=self.reason if with_words else None,
            result=None if self.result is None else ReferralResult(self.result),
            words=self.words if with_words else None,
            answered_by=self.answered_by,
            answered_at=self.answered_at,
            closed_at=self.closed_at,
        )

    def _require(self, state: ReferralState, *, done: tuple[ReferralState, ...]) -> None:
        if self.state in done:
            raise ReferralStepDone(f"this referral is {self.state} already", field="referral_id", state=self.state)
        if self.state != state:
            raise ReferralNotReady(f"this referral is {self.state}", field="referral_id", state=self.state)
