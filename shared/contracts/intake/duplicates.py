"""The same matter brought twice: what is near is offered, a person joins the cases or does not, and may split them.

Found by matter, place and time, never by person. Events carry codes only.
"""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from shared.contracts.base import CaseCode, CaseEvent, Code, Command, Done, Frozen, Instant, Level, Received, ShortText
from shared.contracts.intake.words import HandlingMode, Source

OFFERED_MAX = 10

SimilarReason = Literal["same_category", "related_category", "same_place", "near_place", "same_contact"]
Differs = Literal["category", "township"]


def _with_digits(text: str) -> str:
    if not any(char.isdecimal() for char in text):
        raise ValueError("must be a telephone number")
    return text


class SimilarCase(Frozen):
    """What a window may know of another case: the matter, never whose it is nor what was said."""

    case_code: str
    category: str
    place: str
    state: str
    open: bool
    unit: str | None = Field(description="the unit that has it in hand")
    age_days: int
    joined: int = Field(description="how many cases are joined to it")
    reasons: tuple[SimilarReason, ...]


class SimilarCases(Frozen):
    cases: tuple[SimilarCase, ...] = Field(description="at most ten, the likeliest first; nobody has to take one")
    days: int = Field(description="closed cases are offered for so long")


class FindSimilarCases(Command[SimilarCases]):
    """Cases of the same matter in the same place and time.

    `contact` is asked at a window only. It is never kept: the answer says whether this contact has an open case of this
    very category and township, and of nothing else; that it was asked is on record.
    """

    NAME: ClassVar[str] = "find_similar_cases"
    REMEMBERED: ClassVar[bool] = False
    SERVICE: ClassVar[str] = "intake"
    ANSWER = SimilarCases

    category: Code
    place: Code
    received_at: Received | None = None
    contact: Annotated[str, Field(max_length=40), AfterValidator(_with_digits)] | None = Field(default=None, repr=False)


class JoinedTo(Frozen):
    leader: str = Field(description="the leading case; of a case that is joined itself, the one it follows")
    at: Instant


class JoinCase(Command[JoinedTo]):
    """并案: this case follows another open one. It keeps its code, its first receiver, its requester and its follow-up.

    A case of another category or township is joined with a reason only.
    """

    NAME: ClassVar[str] = "join_case"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = JoinedTo

    case_code: CaseCode
    leader: CaseCode
    reason: ShortText | None = None


class SplitCase(Command[Done]):
    """拆案: a joined case becomes a matter of its own again and is routed as a new one."""

    NAME: ClassVar[str] = "split_case"
    SERVICE: ClassVar[str] = "intake"
    ANSWER = Done

    case_code: CaseCode
    reason: ShortText


class SimilarOffered(CaseEvent):
    """What the window was offered for this case, and what it took; refusing an offer is on record, too."""

    TYPE: ClassVar[str] = "intake.case.similar_offered"

    offered: tuple[str, ...]
    taken: str | None
    offered_at: Instant


class CaseJoined(CaseEvent):
    TYPE: ClassVar[str] = "intake.case.joined"

    leader_id: UUID
    leader: str
    differs: tuple[Differs, ...] = Field(description="in what it was joined in spite of, with a reason")
    category: str | None
    place: str | None
    level: Level
    owner: str
    pack_version: str
    splits: int = Field(description="how often this case was split from another before")
    joined_at: Instant


class CaseSplit(CaseEvent):
    """From here on it is accepted and routed as a case of its own."""

    TYPE: ClassVar[str] = "intake.case.split"

    leader_id: UUID
    leader: str
    cause: Literal["decided", "leader_closed"]
    source: Source
    handling_mode: HandlingMode
    category: str | None
    place: str | None
    level: Level
    flags: tuple[str, ...] = ()
    owner: str
    pack_version: str
    splits: int = Field(description="how often this case was split from another, with this time")
    split_at: Instant


class LeaderSolved(CaseEvent):
    """The leading case is solved: this one's own follow-up begins."""

    TYPE: ClassVar[str] = "intake.case.leader_solved"

    leader: str
    category: str | None
    level: Level
    owner: str
    pack_version: str
    solved_at: Instant


class LeaderReopened(CaseEvent):
    """The leading case is under way again before this one's requester was asked."""

    TYPE: ClassVar[str] = "intake.case.leader_reopened"

    leader: str
    reopened_at: Instant
