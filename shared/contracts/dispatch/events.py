"""What dispatch tells."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import CaseEvent, Event, Instant, Level
from shared.contracts.dispatch.words import ReopenCause, ReportOutcome, ReturnReason, SummonsGround


class CentrePackApplied(Event):
    """A new version of the centre's data is in force; carried whole, so that every service keeps a copy."""

    TYPE: ClassVar[str] = "dispatch.centre_pack.applied"

    name: str
    version: str
    applied_at: Instant
    pack: dict[str, Any]

    @property
    def chain(self) -> str:
        return "centre_pack"


class CaseRouted(CaseEvent):
    """Who answers for the case and why. `unit` is the triage desk where no rule could place it."""

    TYPE: ClassVar[str] = "dispatch.case.routed"

    unit: str
    by: Literal["rule", "fallback", "triage", "person"]
    rule: str | None
    reason: str = Field(description="a sentence made from the pack's own words")
    considered: tuple[dict[str, str | None], ...]
    category: str | None
    place: str | None
    level: Level
    pack_version: str
    accepted_at: Instant
    routed_at: Instant


class WorkOrderEvent(CaseEvent):
    work_order_id: UUID
    unit: str
    round: int = Field(description="handling round of this work order: 1, and one more with each reopening")


class WorkOrderDispatched(WorkOrderEvent):
    TYPE: ClassVar[str] = "dispatch.work_order.dispatched"

    role: Literal["lead"]
    reached_by: Literal["desk", "liaison"] = Field(
        description="resident units at their desk, the others by their liaison"
    )
    category: str | None
    place: str | None
    level: Level
    pack_version: str
    accepted_at: Instant
    dispatched_at: Instant
    returns: int = Field(description="how often this case was returned before")


class WorkOrderSignedOff(WorkOrderEvent):
    TYPE: ClassVar[str] = "dispatch.work_order.signed_off"

    signed_off_at: Instant


class WorkOrderReturned(WorkOrderEvent):
    TYPE: ClassVar[str] = "dispatch.work_order.returned"

    reason: ReturnReason
    suggested_unit: str | None
    returned_at: Instant
    returns: int
    dispatcher_owes_since: Instant


class WorkOrderReportedBack(WorkOrderEvent):
    TYPE: ClassVar[str] = "dispatch.work_order.reported_back"

    outcome: ReportOutcome
    place: str | None
    level: Level
    category: str | None
    pack_version: str
    reported_by: str
    reported_back_at: Instant


class WorkOrderReopened(WorkOrderEvent):
    """Back to the same unit, with a shorter clock."""

    TYPE: ClassVar[str] = "dispatch.work_order.reopened"

    cause: ReopenCause
    category: str | None
    place: str | None
    level: Level
    pack_version: str
    reopened_at: Instant


class SummonsEvent(CaseEvent):
    summons_id: UUID


class SummonsAsked(SummonsEvent):
    TYPE: ClassVar[str] = "dispatch.summons.asked"

    ground: SummonsGround
    units: tuple[str, ...]
    asked_at: Instant


class SummonsApproved(SummonsEvent):
    TYPE: ClassVar[str] = "dispatch.summons.approved"

    approved_at: Instant


class SummonsRefused(SummonsEvent):
    TYPE: ClassVar[str] = "dispatch.summons.refused"

    refused_at: Instant


class SummonsUnitEvent(SummonsEvent):
    unit: str


class SummonsUnitCalled(SummonsUnitEvent):
    """The whistle for one unit: its 20 minutes run from here."""

    TYPE: ClassVar[str] = "dispatch.summons.unit_called"

    level: Level
    category: str | None
    pack_version: str
    called_at: Instant


class SummonsUnitAcknowledged(SummonsUnitEvent):
    TYPE: ClassVar[str] = "dispatch.summons.unit_acknowledged"

    acknowledged_at: Instant


class SummonsUnitArrived(SummonsUnitEvent):
    TYPE: ClassVar[str] = "dispatch.summons.unit_arrived"

    arrived_at: Instant


class SummonsUnitNotArrived(SummonsUnitEvent):
    TYPE: ClassVar[str] = "dispatch.summons.unit_not_arrived"

    ended_at: Instant


class SummonsEnded(SummonsEvent):
    TYPE: ClassVar[str] = "dispatch.summons.ended"

    outcome: Literal["assembled", "incomplete", "stood_down"]
    ended_at: Instant
