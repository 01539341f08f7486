"""More time for a work order: extensions (延期) and suspensions (挂账), asked for and decided.

What is told of them stands with the work order's other events.
"""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field, model_validator

from shared.contracts.base import CaseCode, Command, Done, Frozen, Instant, Query, ShortText
from shared.contracts.dispatch.words import DeferralKind


class Deferral(Frozen):
    deferral_id: UUID
    case_code: str
    work_order_id: UUID
    unit: str
    kind: DeferralKind
    state: Literal["asked", "approved", "refused", "lapsed", "resumed"]
    days: int | None = Field(description="working days asked for (extension)")
    until: Instant | None = Field(description="asked end (suspension)")
    due_at: Instant = Field(description="the time promised when it was asked")
    new_due_at: Instant | None
    reason: str | None = Field(description="the unit's words; told to the centre's staff and the unit only")
    asked_at: Instant
    decided_by: str | None
    decided_at: Instant | None


class AskExtension(Command[Deferral]):
    """延期: asked before expiry by the time the pack wants, bounded in number and length."""

    NAME: ClassVar[str] = "ask_extension"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Deferral

    work_order_id: UUID
    days: int = Field(ge=1, le=365, description="working days")
    reason: ShortText


class AskSuspension(Command[Deferral]):
    """挂账: what cannot be finished now waits until a promised date."""

    NAME: ClassVar[str] = "ask_suspension"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Deferral

    work_order_id: UUID
    until: Instant
    reason: ShortText


class DecideDeferral(Command[Deferral]):
    """By the duty director, a commander or a deputy; never by whoever asked."""

    NAME: ClassVar[str] = "decide_deferral"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Deferral

    deferral_id: UUID
    approve: bool
    reason: ShortText | None = Field(default=None, description="needed to refuse")

    @model_validator(mode="after")
    def _refused_with_reason(self) -> "DecideDeferral":
        if not self.approve and self.reason is None:
            raise ValueError("a refusal needs a reason")
        return self


class ResumeWorkOrder(Command[Done]):
    """Ends a suspension before its time; at its end it ends by itself."""

    NAME: ClassVar[str] = "resume_work_order"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Done

    work_order_id: UUID
    reason: ShortText


class Deferrals(Frozen):
    deferrals: tuple[Deferral, ...]


class ListDeferrals(Query[Deferrals]):
    """Those that wait for a decision, oldest first; or all of one case."""

    NAME: ClassVar[str] = "list_deferrals"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = Deferrals

    case_code: CaseCode | None = None
    limit: int = Field(default=200, ge=1, le=1000)
