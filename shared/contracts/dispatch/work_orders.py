"""Work orders: one unit's task on a case; several units on one case; more time."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import (
    CaseCode,
    CaseEvent,
    Code,
    Command,
    Done,
    Frozen,
    Instant,
    Level,
    Query,
    ShortText,
    Text,
)
from shared.contracts.dispatch.words import (
    ContactKind,
    DeferralKind,
    Desk,
    OrderRole,
    ReopenCause,
    ReportOutcome,
    ReturnReason,
    WithdrawnCause,
    WorkOrderStateName,
)
from shared.contracts.photos import Photos

# -- events ------------------------------------------------------------------------------------------------------------


class WorkOrderEvent(CaseEvent):
    work_order_id: UUID
    unit: str
    round: int = Field(description="handling round of this work order: 1, and one more with each reopening")


class WorkOrderDispatched(WorkOrderEvent):
    TYPE: ClassVar[str] = "dispatch.work_order.dispatched"

    role: OrderRole
    designated: bool = Field(default=False, description="by the duty director's ruling: it may not be returned")
    reached_by: Literal["desk", "liaison"] = Field(
        description="resident units at their desk, rotating ones on their days in the hall, others by liaison"
    )
    category: str | None
    place: str | None
    level: Level
    pack_version: str
    accepted_at: Instant
    dispatched_at: Instant
    returns: int = Field(description="how often this case was returned before")
    splits: int = Field(default=0, description="how often this case was split from a leading one before")


class WorkOrderSignedOff(WorkOrderEvent):
    TYPE: ClassVar[str] = "dispatch.work_order.signed_off"

    signed_off_at: Instant


class RequesterContacted(WorkOrderEvent):
    """The lead unit spoke with the requester, who has heard of the matter now, however long the work takes."""

    TYPE: ClassVar[str] = "dispatch.work_order.requester_contacted"

    kind: ContactKind
    contacted_by: str
    contacted_at: Instant


class WorkOrderReturned(WorkOrderEvent):
    TYPE: ClassVar[str] = "dispatch.work_order.returned"

    role: OrderRole = "lead"
    reason: ReturnReason
    disputed: bool = False
    goes_to: Desk = Field(default="dispatcher", description="a second return or a dispute is the duty director's")
    suggested_unit: str | None
    returned_at: Instant
    returns: int
    dispatcher_owes_since: Instant


class WorkOrderWithdrawn(WorkOrderEvent):
    """Taken from the unit by a person of the centre; nothing is owed on it any more."""

    TYPE: ClassVar[str] = "dispatch.work_order.withdrawn"

    role: OrderRole
    cause: WithdrawnCause
    withdrawn_at: Instant


class WorkOrderReportedBack(WorkOrderEvent):
    TYPE: ClassVar[str] = "dispatch.work_order.reported_back"

    role: OrderRole = "lead"
    outcome: ReportOutcome
    photos: int = 0
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


class DeferralEvent(WorkOrderEvent):
    """More time for a work order. The promised time is never edited: a deferral is a fact beside it."""

    deferral_id: UUID
    kind: DeferralKind
    first_receiver: str = Field(description="whom the requester asks: told of every decision")


class DeferralAsked(DeferralEvent):
    TYPE: ClassVar[str] = "dispatch.deferral.asked"

    due_at: Instant = Field(description="the time promised until now")
    lapses_at: Instant | None = Field(default=None, description="void from here on where nobody decided; else `due_at`")
    asked_at: Instant


class DeferralRefused(DeferralEvent):
    TYPE: ClassVar[str] = "dispatch.deferral.refused"

    due_at: Instant
    refused_at: Instant


class ExtensionApproved(DeferralEvent):
    TYPE: ClassVar[str] = "dispatch.deferral.extended"

    due_at: Instant
    extended_to: Instant
    days: int | None = Field(default=None, description="working days more than the time promised before")
    provisional: bool
    number: int = Field(description="the how-manieth deferral granted to this work order; keys the new clock")
    category: str | None
    level: Level
    pack_version: str
    approved_at: Instant


class SuspensionApproved(DeferralEvent):
    TYPE: ClassVar[str] = "dispatch.deferral.suspended"

    due_at: Instant
    until: Instant
    suspended_at: Instant


class SuspensionEnded(DeferralEvent):
    """The clock runs on: what was left of the time when it stopped is what is left now."""

    TYPE: ClassVar[str] = "dispatch.deferral.resumed"

    due_at: Instant = Field(description="the time promised from now on")
    provisional: bool
    number: int = Field(description="the how-manieth deferral granted to this work order; keys the new clock")
    category: str | None
    level: Level
    pack_version: str
    resumed_at: Instant


# -- a unit's own acts -------------------------------------------------------------------------------------------------


class SignOffWorkOrder(Command[Done]):
    NAME: ClassVar[str] = "sign_off_work_order"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    work_order_id: UUID


class ContactRequester(Command[Done]):
    """联系诉求人: told that it was done and how, never what was said. As often as the matter needs."""

    NAME: ClassVar[str] = "contact_requester"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    work_order_id: UUID
    kind: ContactKind


class ReturnWorkOrder(Command[Done]):
    """退单: only with a reason and a legal ground, inside its limit. The clock has run since dispatch."""

    NAME: ClassVar[str] = "return_work_order"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    work_order_id: UUID
    reason: ReturnReason
    ground: ShortText
    suggested_unit: Code | None = None
    disputed: bool = Field(default=False, description="units disagree whose duty it is: to the duty director at once")


class ReportBack(Command[Done]):
    NAME: ClassVar[str] = "report_back"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    work_order_id: UUID
    outcome: ReportOutcome
    result: Text
    replied_to_requester: bool = Field(description="the lead unit replies; a supporter reports to the lead")
    photos: Photos = ()


# -- joint handling 联办 -----------------------------------------------------------------------------------------------


class WorkOrderSent(Frozen):
    work_order_id: UUID
    unit: str
    dispatched_at: Instant


class AddSupporter(Command[WorkOrderSent]):
    """协办: another unit with a work order and a clock of its own, while the lead unit is at work."""

    NAME: ClassVar[str] = "add_supporter"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = WorkOrderSent

    case_code: CaseCode
    unit: Code
    reason: ShortText = Field(description="what it is to contribute")


class ReleaseSupporter(Command[Done]):
    """The supporter owes nothing more; also the answer to a supporter's return that is right."""

    NAME: ClassVar[str] = "release_supporter"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    work_order_id: UUID
    reason: ShortText


