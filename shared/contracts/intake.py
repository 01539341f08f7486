"""What intake tells and what may be asked of it."""

from enum import StrEnum
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
    Key,
    Level,
    Query,
    Received,
    ShortText,
    Text,
)


class Source(StrEnum):
    """The four ways a case enters (DOMAIN: first receipt, 1)."""

    WINDOW = "window"
    SUPERIOR_ORDER = "superior_order"
    PLATFORM_PUSH = "platform_push"
    GRID_PATROL = "grid_patrol"


class HandlingMode(StrEnum):
    SELF = "self"
    FORWARD = "forward"


class DeclineReason(StrEnum):
    """Why a case is not accepted; each has its legal channel (DOMAIN: first receipt, 2)."""

    EMERGENCY = "emergency"
    COURT = "court"
    ARBITRATION = "arbitration"
    UNDER_WAY_ELSEWHERE = "under_way_elsewhere"
    STATE_SECRET = "state_secret"  # noqa: S105 - a reason, not a password
    NOT_PUBLIC = "not_public"


class Satisfaction(StrEnum):
    SATISFIED = "satisfied"
    BASICALLY = "basically"
    DISSATISFIED = "dissatisfied"


class DissatisfactionCause(StrEnum):
    UNIT = "unit"
    LAWFUL_RESULT = "lawful_result"
    OTHER = "other"


class FollowUpKind(StrEnum):
    TELEPHONE = "telephone"
    VISIT = "visit"
    MESSAGE = "message"


# -- events ------------------------------------------------------------------------------------------------------------


class CaseRegistered(CaseEvent):
    TYPE: ClassVar[str] = "intake.case.registered"

    source: Source
    category: str | None
    place: str | None
    level: Level
    flags: tuple[str, ...] = ()
    window: str | None
    owner: str = Field(description="post of the first receiver, answerable until closure")
    pack_version: str
    received_at: Instant
    registered_at: Instant


class CaseAccepted(CaseEvent):
    TYPE: ClassVar[str] = "intake.case.accepted"

    source: Source
    handling_mode: HandlingMode
    category: str | None
    place: str | None
    level: Level
    flags: tuple[str, ...] = ()
    owner: str
    pack_version: str
    registered_at: Instant
    accepted_at: Instant


class CaseCorrected(CaseEvent):
    """Category, place, level or flags were put right after acceptance. Who answers does not change by itself."""

    TYPE: ClassVar[str] = "intake.case.corrected"

    category: str | None
    place: str | None
    level: Level
    flags: tuple[str, ...]
    pack_version: str
    corrected_at: Instant


class CategoryChosen(CaseEvent):
    """What was suggested for the matter and what a person chose."""

    TYPE: ClassVar[str] = "intake.category.chosen"

    suggested: tuple[str, ...] = Field(description="codes, the likeliest first; empty where none was asked for")
    chosen: str
    by_rank: int | None = Field(description="1 to 3 where a suggestion was taken, else None")
    chosen_at: Instant


class CaseNotAccepted(CaseEvent):
    TYPE: ClassVar[str] = "intake.case.not_accepted"

    reason: DeclineReason
    decided_at: Instant


class CaseHandled(CaseEvent):
    """The window handled the matter itself, on the spot."""

    TYPE: ClassVar[str] = "intake.case.handled"

    pack_version: str
    category: str | None
    level: Level
    owner: str
    handled_at: Instant


class CaseFollowedUp(CaseEvent):
    TYPE: ClassVar[str] = "intake.case.followed_up"

    attempt: int
    kind: FollowUpKind
    contacted: bool
    solved: bool | None
    satisfaction: Satisfaction | None
    cause: DissatisfactionCause | None
    round: int
    followed_up_at: Instant


class CaseReopened(CaseEvent):
    TYPE: ClassVar[str] = "intake.case.reopened"

    cause: DissatisfactionCause
    handling_mode: HandlingMode
    category: str | None
    level: Level
    owner: str
    pack_version: str
    round: int = Field(description="1 for the first handling, one more with each reopening")
    reopened_at: Instant


class CaseClosed(CaseEvent):
    TYPE: ClassVar[str] = "intake.case.closed"

    outcome: Literal["solved", "explained", "unreachable"]
    round: int
    closed_at: Instant


class RequesterRevealed(CaseEvent):
    TYPE: ClassVar[str] = "intake.requester.revealed"

    fields: tuple[str, ...]
    revealed_at: Instant


class RequesterErased(CaseEvent):
    TYPE: ClassVar[str] = "intake.requester.erased"

    erased_at: Instant


# -- requests ----------------------------------------------------------------------------------------------------------


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


class AcceptCase(Command[Done]):
    NAME: ClassVar[str] = "accept_case"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = Done

    case_code: CaseCode
    handling_mode: HandlingMode
    category: Code | None = None
    place: Code | None = None
    level: Level | None = None


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


class SuggestedCategory(Frozen):
    category: str
    name: str
    reason: str = Field(description="which keywords, or what the centre's own confirmed cases say; quotes no case")
    score: float = Field(ge=0, le=1)


class Suggestions(Frozen):
    suggestion_id: UUID
    suggestions: tuple[SuggestedCategory, ...] = Field(description="at most three, the likeliest first")


class SuggestCategories(Command[Suggestions]):
    """The likeliest categories of a typed matter. A person confirms; what was suggested is kept, the text is not."""

    NAME: ClassVar[str] = "suggest_categories"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = Suggestions

    matter: Text


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
    note: ShortText | None = None


class CloseCase(Command[Done]):
    NAME: ClassVar[str] = "close_case"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = Done

    case_code: CaseCode


class MaskedCase(Frozen):
    case_id: UUID
    case_code: str
    state: str
    source: Source
    category: str | None
    place: str | None
    level: Level
    handling_mode: HandlingMode | None
    owner: str
    window: str | None
    round: int
    pack_version: str
    received_at: Instant
    registered_at: Instant
    closed_at: Instant | None
    matter: str = Field(description="telephone and identity numbers in the text masked")
    requester_name: str | None
    requester_phone: str | None


class ReadCase(Query[MaskedCase]):
    NAME: ClassVar[str] = "read_case"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = MaskedCase

    case_code: CaseCode


class RevealedRequester(Frozen):
    matter: str
    requester: Requester


class RevealRequester(Command[RevealedRequester]):
    """Reads what is masked, with a reason; who, when, why and which fields stay on record."""

    NAME: ClassVar[str] = "reveal_requester"
    REMEMBERED: ClassVar[bool] = False
    SERVICE: ClassVar[str] = "intake"
    ANSWER = RevealedRequester

    case_code: CaseCode
    reason: ShortText


class VaultRotated(Frozen):
    resealed: int


class RotateVault(Command[VaultRotated]):
    """Seals every requester's data again under the newest key, so that an old key may be destroyed."""

    NAME: ClassVar[str] = "rotate_vault"
    REMEMBERED: ClassVar[bool] = False
    SERVICE: ClassVar[str] = "intake"
    ANSWER = VaultRotated


class OpenCase(Frozen):
    case_code: str
    state: str
    category: str | None
    place: str | None
    level: Level
    owner: str
    registered_at: Instant


class OpenCases(Frozen):
    cases: tuple[OpenCase, ...]
    total: int


class ListOpenCases(Query[OpenCases]):
    NAME: ClassVar[str] = "list_open_cases"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = OpenCases

    owner: str | None = None
    state: str | None = None
    limit: int = Field(default=200, ge=1, le=1000)
