"""What the desk does with a case, as requests."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.base import CaseCode, Code, Command, Done, Frozen, Instant, Key, Level, Received, ShortText, Text
from shared.contracts.intake.duplicates import OFFERED_MAX
from shared.contracts.intake.words import (
    DeclineReason,
    DissatisfactionCause,
    FollowUpKind,
    FollowUpMiss,
    HandlingMode,
    Satisfaction,
    Source,
)


class Requester(Frozen):
    """Who brought the matter: kept encrypted on this one case, masked when read, erased after the retention time."""

    name: str | None = Field(default=None, max_length=80)
    phone: str | None = Field(default=None, max_length=40)
    id_number: str | None = Field(default=None, max_length=40)
    address: str | None = Field(default=None, max_length=300)


class CaseReceipt(Frozen):
    """What the window tells the person: the code under which the case is found for ever."""

    case_id: UUID
    case_code: str
    state: str
    owner: str
    registered_at: Instant
    known: bool = Field(default=False, description="true where this external reference was registered before")
    joined_to: str | None = Field(default=None, description="the leading case it follows")


class RegisterCase(Command[CaseReceipt]):
    NAME: ClassVar[str] = "register_case"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = CaseReceipt

    source: Source
    matter: Text
    category: Code | None = None
    place: Code | None = None
    level: Level = "IV"
    flags: tuple[Code, ...] = Field(default=(), max_length=20, description="marks of the matter, from the pack")
    suggestion_id: UUID | None = Field(default=None, description="what `suggest_categories` answered for this matter")
    requester: Requester | None = None
    received_at: Received | None = None
    external_reference: Key | None = Field(
        default=None, description="the sending platform's own number, unique per source"
    )
    accept_as: HandlingMode | None = Field(default=None, description="register and accept in one act (马上受理)")
    offered: tuple[CaseCode, ...] = Field(
        default=(), max_length=OFFERED_MAX, description="what `find_similar_cases` answered, taken or not"
    )
    joins: CaseCode | None = Field(default=None, description="register and join to this open case in one act (并案)")
    join_reason: ShortText | None = Field(default=None, description="why, where category or township differ")


class AcceptCase(Command[Done]):
    NAME: ClassVar[str] = "accept_case"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = Done

    case_code: CaseCode
    handling_mode: HandlingMode
    category: Code | None = None
    place: Code | None = None
    level: Level | None = None
    suggestion_id: UUID | None = Field(default=None, description="what `suggest_categories` answered for this matter")


class CorrectCase(Command[Done]):
    """Puts category, place, level or flags right; a new route, if the table now says so, waits for a person."""

    NAME: ClassVar[str] = "correct_case"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = Done

    case_code: CaseCode
    category: Code | None = None
    place: Code | None = None
    level: Level | None = None
    flags: tuple[Code, ...] | None = Field(default=None, max_length=20)
    reason: ShortText


class DeclineCase(Command[Done]):
    """Not accepted, with the reason and the legal channel the person was told."""

    NAME: ClassVar[str] = "decline_case"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = Done

    case_code: CaseCode
    reason: DeclineReason
    legal_channel: ShortText
    note: ShortText | None = None


class FinishOwnCase(Command[Done]):
    """The window finished a matter it handled itself (自办)."""

    NAME: ClassVar[str] = "finish_own_case"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = Done

    case_code: CaseCode
    result: Text


class FollowUpCase(Command[Done]):
    NAME: ClassVar[str] = "follow_up_case"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = Done

    case_code: CaseCode
    kind: FollowUpKind
    contacted: bool
    solved: bool | None = None
    satisfaction: Satisfaction | None = None
    cause: DissatisfactionCause | None = None
    missed: FollowUpMiss | None = Field(default=None, description="why nobody was reached; needed then")
    responded: bool | None = Field(
        default=None, description="whether the unit itself had spoken with the requester; needed of a forwarded case"
    )
    note: ShortText | None = None


class ExplainCase(Command[Done]):
    """The written explanation owed where a requester stays dissatisfied and the case is not reopened."""

    NAME: ClassVar[str] = "explain_case"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = Done

    case_code: CaseCode
    explanation: Text
    given_by: FollowUpKind = Field(description="how the requester was told")


class ExplainDelay(Command[Done]):
    """暂不能办结: what cannot be finished yet is explained to the requester, with a promised date."""

    NAME: ClassVar[str] = "explain_delay"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = Done

    case_code: CaseCode
    promised_for: Instant
    explanation: Text
    given_by: FollowUpKind = Field(description="how the requester was told")


class CloseCase(Command[Done]):
    NAME: ClassVar[str] = "close_case"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = Done

    case_code: CaseCode
