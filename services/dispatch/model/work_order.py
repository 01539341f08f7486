"""One unit's task on a case, and what it reported."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.errors.cases import (
    NotOwnUnit,
    NotPossibleNow,
    NotSignedOff,
    ReopenedNotReturnable,
    RequesterNotRepliedTo,
    ReturnTooLate,
)
from services.dispatch.errors.handing import DesignatedNotReturnable
from services.dispatch.errors.joint import LeadSpeaksWithRequester, SupportersOwe
from services.dispatch.model.base import Base
from services.dispatch.policy.cases import MOVES_OF, OPEN_WORK_ORDERS, OWING, WorkOrderState, WorkOrderVerb
from shared.contracts.actors import Actor
from shared.contracts.base import Level
from shared.contracts.dispatch import (
    ContactRequester,
    Desk,
    OrderRole,
    ReopenCause,
    ReportBack,
    RequesterContacted,
    ReturnWorkOrder,
    WithdrawnCause,
    WorkOrderReopened,
    WorkOrderReportedBack,
    WorkOrderReturned,
    WorkOrderSignedOff,
    WorkOrderWithdrawn,
)
from shared.infra.spine import DEFERRED


class Graded(TypedDict):
    """What limits are looked up by, and where; told with every event that starts a clock."""

    category: str | None
    place: str | None
    level: Level
    pack_version: str


class _Ids(TypedDict):
    case_id: UUID
    case_code: str
    work_order_id: UUID
    unit: str
    round: int


_OPEN = "state in ('dispatched', 'signed_off', 'handling')"
_RETURNED_SUPPORT = "role = 'support' and state = 'returned'"


class WorkOrder(Base):
    """What one unit was sent, as the lead (主办) or to support it (协办).

    Everything that changes it holds the lock of its case. `designated`: by the duty director's word, so it may not be
    returned. `return_desk`: who decides on its return.
    """

    __tablename__ = "work_order"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "work_order_id", name="work_order_of_case"),
        sa.CheckConstraint("role in ('lead', 'support')", name="work_order_role"),
        sa.CheckConstraint(
            "state in ('dispatched', 'signed_off', 'handling', 'reported_back', 'returned', 'withdrawn', 'closed')",
            name="work_order_state",
        ),
        sa.CheckConstraint("round >= 1", name="work_order_round"),
        sa.CheckConstraint("not (designated and state = 'returned')", name="designated_is_not_returned"),
        sa.CheckConstraint("return_desk in ('dispatcher', 'duty_director')", name="work_order_return_desk"),
        sa.Index("one_open_lead", "case_id", unique=True, postgresql_where=sa.text(f"role = 'lead' and {_OPEN}")),
        sa.Index("one_open_order_of_unit", "case_id", "unit", unique=True, postgresql_where=sa.text(_OPEN)),
        sa.Index("work_order_open", "unit", "dispatched_at", postgresql_where=sa.text(_OPEN)),
        sa.Index("support_returned", "returned_at", postgresql_where=sa.text(_RETURNED_SUPPORT)),
    )

    work_order_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("dispatch.routed_case.case_id", **DEFERRED))
    case_code: Mapped[str]
    unit: Mapped[str]
    role: Mapped[str]
    designated: Mapped[bool]
    state: Mapped[str]
    round: Mapped[int]
    sent_by: Mapped[str]
    send_reason: Mapped[str | None]
    dispatched_at: Mapped[datetime]
    signed_off_at: Mapped[datetime | None]
    signed_off_by: Mapped[str | None]
    contacted_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    returned_by: Mapped[str | None]
    return_reason: Mapped[str | None]
    return_ground: Mapped[str | None]
    suggested_unit: Mapped[str | None]
    disputed: Mapped[bool]
    return_desk: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    withdraw_cause: Mapped[str | None]
    withdraw_reason: Mapped[str | None]
    reported_back_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    @property
    def open(self) -> bool:
        return WorkOrderState(self.state) in OPEN_WORK_ORDERS

    @property
    def owes(self) -> bool:
        """Whether the case still waits for it; a supporter that returned owes until a person has decided."""
        return WorkOrderState(self.state) in OWING[self.part]

    @property
    def waits_for_director(self) -> bool:
        """Whether it is a supporter's return that nobody but the duty director may decide on."""
        return self.part == "support" and self.state == WorkOrderState.RETURNED and self.return_desk == "duty_director"

    @property
    def part(self) -> OrderRole:
        return cast("OrderRole", self.role)  # the database checks the column

    # -- verbs ---------------------------------------------------------------------------------------------------------

    def sign_off(self, *, by: Actor, now: datetime) -> WorkOrderSignedOff:
        """签收: the unit takes the work order on. Its clock keeps running from dispatch."""
        self.require_own(by)
        self._move("sign_off")
        self.signed_off_at = now
        self.signed_off_by = by.staff
        return WorkOrderSignedOff(**self._ids(), signed_off_at=now)

    def contact_requester(self, ask: ContactRequester, *, now: datetime) -> RequesterContacted:
        """By the unit that leads: the requester is spoken with by one of them. Kept is when that was first."""
        self.require_own(ask.actor)
        if self.part == "support":
            raise LeadSpeaksWithRequester(
                "the lead unit (主办) speaks with the requester; a supporter reports to it", field="work_order_id"
            )
        self._require_signed_off("then tell that the requester was spoken with")
        self._move("contact_requester")
        self.contacted_at = self.contacted_at or now
        return RequesterContacted(**self._ids(), kind=ask.kind, contacted_by=ask.actor.staff, contacted_at=now)

    def give_back(
        self, ask: ReturnWorkOrder, *, returns: int, goes_to: Desk, until: datetime, now: datetime
    ) -> WorkOrderReturned:
        """退单. `until` is the last instant of the return limit, `returns` counts the case's returns with this one."""
        self._require_returnable(until, now=now)
        self._move("return")
        self.returned_at = now
        self.returned_by = ask.actor.staff
        self.return_reason = ask.reason.value
        self.return_ground = ask.ground
        self.suggested_unit = ask.suggested_unit
        self.disputed = ask.disputed
        self.return_desk = goes_to
        return WorkOrderReturned(
            **self._ids(),
            role=self.part,
            reason=ask.reason,
            disputed=ask.disputed,
            goes_to=goes_to,
            suggested_unit=ask.suggested_unit,
            returned_at=now,
            returns=returns,
            dispatcher_owes_since=now,
        )

    def withdraw(self, cause: WithdrawnCause, *, by: Actor, reason: str, now: datetime) -> WorkOrderWithdrawn:
        """Taken from the unit by a person of the centre; nothing is owed on it any more."""
        self._move("withdraw")
        self.withdrawn_at = now
        self.withdrawn_by = by.name
        self.withdraw_cause = cause.value
        self.withdraw_reason = reason
        return WorkOrderWithdrawn(**self._ids(), role=self.part, cause=cause, withdrawn_at=now)

    def report_back(
        self, ask: ReportBack, graded: Graded, *, owing: Sequence[str], now: datetime
    ) -> tuple["WorkOrderReport", WorkOrderReportedBack]:
        """The lead's result goes to the centre and to the requester: one without the other is no report.

        A supporter reports to the lead. `owing`: the supporting units that the lead still has to wait for.
        """
        self.require_own(ask.actor)
        self._require_signed_off("then report back")
        if self.part == "lead":
            self._require_finished(ask, owing)
        self._move("report_back")
        self.reported_back_at = now
        told = WorkOrderReportedBack(
            **self._ids(),
            **graded,
            role=self.part,
            outcome=ask.outcome,
            photos=len(ask.photos),
            reported_by=ask.actor.staff,
            reported_back_at=now,
        )
        return self._report(ask, now=now), told

    def reopen(self, cause: ReopenCause, graded: Graded, *, now: datetime) -> WorkOrderReopened:
        """重办: back to the same unit, one round on."""
        self._move("reopen")
        self.round += 1
        self.reopened_at = now
        return WorkOrderReopened(**self._ids(), **graded, cause=cause, reopened_at=now)

    def close(self, *, now: datetime) -> None:
        """The case is over before the unit's work was: nothing is left to do on it."""
        self._move("close")
        self.closed_at = now

    # -- rules ---------------------------------------------------------------------------------------------------------

    def require_own(self, actor: Actor) -> None:
        if actor.unit != self.unit:
            raise NotOwnUnit(f"this work order is with {self.unit}", field="actor.unit", unit=self.unit)

    def _require_signed_off(self, then: str) -> None:
        if self.state == WorkOrderState.DISPATCHED:
            raise NotSignedOff(f"sign the work order off first, {then}", field="work_order_id")

    def _require_finished(self, ask: ReportBack, owing: Sequence[str]) -> None:
        if self.open and owing:
            raise SupportersOwe(
                f"these supporting units have not finished: {', '.join(owing)}",
                field="work_order_id",
                units=list(owing),
            )
        if not ask.replied_to_requester:
            raise RequesterNotRepliedTo("reply to the requester first, then report back", field="replied_to_requester")

    def _require_returnable(self, until: datetime, *, now: datetime) -> None:
        if self.designated:
            raise DesignatedNotReturnable(
                f"{self.unit} was designated by the duty director (指定); this work order may not be returned",
                field="work_order_id",
                unit=self.unit,
            )
        if self.state == WorkOrderState.HANDLING:
            raise ReopenedNotReturnable(
                "this work order was reopened and stays with the unit that reported on it",
                field="work_order_id",
                round=self.round,
            )
        if self.open and now > until:
            raise ReturnTooLate(
                f"the time to return it ended at {until.isoformat()}", field="work_order_id", due_at=until.isoformat()
            )

    def _move(self, verb: WorkOrderVerb) -> None:
        after = MOVES_OF[self.part].get((WorkOrderState(self.state), verb))
        if after is None:
            words = verb.replace("_", " ")
            raise NotPossibleNow(
                f"{words} is not possible: the work order is {self.state}", field="work_order_id", state=self.state
            )
        self.state = after

    def _report(self, ask: ReportBack, *, now: datetime) -> "WorkOrderReport":
        return WorkOrderReport(
            work_order_id=self.work_order_id,
            round=self.round,
            outcome=ask.outcome.value,
            result=ask.result,
            reported_by=ask.actor.staff,
            reported_at=now,
        )

    def _ids(self) -> _Ids:
        return {
            "case_id": self.case_id,
            "case_code": self.case_code,
            "work_order_id": self.work_order_id,
            "unit": self.unit,
            "round": self.round,
        }


class WorkOrderReport(Base):
    """What a unit reported in one round; free words, so never in an event."""

    __tablename__ = "work_order_report"

    work_order_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("dispatch.work_order.work_order_id", **DEFERRED), primary_key=True
    )
    round: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[str]
    result: Mapped[str]
    reported_by: Mapped[str]
    reported_at: Mapped[datetime]
