"""Supervision orders (督办单): what is told of them, and what may be asked."""

from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field, model_validator

from shared.contracts.base import CaseCode, CaseEvent, Code, Command, Frozen, Instant, Query, ShortText, Text
from shared.contracts.escalation.clocks import ClockEvent


class SupervisionLevel(StrEnum):
    """提醒, 督办单, 挂牌督办: each weighs more than the one before."""

    REMINDER = "reminder"
    WRITTEN_ORDER = "written_order"
    LISTED = "listed"


class SupervisionOutcome(StrEnum):
    """How an order closes. `unanswered`: it was raised to the next level without a word of the unit."""

    ACCEPTED = "accepted"
    IMPROVED = "improved"
    NOT_ACCEPTED = "not_accepted"
    UNANSWERED = "unanswered"


SupervisionState = Literal["open", "answered", "closed", "withdrawn", "ended"]
"""`ended`: the case was over before the order was; that is on record too."""

# -- events ------------------------------------------------------------------------------------------------------------


class LadderCalled(ClockEvent):
    """A step of a ladder calls for more than a notice: a supervision order, or a referral. Escalation itself acts."""

    TYPE: ClassVar[str] = "escalation.ladder.called"

    step: int
    action: Literal["supervise", "refer"]
    level: SupervisionLevel | None
    due_at: Instant
    called_at: Instant

    @property
    def chain(self) -> str:
        return f"{self.case_id}:ladder"


class SupervisionEvent(CaseEvent):
    order_id: UUID
    unit: str
    level: SupervisionLevel

    @property
    def chain(self) -> str:
        """Beside the case's own chain: notification reads of orders, not of clocks and verifications."""
        return f"{self.case_id}:supervision"


class SupervisionIssued(SupervisionEvent):
    TYPE: ClassVar[str] = "escalation.supervision.issued"

    issued_by: str
    clock: str | None = Field(description="the overdue clock whose ladder called for it; none where a person did")
    instead_of: UUID | None = Field(description="the order of the level below that was raised to this one")
    due_at: Instant
    issued_at: Instant


class SupervisionAnswered(SupervisionEvent):
    TYPE: ClassVar[str] = "escalation.supervision.answered"

    round: int
    judge: Literal["duty_director", "commander"] = Field(description="whose rank judges the answer")
    answered_by: str
    answered_at: Instant


class SupervisionSentBack(SupervisionEvent):
    """The answer was not accepted: to be answered again, in a shorter time."""

    TYPE: ClassVar[str] = "escalation.supervision.sent_back"

    round: int = Field(description="of the answer that is owed now")
    judged_by: str
    due_at: Instant
    sent_back_at: Instant


class SupervisionClosed(SupervisionEvent):
    TYPE: ClassVar[str] = "escalation.supervision.closed"

    outcome: SupervisionOutcome
    judged_by: str
    closed_at: Instant


class SupervisionRaised(SupervisionEvent):
    """Closed, not accepted or unanswered, and issued anew on the next level."""

    TYPE: ClassVar[str] = "escalation.supervision.raised"

    outcome: SupervisionOutcome
    raised_to: SupervisionLevel
    raised_by: str
    raised_at: Instant


class SupervisionWithdrawn(SupervisionEvent):
    TYPE: ClassVar[str] = "escalation.supervision.withdrawn"

    withdrawn_by: str
    withdrawn_at: Instant


class SupervisionEnded(SupervisionEvent):
    """The case was over first: nothing is to be answered any more."""

    TYPE: ClassVar[str] = "escalation.supervision.ended"

    answered: bool
    ended_at: Instant


# -- requests ----------------------------------------------------------------------------------------------------------


class SupervisionAnswerView(Frozen):
    round: int
    answer: str | None = Field(description="the unit's words; told to the centre's staff and the unit only")
    answered_by: str
    answered_at: Instant
    judged_by: str | None
    judged_at: Instant | None
    judgement: SupervisionOutcome | None
    words: str | None


class SupervisionOrderView(Frozen):
    order_id: UUID
    case_code: str
    unit: str
    level: SupervisionLevel
    state: SupervisionState
    round: int
    due_at: Instant | None
    late: bool
    issued_by: str
    issued_at: Instant
    reason: str | None = Field(
        description="told to the centre's staff and the unit only; none where a ladder issued it"
    )
    clock: str | None
    instead_of: UUID | None
    outcome: SupervisionOutcome | None
    ended_at: Instant | None
    end_reason: str | None = Field(default=None, description="why it was withdrawn; told as the reason is")
    answers: tuple[SupervisionAnswerView, ...]


class IssueSupervision(Command[SupervisionOrderView]):
    """督办: by the duty director, a commander or a deputy, to a unit that has had a part in the case."""

    NAME: ClassVar[str] = "issue_supervision"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = SupervisionOrderView

    case_code: CaseCode
    unit: Code
    level: SupervisionLevel
    reason: ShortText


class AnswerSupervision(Command[SupervisionOrderView]):
    """By the unit it is for."""

    NAME: ClassVar[str] = "answer_supervision"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = SupervisionOrderView

    order_id: UUID
    answer: Text


class JudgeSupervision(Command[SupervisionOrderView]):
    """By the issuer or another of that rank. Accepted and improved close it; not accepted, it is answered again."""

    NAME: ClassVar[str] = "judge_supervision"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = SupervisionOrderView

    order_id: UUID
    outcome: Literal["accepted", "improved", "not_accepted"]
    words: ShortText | None = Field(default=None, description="needed where the answer is not accepted")

    @model_validator(mode="after")
    def _says_what_is_missing(self) -> "JudgeSupervision":
        if self.outcome == "not_accepted" and self.words is None:
            raise ValueError("an answer that is not accepted needs words: the unit must know what is missing")
        return self


class RaiseSupervision(Command[SupervisionOrderView]):
    """To the next level, whether it was answered badly or not at all. Answers the new order."""

    NAME: ClassVar[str] = "raise_supervision"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = SupervisionOrderView

    order_id: UUID
    reason: ShortText


class WithdrawSupervision(Command[SupervisionOrderView]):
    NAME: ClassVar[str] = "withdraw_supervision"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = SupervisionOrderView

    order_id: UUID
    reason: ShortText


class SupervisionOrders(Frozen):
    orders: tuple[SupervisionOrderView, ...]
    now: Instant


class ListSupervision(Query[SupervisionOrders]):
    """Orders under way, by the time their answer is due; with the others where asked for. A unit sees its own."""

    NAME: ClassVar[str] = "list_supervision"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = SupervisionOrders

    case_code: CaseCode | None = None
    order_id: UUID | None = None
    unit: Code | None = None
    only_open: bool = True
    limit: int = Field(default=200, ge=1, le=1000)