class ReplaceSupporter(Command[WorkOrderSent]):
    NAME: ClassVar[str] = "replace_supporter"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = WorkOrderSent

    work_order_id: UUID
    unit: Code
    reason: ShortText


class InsistOnSupporter(Command[WorkOrderSent]):
    """The duty director's answer to a supporter's return that is wrong: sent again, and it may not be returned."""

    NAME: ClassVar[str] = "insist_on_supporter"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = WorkOrderSent

    work_order_id: UUID
    ground: ShortText


# -- read --------------------------------------------------------------------------------------------------------------


class WorkOrderView(Frozen):
    work_order_id: UUID
    case_code: str
    unit: str
    role: OrderRole = "lead"
    designated: bool = False
    state: str
    category: str | None
    place: str | None
    level: Level
    round: int
    dispatched_at: Instant
    signed_off_at: Instant | None
    contacted_at: Instant | None = Field(default=None, description="first spoken with the requester")


class WorkOrders(Frozen):
    work_orders: tuple[WorkOrderView, ...]


class ListWorkOrders(Query[WorkOrders]):
    """Open work orders, oldest first; of one unit, of one case, or of all."""

    NAME: ClassVar[str] = "list_work_orders"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = WorkOrders

    unit: str | None = None
    case_code: CaseCode | None = None
    state: WorkOrderStateName | None = None
    limit: int = Field(default=200, ge=1, le=1000)
