"""A case as dispatch sees it: with the triage desk, or with exactly one lead unit, and why."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self, TypedDict, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.errors.cases import CaseIsClosed, CaseIsJoined
from services.dispatch.model.base import Base
from services.dispatch.model.routing import CaseRouting
from services.dispatch.model.work_order import Graded, WorkOrder
from services.dispatch.policy.cases import CaseState, ReachedBy, WorkOrderState
from shared.centre.jurisdiction import Route
from shared.contracts.base import Level
from shared.contracts.dispatch import CaseRouted, Desk, OrderRole, RoutedBy, WorkOrderDispatched
from shared.contracts.intake import CaseAccepted, CaseSplit


class CaseIds(TypedDict):
    case_id: UUID
    case_code: str


class RoutedCase(Base):
    """`owner` is the one unit that answers: the triage desk while a person has to decide, else the lead unit.

    `desk` says who has to decide. `decision` keeps what the pack's table says of the case as it is known now, whoever a
    person sent it to. `hops` counts its lead work orders, `routings` the decisions about who answers. `first_receiver`
    is unknown for cases of old. `splits` counts how often it was joined to a leading case and split from it.
    """

    __tablename__ = "routed_case"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["case_id", "current_work_order_id"],
            ["dispatch.work_order.case_id", "dispatch.work_order.work_order_id"],
            name="current_work_order_of_this_case",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        sa.CheckConstraint("level in ('I', 'II', 'III', 'IV')", name="routed_case_level"),
        sa.CheckConstraint("state in ('triage', 'dispatched', 'closed', 'joined')", name="routed_case_state"),
        sa.CheckConstraint("desk in ('dispatcher', 'duty_director')", name="routed_case_desk"),
        sa.CheckConstraint("owner <> ''", name="routed_case_has_an_owner"),
        sa.CheckConstraint(
            "state <> 'dispatched' or current_work_order_id is not null", name="dispatched_case_has_a_work_order"
        ),
        sa.CheckConstraint(
            "state <> 'triage' or (current_work_order_id is null and waiting_since is not null)",
            name="triage_case_waits_for_a_person",
        ),
        sa.CheckConstraint(
            "state <> 'joined' or (current_work_order_id is null and waiting_since is null)",
            name="joined_case_waits_for_nobody_here",
        ),
        sa.Index("routed_case_in_triage", "waiting_since", postgresql_where=sa.text("state = 'triage'")),
        sa.Index("routed_case_accepted_at", "accepted_at", "case_id"),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_code: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    category: Mapped[str | None]
    place: Mapped[str | None]
    level: Mapped[str]
    flags: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    pack_version: Mapped[str]
    first_receiver: Mapped[str | None]
    accepted_at: Mapped[datetime]
    routed_at: Mapped[datetime]
    owner: Mapped[str]
    state: Mapped[str]
    desk: Mapped[str]
    returns: Mapped[int]
    hops: Mapped[int]
    routings: Mapped[int]
    splits: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str]
    decision: Mapped[dict[str, Any]] = mapped_column(JSONB)
    current_work_order_id: Mapped[UUID | None]
    waiting_since: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    # -- verbs ---------------------------------------------------------------------------------------------------------

    @classmethod
    def accepted(cls, event: CaseAccepted, decision: Route, *, desk_unit: str, now: datetime) -> Self:
        """With the triage desk, where every case stays that no rule places."""
        return cls(
            case_id=event.case_id,
            case_code=event.case_code,
            source=event.source.value,
            category=event.category,
            place=event.place,
            level=event.level,
            flags=list(event.flags),
            pack_version=event.pack_version,
            first_receiver=event.owner,
            accepted_at=event.accepted_at,
            routed_at=now,
            owner=desk_unit,
            state=CaseState.TRIAGE,
            desk="dispatcher",
            returns=0,
            hops=0,
            routings=0,
            splits=0,
            reason=decision.reason,
            decision=decision.model_dump(mode="json"),
            current_work_order_id=None,
            waiting_since=now,
            closed_at=None,
        )

    def route(
        self,
        unit: str,
        by: RoutedBy,
        *,
        supporters: Sequence[str] = (),
        rule: str | None = None,
        considered: Sequence[dict[str, str | None]] = (),
        decided_by: str,
        words: str | None = None,
        now: datetime,
    ) -> tuple[CaseRouting, CaseRouted]:
        """Puts on record who answers and why; `reason` of the case says it in words."""
        self.routings += 1
        told = CaseRouted(
            **self.ids(),
            **self.graded(),
            unit=unit,
            supporters=tuple(supporters),
            by=by,
            rule=rule,
            reason=self.reason,
            considered=tuple(considered),
            source=self.source,
            flags=tuple(self.flags),
            accepted_at=self.accepted_at,
            routed_at=now,
        )
        return CaseRouting.of(told, number=self.routings, decided_by=decided_by, words=words), told

    def order(
        self,
        unit: str,
        role: OrderRole,
        order_id: UUID,
        *,
        designated: bool,
        sent_by: str,
        words: str | None,
        now: datetime,
    ) -> WorkOrder:
        """A work order on this case; the one of the lead makes its unit answer for the case."""
        if role == "lead":
            self._with(unit, order_id)
        return WorkOrder(
            work_order_id=order_id,
            **self.ids(),
            unit=unit,
            role=role,
            designated=designated,
            state=WorkOrderState.DISPATCHED,
            round=1,
            sent_by=sent_by,
            send_reason=words,
            dispatched_at=now,
            disputed=False,
        )

    def wait_for(self, desk: Desk, *, unit: str, reason: str, now: datetime) -> None:
        """The triage desk `unit` answers again, until a person of that `desk` has decided."""
        self.state = CaseState.TRIAGE
        self.owner = unit
        self.desk = desk
        self.reason = reason
        self.current_work_order_id = None
        self.waiting_since = now

    def join(self, *, unit: str, reason: str) -> None:
        """Nobody works on it here; `unit`, the triage desk, would answer for it again if it were split."""
        self.state = CaseState.JOINED
        self.owner = unit
        self.desk = "dispatcher"
        self.reason = reason
        self.current_work_order_id = None
        self.waiting_since = None

    def split(self, event: CaseSplit, decision: Route, *, unit: str, now: datetime) -> None:
        """With the triage desk, as at acceptance; what is counted of it goes on counting."""
        self.category, self.place, self.level, self.flags = event.category, event.place, event.level, list(event.flags)
        self.accepted_at = event.split_at
        self.splits = event.splits
        self.decision = decision.model_dump(mode="json")
        self.wait_for("dispatcher", unit=unit, reason=decision.reason, now=now)

    def close(self, *, now: datetime) -> None:
        self.state = CaseState.CLOSED
        self.waiting_since = None
        self.closed_at = now

    # -- facts and rules -----------------------------------------------------------------------------------------------

    def told_dispatched(self, order: WorkOrder, *, reached: ReachedBy) -> WorkOrderDispatched:
        return WorkOrderDispatched(
            **self.ids(),
            **self.graded(),
            work_order_id=order.work_order_id,
            unit=order.unit,
            round=order.round,
            role=order.part,
            designated=order.designated,
            reached_by=reached,
            accepted_at=self.accepted_at,
            dispatched_at=order.dispatched_at,
            returns=self.returns,
            splits=self.splits,
        )

    def graded(self) -> Graded:
        return {
            "category": self.category,
            "place": self.place,
            "level": cast("Level", self.level),  # the database checks the column
            "pack_version": self.pack_version,
        }

    def decided(self) -> Route:
        """What the pack's table says of this case."""
        return Route.model_validate(self.decision)

    def require_open(self, *, field: str = "case_code") -> None:
        if self.state == CaseState.CLOSED:
            raise CaseIsClosed(f"case {self.case_code} is closed", field=field)
        if self.state == CaseState.JOINED:
            raise CaseIsJoined(f"case {self.case_code} follows another one: act on that", field=field)

    def ids(self) -> CaseIds:
        return {"case_id": self.case_id, "case_code": self.case_code}

    def _with(self, unit: str, order_id: UUID) -> None:
        self.state = CaseState.DISPATCHED
        self.owner = unit
        self.desk = "dispatcher"
        self.hops += 1
        self.current_work_order_id = order_id
        self.waiting_since = None
