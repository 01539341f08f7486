"""A notice: one thing to be told to one post. It becomes a message per person and channel."""

from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.notification.model.base import Base
from services.notification.policy.facts import NoticeFacts
from shared.contracts.notification import NoticeHandedOver, NoticeUnreached, Unreached


class _Ids(TypedDict):
    notice_id: UUID
    case_id: UUID | None
    case_code: str | None
    post: str
    unit: str | None
    summons_id: UUID | None
    clock: str | None
    step: int | None


class Notice(Base):
    """`matter` tells two notices of the same thing apart from two things; `settled_by` are the facts after which
    there is nothing left to say. `same_as` is the notice that told the same posts the same thing a moment before.
    """

    __tablename__ = "notice"
    __table_args__ = (
        sa.CheckConstraint("(handed_over_at is null) = (handed_over_on is null)", name="notice_handed_over_on_channel"),
        sa.CheckConstraint("(unreached_at is null) = (unreached is null)", name="notice_unreached_with_why"),
        sa.CheckConstraint(
            "unreached in ('nobody_on_duty', 'no_contact', 'all_channels_failed')", name="notice_unreached_known"
        ),
        sa.Index("notice_unplanned", "created_at", postgresql_where=sa.text("planned_at is null")),
        sa.Index("notice_matter", "matter", "created_at"),
        sa.Index("notice_case", "case_code", "created_at"),
        sa.Index("notice_created", "created_at"),
        sa.Index("notice_summons", "summons_id", "unit", postgresql_where=sa.text("summons_id is not null")),
        sa.Index("notice_work_order", "work_order_id", postgresql_where=sa.text("work_order_id is not null")),
        sa.Index("notice_same_as", "same_as", postgresql_where=sa.text("same_as is not null")),
    )

    notice_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    post: Mapped[str]
    unit: Mapped[str | None]
    case_id: Mapped[UUID | None]
    case_code: Mapped[str | None]
    summons_id: Mapped[UUID | None]
    work_order_id: Mapped[UUID | None]
    clock: Mapped[str | None]
    step: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    matter: Mapped[str]
    settled_by: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    urgent: Mapped[bool]
    drill: Mapped[bool]
    created_at: Mapped[datetime]
    planned_at: Mapped[datetime | None]
    same_as: Mapped[UUID | None]
    handed_over_at: Mapped[datetime | None]
    handed_over_on: Mapped[str | None]
    unreached: Mapped[str | None]
    unreached_at: Mapped[datetime | None]

    # -- verbs ---------------------------------------------------------------------------------------------------------

    def hand_over(self, channel: str, *, now: datetime) -> tuple[NoticeHandedOver, ...]:
        """A channel took a message of it. Told once, by the first."""
        if self.handed_over_at is not None:
            return ()
        self.handed_over_at, self.handed_over_on = now, channel
        return (NoticeHandedOver(**self._ids(), channel=channel, handed_over_at=now),)

    def give_up(self, why: Unreached, *, now: datetime) -> tuple[NoticeUnreached, ...]:
        """Nobody could be told. Said once."""
        if self.unreached_at is not None:
            return ()
        self.unreached, self.unreached_at = why.value, now
        return (NoticeUnreached(**self._ids(), why=why, unreached_at=now),)

    # -- facts ---------------------------------------------------------------------------------------------------------

    @property
    def told(self) -> NoticeFacts:
        return NoticeFacts.model_validate(self.facts)

    def _ids(self) -> _Ids:
        return {
            "notice_id": self.notice_id,
            "case_id": self.case_id,
            "case_code": self.case_code,
            "post": self.post,
            "unit": self.unit,
            "summons_id": self.summons_id,
            "clock": self.clock,
            "step": self.step,
        }
