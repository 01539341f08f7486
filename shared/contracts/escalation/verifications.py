"""The grid looks at what a unit reported (核查): what is told of it, and what may be asked."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.base import CaseEvent, Command, Done, Frozen, Instant, Query, ShortText
from shared.contracts.escalation.words import VerificationOutcome

# -- events ------------------------------------------------------------------------------------------------------------


class VerificationAssigned(CaseEvent):
    TYPE: ClassVar[str] = "escalation.verification.assigned"

    verification_id: UUID
    work_order_id: UUID
    unit: str
    place: str | None
    round: int
    assigned_at: Instant


class VerificationRecorded(CaseEvent):
    TYPE: ClassVar[str] = "escalation.verification.recorded"

    verification_id: UUID
    work_order_id: UUID
    unit: str
    round: int
    outcome: VerificationOutcome
    verified_by: str
    recorded_at: Instant


# -- requests ----------------------------------------------------------------------------------------------------------


class RecordVerification(Command[Done]):
    """核查: by a grid worker of the place, never by whoever handled."""

    NAME: ClassVar[str] = "record_verification"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = Done

    verification_id: UUID
    outcome: VerificationOutcome
    note: ShortText | None = None


class VerificationTask(Frozen):
    verification_id: UUID
    case_code: str
    work_order_id: UUID
    unit: str
    place: str | None
    round: int
    assigned_at: Instant
    due_at: Instant | None


class VerificationTasks(Frozen):
    tasks: tuple[VerificationTask, ...]


class ListVerifications(Query[VerificationTasks]):
    NAME: ClassVar[str] = "list_verifications"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = VerificationTasks

    place: str | None = None
    limit: int = Field(default=200, ge=1, le=1000)
