"""暂不能办结: a unit says that it cannot finish yet. No more time is given by that; the requester is owed a word."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.errors.reports import DelayOutOfBounds
from services.dispatch.model.base import Base
from services.dispatch.model.case import RoutedCase
from services.dispatch.model.work_order import WorkOrder
from shared.centre.closed_loop import ClosedLoop
from shared.contracts.dispatch import ReportDelay, ReportedDelay, WorkOrderDelayed
from shared.infra.spine import DEFERRED


class WorkOrderDelay(Base):
    """The `reason` is free words for the first receiver, so never in an event."""

    __tablename__ = "work_order_delay"
    __table_args__ = (sa.CheckConstraint("proposed_for > delayed_at", name="delay_lies_ahead"),)

    work_order_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("dispatch.work_order.work_order_id", **DEFERRED), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    round: Mapped[int]
    proposed_for: Mapped[datetime]
    reason: Mapped[str]
    told_by: Mapped[str]
    delayed_at: Mapped[datetime]

    @classmethod
    def told(
        cls, case: RoutedCase, order: WorkOrder, ask: ReportDelay, loop: ClosedLoop, *, number: int, now: datetime
    ) -> tuple["WorkOrderDelay", WorkOrderDelayed]:
        """`number`: the how-manieth on this work order. Its clock runs on."""
        order.require_own(ask.actor)
        _require_in_hand(order)
        _require_bounds(ask, loop, number=number, now=now)
        graded = case.graded()
        kept = cls(
            work_order_id=order.work_order_id,
            number=number,
            round=order.round,
            proposed_for=ask.proposed_for,
            reason=ask.reason,
            told_by=ask.actor.staff,
            delayed_at=now,
        )
        return kept, WorkOrderDelayed(
            **case.ids(),
            work_order_id=order.work_order_id,
            unit=order.unit,
            round=order.round,
            number=number,
            proposed_for=ask.proposed_for,
            first_receiver=case.first_receiver or case.owner,
            category=graded["category"],
            level=graded["level"],
            pack_version=graded["pack_version"],
            delayed_at=now,
        )

    def view(self, order: WorkOrder) -> ReportedDelay:
        return ReportedDelay(
            work_order_id=self.work_order_id,
            unit=order.unit,
            round=self.round,
            number=self.number,
            proposed_for=self.proposed_for,
            reason=self.reason,
            delayed_at=self.delayed_at,
        )


def _require_in_hand(order: WorkOrder) -> None:
    if order.part != "lead":
        raise DelayOutOfBounds("a supporting unit tells its lead unit, not the requester", field="work_order_id")
    if not order.open:
        raise DelayOutOfBounds(
            f"nothing is owed on this work order: it is {order.state}", field="work_order_id", state=order.state
        )


def _require_bounds(ask: ReportDelay, loop: ClosedLoop, *, number: int, now: datetime) -> None:
    if ask.proposed_for <= now:
        raise DelayOutOfBounds("name a time to come by which it will be done", field="proposed_for")
    if ask.proposed_for > now + timedelta(days=loop.promise_days_max):
        most = loop.promise_days_max
        raise DelayOutOfBounds(f"{most} days ahead is the most that may be promised", field="proposed_for", most=most)
    if number > loop.promises_max:
        most = loop.promises_max
        raise DelayOutOfBounds(f"this work order was delayed {most} times already", field="work_order_id", most=most)
