"""What dispatch tells and what may be asked of it."""

from enum import StrEnum
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import (
    CaseCode,
    CaseEvent,
    Code,
    Command,
    Done,
    Event,
    Frozen,
    Instant,
    Level,
    Query,
    ShortText,
    Text,
)


class ReturnReason(StrEnum):
    """Why a unit says a work order is not its own; free words stay with the work order, not in the event."""

    NOT_OUR_DUTY = "not_our_duty"
    NOT_OUR_PLACE = "not_our_place"
    FACTS_WRONG = "facts_wrong"
    IN_COURT = "in_court"


class ReportOutcome(StrEnum):
    SOLVED = "solved"
    PARTLY = "partly"
    EXPLAINED = "explained"


class ReopenCause(StrEnum):
    NOT_VERIFIED = "not_verified"
    DISSATISFIED = "dissatisfied"


class SummonsGround(StrEnum):
    """重大、紧急、疑难、争议 (84号 §4)."""

    MAJOR = "major"
    URGENT = "urgent"
    DIFFICULT = "difficult"
    DISPUTED = "disputed"


class UnitSummonsState(StrEnum):
    """`named`: asked for, not called (yet). `stood_down`: no longer needed, and so not missing either."""

    NAMED = "named"
    CALLED = "called"
    ACKNOWLEDGED = "acknowledged"
    ARRIVED = "arrived"
    NOT_ARRIVED = "not_arrived"
    STOOD_DOWN = "stood_down"


# -- events ------------------------------------------------------------------------------------------------------------


class CentrePackApplied(Event):
    """A new version of the centre's data is in force; carried whole, so that every service keeps a copy."""

    TYPE: ClassVar[str] = "dispatch.centre_pack.applied"

    name: str
    version: str
    applied_at: Instant
    pack: dict[str, Any]

    @property
    def chain(self) -> str:
        return f"centre_pack:{self.name}"


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


# -- requests ----------------------------------------------------------------------------------------------------------


class PackApplied(Frozen):
    name: str
    version: str
    changed: bool = Field(description="false where this very version was in force already")


class ApplyCentrePack(Command[PackApplied]):
    NAME: ClassVar[str] = "apply_centre_pack"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = PackApplied

    pack: dict[str, Any]


class CentrePackInForce(Frozen):
    version: str
    pack: dict[str, Any]


class ReadCentrePack(Query[CentrePackInForce]):
    NAME: ClassVar[str] = "read_centre_pack"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = CentrePackInForce


class SignOffWorkOrder(Command[Done]):
    NAME: ClassVar[str] = "sign_off_work_order"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    work_order_id: UUID


class ReturnWorkOrder(Command[Done]):
    """退单: only with a reason and a legal ground, inside its limit."""

    NAME: ClassVar[str] = "return_work_order"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    work_order_id: UUID
    reason: ReturnReason
    ground: ShortText
    suggested_unit: Code | None = None


class ReportBack(Command[Done]):
    NAME: ClassVar[str] = "report_back"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    work_order_id: UUID
    outcome: ReportOutcome
    result: Text
    replied_to_requester: bool


class WorkOrderSent(Frozen):
    work_order_id: UUID
    unit: str
    dispatched_at: Instant


class RedispatchCase(Command[WorkOrderSent]):
    """A person sends a case that was returned, or that no rule could place, to a unit."""

    NAME: ClassVar[str] = "redispatch_case"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = WorkOrderSent

    case_code: CaseCode
    unit: Code
    reason: ShortText


class SummonsStarted(Frozen):
    summons_id: UUID
    state: str


class AskSummons(Command[SummonsStarted]):
    NAME: ClassVar[str] = "ask_summons"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = SummonsStarted

    case_code: CaseCode
    ground: SummonsGround
    units: tuple[Code, ...] = Field(min_length=1, max_length=60)
    reason: ShortText


class ApproveSummons(Command[SummonsStarted]):
    NAME: ClassVar[str] = "approve_summons"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = SummonsStarted

    summons_id: UUID


class RefuseSummons(Command[SummonsStarted]):
    NAME: ClassVar[str] = "refuse_summons"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = SummonsStarted

    summons_id: UUID
    reason: ShortText


class AcknowledgeSummons(Command[Done]):
    NAME: ClassVar[str] = "acknowledge_summons"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    summons_id: UUID


class CheckInArrival(Command[Done]):
    """到场: checked in by the command room or the duty director, never by the unit itself."""

    NAME: ClassVar[str] = "check_in_arrival"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    summons_id: UUID
    unit: Code


class StandDownSummons(Command[Done]):
    NAME: ClassVar[str] = "stand_down_summons"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    summons_id: UUID
    reason: ShortText


class WorkOrderView(Frozen):
    work_order_id: UUID
    case_code: str
    unit: str
    state: str
    category: str | None
    place: str | None
    level: Level
    round: int
    dispatched_at: Instant
    signed_off_at: Instant | None


class WorkOrders(Frozen):
    work_orders: tuple[WorkOrderView, ...]


class ListWorkOrders(Query[WorkOrders]):
    """Open work orders, oldest first; of one unit, or of all."""

    NAME: ClassVar[str] = "list_work_orders"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = WorkOrders

    unit: str | None = None
    state: str | None = None
    limit: int = Field(default=200, ge=1, le=1000)


class TriageCase(Frozen):
    case_code: str
    category: str | None
    place: str | None
    level: Level
    reason: str
    returns: int
    since: Instant
    suggested_unit: str | None = Field(default=None, description="whom the unit that returned it suggests")
    ground: str | None = Field(default=None, description="the returning unit's words; told to the centre's staff only")


class TriageCases(Frozen):
    cases: tuple[TriageCase, ...]
    total: int


class ListTriage(Query[TriageCases]):
    """Cases that wait for a person to send them on: not placed by a rule, or returned."""

    NAME: ClassVar[str] = "list_triage"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = TriageCases

    limit: int = Field(default=200, ge=1, le=1000)


class SummonedUnit(Frozen):
    unit: str
    state: UnitSummonsState
    called_at: Instant | None
    acknowledged_at: Instant | None
    arrived_at: Instant | None


class SummonsView(Frozen):
    summons_id: UUID
    case_code: str
    state: str
    ground: SummonsGround
    asked_by: str
    approved_by: str | None
    units: tuple[SummonedUnit, ...]
    asked_at: Instant | None = None
    reason: str | None = Field(default=None, description="the asker's words; told to the centre's staff only")


class Summonses(Frozen):
    summonses: tuple[SummonsView, ...]


class ListSummonses(Query[Summonses]):
    NAME: ClassVar[str] = "list_summonses"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Summonses

    only_running: bool = True
    limit: int = Field(default=100, ge=1, le=1000)
