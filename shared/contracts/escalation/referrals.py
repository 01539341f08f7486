"""Referrals to the oversight office (问责移送效能办): proposed by rules, decided by a person."""

from enum import StrEnum
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import CaseCode, CaseEvent, Command, Frozen, Instant, Query, ShortText, Text


class ReferralCause(StrEnum):
    OVERDUE = "overdue"
    UNANSWERED = "unanswered"
    ABSENT = "absent"
    REOPENED = "reopened"


class ReferralResult(StrEnum):
    """What the oversight office found."""

    HELD_TO_ACCOUNT = "held_to_account"
    ADMONISHED = "admonished"
    NO_FAULT = "no_fault"


ReferralState = Literal["proposed", "not_referred", "referred", "answered", "closed", "dropped"]
"""`dropped`: an appeal was granted before anybody decided, so that no ground is left."""


class Evidence(Frozen):
    """Where what is said can be looked up: never a word, always a reference."""

    kind: Literal["event", "clock", "supervision_order", "summons", "work_order"]
    ref: str


# -- events ------------------------------------------------------------------------------------------------------------


class ReferralEvent(CaseEvent):
    referral_id: UUID
    unit: str
    cause: ReferralCause

    @property
    def chain(self) -> str:
        return f"{self.case_id}:referrals"


class ReferralProposed(ReferralEvent):
    """A threshold of the pack was crossed. Nobody is referred by that: a person decides."""

    TYPE: ClassVar[str] = "escalation.referral.proposed"

    evidence: tuple[Evidence, ...]
    proposed_at: Instant


class ReferralDecided(ReferralEvent):
    TYPE: ClassVar[str] = "escalation.referral.decided"

    referred: bool
    decided_by: str
    decided_at: Instant


class ReferralAnswered(ReferralEvent):
    TYPE: ClassVar[str] = "escalation.referral.answered"

    result: ReferralResult
    answered_by: str
    answered_at: Instant


class ReferralClosed(ReferralEvent):
    TYPE: ClassVar[str] = "escalation.referral.closed"

    closed_by: str
    closed_at: Instant


class ReferralDropped(ReferralEvent):
    """Its clock was exempted by an appeal."""

    TYPE: ClassVar[str] = "escalation.referral.dropped"

    appeal_id: UUID
    dropped_at: Instant


# -- requests ----------------------------------------------------------------------------------------------------------


class ReferralView(Frozen):
    referral_id: UUID
    case_code: str
    unit: str
    cause: ReferralCause
    state: ReferralState
    evidence: tuple[Evidence, ...]
    waits_for_appeal: UUID | None = Field(description="an appeal under way against its clock: decided on afterwards")
    proposed_at: Instant
    decided_by: str | None
    decided_at: Instant | None
    reason: str | None = Field(description="the decider's words; told to the centre's staff, the office and the unit")
    result: ReferralResult | None
    words: str | None = Field(description="the office's; told to the same")
    answered_by: str | None
    answered_at: Instant | None
    closed_at: Instant | None


class DecideReferral(Command[ReferralView]):
    """By a commander or deputy, once, with a reason either way."""

    NAME: ClassVar[str] = "decide_referral"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = ReferralView

    referral_id: UUID
    refer: bool
    reason: ShortText


class AnswerReferral(Command[ReferralView]):
    """The oversight office records what came of it."""

    NAME: ClassVar[str] = "answer_referral"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = ReferralView

    referral_id: UUID
    result: ReferralResult
    words: Text


class CloseReferral(Command[ReferralView]):
    """The centre has taken note of the result."""

    NAME: ClassVar[str] = "close_referral"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = ReferralView

    referral_id: UUID


class Referrals(Frozen):
    referrals: tuple[ReferralView, ...]


class ListReferrals(Query[Referrals]):
    """Under way, oldest first; with the others where asked for. The office sees what was referred, a unit its own."""

    NAME: ClassVar[str] = "list_referrals"
    SERVICE: ClassVar[str] = "escalation"
    ANSWER = Referrals

    case_code: CaseCode | None = None
    referral_id: UUID | None = None
    only_open: bool = True
    limit: int = Field(default=200, ge=1, le=1000)
