"""A case as dispatch sees it: with the triage desk, or with exactly one lead unit, and why."""

from collections.abc import Set
from datetime import datetime
from typing import Any, Literal, Self, TypedDict, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.errors.cases import CaseIsClosed, CaseNotInTriage, DeskOnlySorts, UnitReturnedIt
from services.dispatch.model.base import Base
from services.dispatch.model.work_order import Graded, WorkOrder
from services.dispatch.policy.cases import (
    SENT_BY_PERSON,
    CaseState,
    WorkOrderState,
    known_unit,
    reached_by,
    require_fair_suggestion,
    return_words,
    route_case,
)
from shared.centre.jurisdiction import Route
from shared.centre.pack import CentrePack, Unit
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Level
from shared.contracts.dispatch import (
    CaseRouted,
    RedispatchCase,
    ReturnWorkOrder,
    WorkOrderDispatched,
    WorkOrderReturned,
)
from shared.contracts.intake import CaseAccepted


class _Ids(TypedDict):
    case_id: UUID
    case_code: str


class RoutedCase(Base):
    """`owner` is the one unit that answers: the triage desk while a person has to decide, else the lead unit.

    `decision` keeps what the pack's table said at acceptance, whoever a person sent the case to later.
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
        sa.CheckConstraint("state in ('triage', 'dispatched', 'closed')", name="routed_case_state"),
        sa.CheckConstraint("owner <> ''", name="routed_case_has_an_owner"),
        sa.CheckConstraint(
            "state <> 'dispatched' or current_work_order_id is not null", name="dispatched_case_has_a_work_order"
        ),
        sa.CheckConstraint(
            "state <> 'triage' or (current_work_order_id is null and waiting_since is not null)",
            name="triage_case_waits_for_a_person",
        ),
        sa.Index("routed_case_in_triage", "waiting_since", postgresql_where=sa.text("state = 'triage'")),
    )

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_code: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    category: Mapped[str | None]
    place: Mapped[str | None]
    level: Mapped[str]
    pack_version: Mapped[str]
    accepted_at: Mapped[datetime]
    routed_at: Mapped[datetime]
    owner: Mapped[str]
    state: Mapped[str]
    returns: Mapped[int]
    reason: Mapped[str]
    decision: Mapped[dict[str, Any]] = mapped_column(JSONB)
    current_work_order_id: Mapped[UUID | None]
    waiting_since: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    # -- verbs ---------------------------------------------------------------------------------------------------------

    @classmethod
    def accepted(cls, event: CaseAccepted, decision: Route, *, desk: str, now: datetime) -> tuple[Self, CaseRouted]:
        """With the triage desk at first, where every case stays that no rule places."""
        case = cls(
            case_id=event.case_id,
            case_code=event.case_code,
            source=event.source.value,
            category=event.category,
            place=event.place,
            level=event.level,
            pack_version=event.pack_version,
            accepted_at=event.accepted_at,
            routed_at=now,
            owner=desk,
            state=CaseState.TRIAGE,
            returns=0,
            reason=decision.reason,
            decision=decision.model_dump(mode="json"),
            current_work_order_id=None,
            waiting_since=now,
            closed_at=None,
        )
        return case, case._routed_by_table(decision, now=now)

    def send(self, unit: Unit, order_id: UUID, *, now: datetime) -> tuple[WorkOrder, WorkOrderDispatched]:
        """To the unit the table names."""
        return self._dispatch(unit, order_id, sent_by=str(self.decision["by"]), words=None, now=now)

    def send_on(
        self, ask: RedispatchCase, pack: CentrePack, order_id: UUID, *, returned_by: Set[str], now: datetime
    ) -> tuple[WorkOrder, CaseRouted, WorkOrderDispatched]:
        """To the unit a person names: a case that was returned, or that no rule could place."""
        self._require_in_triage()
        unit = self._receiver(ask.unit, pack, by=ask.actor, returned_by=returned_by)
        self.reason = SENT_BY_PERSON[ask.actor.role]
        order, dispatched = self._dispatch(unit, order_id, sent_by=ask.actor.name, words=ask.reason, now=now)
        return order, self._routed(unit.code, "person", rule=None, considered=(), now=now), dispatched

    def take_back(
        self, order: WorkOrder, ask: ReturnWorkOrder, pack: CentrePack, *, until: datetime, now: datetime
    ) -> WorkOrderReturned:
        """退单: the triage desk answers for the case again, until a person sends it on."""
        order.require_own(ask.actor)
        if ask.suggested_unit is not None:
            require_fair_suggestion(pack, self._decided_by_table(pack), unit=order.unit, suggested=ask.suggested_unit)
        told = order.give_back(ask, returns=self.returns + 1, until=until, now=now)
        unit = pack.unit(order.unit)
        self.returns += 1
        self.reason = return_words(order.unit if unit is None else unit.short, ask.reason, self.returns)
        self.state = CaseState.TRIAGE
        self.owner = pack.triage.unit
        self.current_work_order_id = None
        self.waiting_since = now
        return told

    def close(self, order: WorkOrder | None, *, now: datetime) -> None:
        """The loop is closed: nobody answers for it here any more. `order` is its current work order."""
        if order is not None and order.open:
            order.close(now=now)
        self.state = CaseState.CLOSED
        self.waiting_since = None
        self.closed_at = now

    # -- facts and rules -----------------------------------------------------------------------------------------------

    def graded(self) -> Graded:
        return {
            "category": self.category,
            "place": self.place,
            "level": cast("Level", self.level),  # the database checks the column
            "pack_version": self.pack_version,
        }

    def require_open(self) -> None:
        if self.state == CaseState.CLOSED:
            raise CaseIsClosed(f"case {self.case_code} is closed", field="case_code")

    def _require_in_triage(self) -> None:
        self.require_open()
        if self.state != CaseState.TRIAGE:
            raise CaseNotInTriage(
                f"case {self.case_code} is with {self.owner}; only the unit itself can return it",
                field="case_code",
                owner=self.owner,
            )

    def _receiver(self, code: str, pack: CentrePack, *, by: Actor, returned_by: Set[str]) -> Unit:
        unit = known_unit(pack, code, field="unit")
        if unit.code == pack.triage.unit:
            raise DeskOnlySorts(f"{unit.short} sorts cases; name the unit that is to handle this one", field="unit")
        if unit.code in returned_by and by.role is not Role.DUTY_DIRECTOR:
            raise UnitReturnedIt(
                f"{unit.short} returned this case; only the duty director may send it there again", field="unit"
            )
        return unit

    def _dispatch(
        self, unit: Unit, order_id: UUID, *, sent_by: str, words: str | None, now: datetime
    ) -> tuple[WorkOrder, WorkOrderDispatched]:
        self.state = CaseState.DISPATCHED
        self.owner = unit.code
        self.current_work_order_id = order_id
        self.waiting_since = None
        order = WorkOrder(
            work_order_id=order_id,
            **self._ids(),
            unit=unit.code,
            role="lead",
            state=WorkOrderState.DISPATCHED,
            round=1,
            sent_by=sent_by,
            send_reason=words,
            dispatched_at=now,
        )
        told = WorkOrderDispatched(
            **self._ids(),
            **self.graded(),
            work_order_id=order_id,
            unit=unit.code,
            round=1,
            role="lead",
            reached_by=reached_by(unit),
            accepted_at=self.accepted_at,
            dispatched_at=now,
            returns=self.returns,
        )
        return order, told

    def _decided_by_table(self, pack: CentrePack) -> Route:
        level = self.graded()["level"]
        return route_case(pack, category=self.category, place=self.place, source=self.source, level=level)

    def _routed_by_table(self, decision: Route, *, now: datetime) -> CaseRouted:
        unit = self.owner if decision.unit is None else decision.unit
        considered = tuple(each.model_dump(mode="json") for each in decision.considered)
        return self._routed(unit, decision.by, rule=decision.rule_id, considered=considered, now=now)

    def _routed(
        self,
        unit: str,
        by: Literal["rule", "fallback", "triage", "person"],
        *,
        rule: str | None,
        considered: tuple[dict[str, str | None], ...],
        now: datetime,
    ) -> CaseRouted:
        return CaseRouted(
            **self._ids(),
            **self.graded(),
            unit=unit,
            by=by,
            rule=rule,
            reason=self.reason,
            considered=considered,
            source=self.source,
            accepted_at=self.accepted_at,
            routed_at=now,
        )

    def _ids(self) -> _Ids:
        return {"case_id": self.case_id, "case_code": self.case_code}
