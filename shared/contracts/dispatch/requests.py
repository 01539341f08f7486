"""What may be asked of dispatch."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.base import CaseCode, Code, Command, Done, Frozen, Instant, Level, Query, ShortText, Text
from shared.contracts.dispatch.words import ReportOutcome, ReturnReason, SummonsGround, UnitSummonsState


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
