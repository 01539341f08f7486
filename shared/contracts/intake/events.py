"""What intake tells."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import CaseEvent, Instant, Level
from shared.contracts.intake.words import (
    DeclineReason,
    DissatisfactionCause,
    FollowUpKind,
    HandlingMode,
    Satisfaction,
    Source,
)


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

    suggestion_id: UUID
    suggested: tuple[str, ...] = Field(description="codes, the likeliest first; empty where nothing pointed anywhere")
    model: str = Field(description="what suggested: `keywords`, or the version of what was learned")
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
