"""What intake tells."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import CaseEvent, Instant, Level
from shared.contracts.intake.words import (
    DeclineReason,
    DissatisfactionCause,
    FollowUpKind,
    FollowUpMiss,
    HandlingMode,
    LeadsTo,
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
    missed: FollowUpMiss | None = Field(default=None, description="why nobody was reached")
    responded: bool | None = Field(default=None, description="whether the unit itself had spoken with the requester")
    leads_to: LeadsTo | None = None
    round: int
    followed_up_at: Instant


class CaseExplained(CaseEvent):
    """A written explanation, in place of one more round on the same facts. Its words stay with the case, sealed."""

    TYPE: ClassVar[str] = "intake.case.explained"

    given_by: FollowUpKind = Field(description="how the requester was told")
    round: int
    explained_at: Instant


class CaseRaised(CaseEvent):
    """Came back as often as the pack allows: the duty director hears of it (督办)."""

    TYPE: ClassVar[str] = "intake.case.raised"

    reopenings: int
    led_to: LeadsTo = Field(description="reopened once more, or explained and not reopened again")
    category: str | None
    level: Level
    pack_version: str
    round: int
    raised_at: Instant


class CaseDelayExplained(CaseEvent):
    """暂不能办结: explained to the requester, with a date. The explanation's words stay with the case, sealed."""

    TYPE: ClassVar[str] = "intake.case.delay_explained"

    number: int = Field(description="the how-manieth promise on this case; keys its clock")
    promised_for: Instant
    given_by: FollowUpKind
    owner: str
    category: str | None
    level: Level
    pack_version: str
    round: int
    explained_at: Instant


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
