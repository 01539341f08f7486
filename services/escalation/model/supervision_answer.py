"""A unit's answer to a supervision order, one for each round, and what was said of it."""

from datetime import datetime
from typing import Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.escalation.errors.supervision import JudgesOwnAnswer
from services.escalation.model.base import SCHEMA, Base
from shared.contracts.actors import Actor
from shared.contracts.escalation import SupervisionAnswerView, SupervisionOutcome


class SupervisionAnswer(Base):
    """Both sides' words are free text: they never leave this table but to those who may read them."""

    __tablename__ = "supervision_answer"
    __table_args__ = (
        sa.CheckConstraint("judged_by <> answered_by", name="answerer_does_not_judge"),
        sa.CheckConstraint(
            "(judged_by is null) = (judgement is null) and (judged_by is null) = (judged_at is null)",
            name="answer_judged_on_record",
        ),
        sa.CheckConstraint("judgement in ('accepted', 'improved', 'not_accepted')", name="judgement_known"),
    )

    order_id: Mapped[UUID] = mapped_column(sa.ForeignKey(f"{SCHEMA}.supervision_order.order_id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    answer: Mapped[str]
    answered_by: Mapped[str]
    answered_at: Mapped[datetime]
    judged_by: Mapped[str | None]
    judged_at: Mapped[datetime | None]
    judgement: Mapped[str | None]
    words: Mapped[str | None]

    @classmethod
    def of(cls, order_id: UUID, round_: int, words: str, *, by: Actor, now: datetime) -> Self:
        return cls(order_id=order_id, round=round_, answer=words, answered_by=by.staff, answered_at=now)

    def judge(self, outcome: SupervisionOutcome, words: str | None, *, by: str, now: datetime) -> None:
        if by == self.answered_by:
            raise JudgesOwnAnswer("you gave this answer; another has to judge it", field="actor.staff")
        self.judgement = outcome.value
        self.judged_by = by
        self.judged_at = now
        self.words = words

    def view(self, *, with_words: bool) -> SupervisionAnswerView:
        return SupervisionAnswerView(
            round=self.round,
            answer=self.answer if with_words else None,
            answered_by=self.answered_by,
            answered_at=self.answered_at,
            judged_by=self.judged_by,
            judged_at=self.judged_at,
            judgement=None if self.judgement is None else SupervisionOutcome(self.judgement),
            words=self.words if with_words else None,
        )
