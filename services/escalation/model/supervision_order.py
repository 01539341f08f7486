"""A supervision order (督办单): who has to answer to whom, by when, and with which outcome it closed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.escalation.errors.supervision import (
    JudgesOwnAnswer,
    NoHigherLevel,
    NotOfIssuersRank,
    NotYourOrder,
    SupervisionNotPossibleNow,
)
from services.escalation.model.base import SCHEMA, Base
from services.escalation.model.case_file import CaseFile
from services.escalation.model.supervision_answer import SupervisionAnswer
from services.escalation.policy.obligations import supervision_key
from services.escalation.policy.supervising import (
    ALLOWED,
    UNDER_WAY,
    Verb,
    judged_by,
    may_judge,
    next_level,
    rank,
)
from shared.contracts.actors import Actor
from shared.contracts.escalation import (
    SupervisionAnswered,
    SupervisionClosed,
    SupervisionEnded,
    SupervisionIssued,
    SupervisionLevel,
    SupervisionOrderView,
    SupervisionOutcome,
    SupervisionRaised,
    SupervisionSentBack,
    SupervisionWithdrawn,
)
from shared.contracts.escalation.supervision import SupervisionState

_UNDER_WAY = "state in ('open', 'answered')"


class SupervisionOrder(Base):
    """Whatever changes it holds the lock of its case. What was ordered is never edited; what it was closed with stays.

    `clock` is the overdue clock whose ladder called for it (or for the one it was raised from); none where a person
    did. The time of the answer is another clock's: of the stage `supervision`, one for each round.
    """

    __tablename__ = "supervision_order"
    __table_args__ = (
        sa.CheckConstraint("level in ('reminder', 'written_order', 'listed')", name="supervision_level_known"),
        sa.CheckConstraint(
            "state in ('open', 'answered', 'closed', 'withdrawn', 'ended')", name="supervision_state_known"
        ),
        sa.CheckConstraint("(state = 'closed') = (outcome is not null)", name="supervision_closes_with_an_outcome"),
        sa.CheckConstraint(
            "outcome in ('accepted', 'improved', 'not_accepted', 'unanswered')", name="supervision_outcome_known"
        ),
        sa.CheckConstraint(
            "outcome is null or outcome in ('accepted', 'improved') or raised_to is not null",
            name="supervision_not_accepted_goes_on",
        ),
        sa.CheckConstraint(f"(ended_at is null) = ({_UNDER_WAY})", name="supervision_open_until_ended"),
        sa.CheckConstraint("(issuer_role = 'system') = (reason is null)", name="supervision_by_hand_has_a_reason"),
        sa.CheckConstraint("state <> 'withdrawn' or end_reason is not null", name="supervision_withdrawn_with_reason"),
        sa.Index(
            "one_order_per_clock_and_level",
            "clock",
            "level",
            unique=True,
            postgresql_where=sa.text("clock is not null"),
        ),
        sa.Index(
            "one_order_by_hand_under_way",
            "case_id",
            "unit",
            unique=True,
            postgresql_where=sa.text(f"clock is null and {_UNDER_WAY}"),
        ),
        sa.Index("supervision_under_way", "issued_at", postgresql_where=sa.text(_UNDER_WAY)),
        sa.Index("supervision_case", "case_id"),
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey(f"{SCHEMA}.case_file.case_id"))
    case_code: Mapped[str]
    unit: Mapped[str]
    level: Mapped[str]
    state: Mapped[str]
    round: Mapped[int]
    clock: Mapped[str | None] = mapped_column(sa.ForeignKey(f"{SCHEMA}.clock.key"))
    instead_of: Mapped[UUID | None]
    raised_to: Mapped[UUID | None]
    issued_by: Mapped[str]
    issuer_role: Mapped[str]
    issued_at: Mapped[datetime]
    reason: Mapped[str | None]
    outcome: Mapped[str | None]
    ended_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]

    # -- verbs ---------------------------------------------------------------------------------------------------------

    @classmethod
    def of(
        cls,
        order_id: UUID,
        file: CaseFile,
        *,
        unit: str,
        level: SupervisionLevel,
        by: Actor,
        reason: str | None,
        now: datetime,
        clock: str | None = None,
    ) -> Self:
        return cls(
            order_id=order_id,
            case_id=file.case_id,
            case_code=file.case_code,
            unit=unit,
            level=level.value,
            state="open",
            round=1,
            clock=clock,
            issued_by=by.staff,
            issuer_role=by.role.value,
            issued_at=now,
            reason=reason,
        )

    def issued(self, due_at: datetime) -> SupervisionIssued:
        return SupervisionIssued(
            case_id=self.case_id,
            case_code=self.case_code,
            order_id=self.order_id,
            unit=self.unit,
            level=self.of_level,
            issued_by=self.issued_by,
            clock=self.clock,
            instead_of=self.instead_of,
            due_at=due_at,
            issued_at=self.issued_at,
        )

    def answer(self, words: str, *, by: Actor, now: datetime) -> tuple[SupervisionAnswer, SupervisionAnswered]:
        """By the unit it is for, late or not: an order waits until it is answered."""
        if by.unit != self.unit:
            raise NotYourOrder("this order is for another unit", field="actor.unit", unit=self.unit)
        self._require("answer")
        self.state = "answered"
        given = SupervisionAnswer.of(self.order_id, self.round, words, by=by, now=now)
        told = SupervisionAnswered(
            case_id=self.case_id,
            case_code=self.case_code,
            order_id=self.order_id,
            unit=self.unit,
            level=self.of_level,
            round=self.round,
            judge=judged_by(self.issuer_role),
            answered_by=by.staff,
            answered_at=now,
        )
        return given, told

    def close(
        self, given: SupervisionAnswer, outcome: SupervisionOutcome, words: str | None, *, by: Actor, now: datetime
    ) -> SupervisionClosed:
        self._judged(given, outcome, words, by=by, now=now)
        self._end("closed", by.staff, now)
        self.outcome = outcome.value
        return SupervisionClosed(
            case_id=self.case_id,
            case_code=self.case_code,
            order_id=self.order_id,
            unit=self.unit,
            level=self.of_level,
            outcome=outcome,
            judged_by=by.staff,
            closed_at=now,
        )

    def send_back(self, given: SupervisionAnswer, words: str | None, *, by: Actor, now: datetime) -> None:
        """Not accepted: to be answered again, in a round of its own."""
        self._judged(given, SupervisionOutcome.NOT_ACCEPTED, words, by=by, now=now)
        self.state = "open"
        self.round += 1

    def sent_back(self, by: str, due_at: datetime, now: datetime) -> SupervisionSentBack:
        return SupervisionSentBack(
            case_id=self.case_id,
            case_code=self.case_code,
            order_id=self.order_id,
            unit=self.unit,
            level=self.of_level,
            round=self.round,
            judged_by=by,
            due_at=due_at,
            sent_back_at=now,
        )

    def raise_to(
        self, other: "SupervisionOrder", given: SupervisionAnswer | None, words: str | None, *, by: Actor, now: datetime
    ) -> SupervisionRaised:
        """Closed, and taken on by an order of a higher level. An answer that nobody had judged yet is not accepted."""
        self._require("raise")
        outcome = SupervisionOutcome.UNANSWERED
        if self.state == "answered" and given is not None:
            outcome = SupervisionOutcome.NOT_ACCEPTED
            given.judge(outcome, words, by=by.staff, now=now)
        self._end("closed", by.staff, now)
        self.outcome = outcome.value
        self.raised_to = other.order_id
        other.instead_of = self.order_id
        return SupervisionRaised(
            case_id=self.case_id,
            case_code=self.case_code,
            order_id=self.order_id,
            unit=self.unit,
            level=self.of_level,
            outcome=outcome,
            raised_to=other.of_level,
            raised_by=by.staff,
            raised_at=now,
        )

    def withdraw(self, reason: str, *, by: Actor, now: datetime) -> SupervisionWithdrawn:
        self.require_rank(by)
        self._require("withdraw")
        self._end("withdrawn", by.staff, now)
        self.end_reason = reason
        return SupervisionWithdrawn(
            case_id=self.case_id,
            case_code=self.case_code,
            order_id=self.order_id,
            unit=self.unit,
            level=self.of_level,
            withdrawn_by=by.staff,
            withdrawn_at=now,
        )

    def end_with_case(self, by: str, at: datetime) -> SupervisionEnded:
        answered = self.state == "answered"
        self._end("ended", by, at)
        return SupervisionEnded(
            case_id=self.case_id,
            case_code=self.case_code,
            order_id=self.order_id,
            unit=self.unit,
            level=self.of_level,
            answered=answered,
            ended_at=at,
        )

    # -- facts ---------------------------------------------------------------------------------------------------------

    @property
    def of_level(self) -> SupervisionLevel:
        return SupervisionLevel(self.level)

    @property
    def under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def clock_key(self) -> str:
        """Of the answer that is owed now."""
        return supervision_key(self.order_id, self.round)

    def view(
        self,
        answers: Sequence[SupervisionAnswer],
        due_at: datetime | None,
        fired_at: datetime | None,
        *,
        with_words: bool,
    ) -> SupervisionOrderView:
        """`due_at` and `fired_at` of the clock of the answer that is owed, or was last."""
        return SupervisionOrderView(
            order_id=self.order_id,
            case_code=self.case_code,
            unit=self.unit,
            level=self.of_level,
            state=cast("SupervisionState", self.state),
            round=self.round,
            due_at=due_at,
            late=fired_at is not None,
            issued_by=self.issued_by,
            issued_at=self.issued_at,
            reason=self.reason if with_words else None,
            clock=self.clock,
            instead_of=self.instead_of,
            outcome=None if self.outcome is None else SupervisionOutcome(self.outcome),
            ended_at=self.ended_at,
            end_reason=self.end_reason if with_words else None,
            answers=tuple(answer.view(with_words=with_words) for answer in answers),
        )

    def level_above(self) -> SupervisionLevel:
        above = next_level(self.of_level)
        if above is None:
            raise NoHigherLevel("there is no level above listed supervision", field="order_id", level=self.level)
        return above

    def require_rank(self, by: Actor) -> None:
        if not may_judge(by, self.issuer_role):
            raise NotOfIssuersRank(
                f"this order was issued by a {self.issuer_role}", field="actor.role", issuer_role=self.issuer_role
            )

    def require_not_below(self, by: Actor) -> None:
        if rank(by.role) < rank(self.issuer_role):
            raise NotOfIssuersRank(
                f"this order was issued by a {self.issuer_role}", field="actor.role", issuer_role=self.issuer_role
            )

    def require_another_unit(self, by: Actor) -> None:
        if by.unit == self.unit:
            raise JudgesOwnAnswer("this order is for your own unit; another has to judge", field="actor.unit")

    # -- pieces --------------------------------------------------------------------------------------------------------

    def _judged(
        self, given: SupervisionAnswer, outcome: SupervisionOutcome, words: str | None, *, by: Actor, now: datetime
    ) -> None:
        self.require_another_unit(by)
        self.require_rank(by)
        given.judge(outcome, words, by=by.staff, now=now)

    def require(self, verb: Verb) -> None:
        self._require(verb)

    def _require(self, verb: Verb) -> None:
        if self.state not in ALLOWED[verb]:
            raise SupervisionNotPossibleNow(f"this order is {self.state}", field="order_id", state=self.state)

    def _end(self, state: str, by: str, at: datetime) -> None:
        self.state = state
        self.ended_by = by
        self.ended_at = at
