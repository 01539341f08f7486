"""Changing the centre pack by two persons: drafted, looked at, approved by another, in force at its instant."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Command, Event, Frozen, Instant, Query, ShortText

DraftStateName = Literal["drafted", "approved", "in_force", "withdrawn", "overtaken"]

# -- events ------------------------------------------------------------------------------------------------------------


class PackDraftEvent(Event):
    """What became of a draft. That a version is in force, `CentrePackApplied` alone tells."""

    draft_id: UUID
    version: str

    @property
    def chain(self) -> str:
        return f"pack_draft:{self.draft_id}"


class PackDrafted(PackDraftEvent):
    TYPE: ClassVar[str] = "dispatch.pack_draft.drafted"

    based_on: str = Field(description="the version in force when it was drafted")
    effective_at: Instant | None = Field(description="None: as soon as it is approved")
    drafted_at: Instant


class PackDraftApproved(PackDraftEvent):
    TYPE: ClassVar[str] = "dispatch.pack_draft.approved"

    effective_at: Instant
    approved_at: Instant


class PackDraftWithdrawn(PackDraftEvent):
    TYPE: ClassVar[str] = "dispatch.pack_draft.withdrawn"

    was_approved: bool
    withdrawn_at: Instant


class PackDraftOvertaken(PackDraftEvent):
    """Another version came into force after it was drafted: taking it would undo that unseen, so it is not taken."""

    TYPE: ClassVar[str] = "dispatch.pack_draft.overtaken"

    based_on: str
    in_force: str
    overtaken_at: Instant


# -- requests ----------------------------------------------------------------------------------------------------------


class PackChange(Frozen):
    """How many entries of one part of the pack are new, other than before, or gone."""

    section: str
    added: int = 0
    changed: int = 0
    removed: int = 0


class PackDraftView(Frozen):
    draft_id: UUID
    version: str
    based_on: str
    note: str
    state: DraftStateName
    effective_at: Instant | None
    drafted_by: str
    drafted_at: Instant
    approved_by: str | None
    approved_at: Instant | None
    ended_by: str | None = Field(description="who withdrew it; None where it ended otherwise or not yet")
    ended_at: Instant | None
    changes: tuple[PackChange, ...] = ()


class DraftCentrePack(Command[PackDraftView]):
    """Proposes a whole pack, proved complete. Nothing changes until another person approves it."""

    NAME: ClassVar[str] = "draft_centre_pack"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = PackDraftView

    pack: dict[str, Any]
    based_on: str = Field(min_length=1, max_length=80, description="the version it was made from")
    note: ShortText = Field(description="what is changed and why")
    effective_at: Instant | None = Field(default=None, description="None: as soon as it is approved")


class ApprovePackDraft(Command[PackDraftView]):
    """By another person than its drafter."""

    NAME: ClassVar[str] = "approve_pack_draft"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = PackDraftView

    draft_id: UUID


class WithdrawPackDraft(Command[PackDraftView]):
    """By anybody who may draft or approve, as long as it is not in force: also what was approved already."""

    NAME: ClassVar[str] = "withdraw_pack_draft"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = PackDraftView

    draft_id: UUID


class PackTerm(Frozen):
    """One stretch of time in which a version was in force. The same version may have several."""

    version: str
    since: Instant
    until: Instant | None
    applied_by: str = Field(description="who put it in force; of a draft its approver")
    draft: PackDraftView | None = Field(description="None where it was applied at once, on the command line")
    changes: tuple[PackChange, ...] = Field(description="against the version before it; empty for the first")


class PackHistory(Frozen):
    in_force: str
    drafts: tuple[PackDraftView, ...] = Field(description="newest first, whatever became of them")
    terms: tuple[PackTerm, ...] = Field(description="newest first, without a gap")


class ListPackVersions(Query[PackHistory]):
    NAME: ClassVar[str] = "list_pack_versions"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = PackHistory

    waiting: bool = Field(default=False, description="only the drafts that wait for approval, and no terms")

    limit: int = Field(default=20, ge=1, le=100)


class PackOfVersion(Frozen):
    version: str
    pack: dict[str, Any]


class ReadPackVersion(Query[PackOfVersion]):
    """Any version that is, was, or is drafted to be in force."""

    NAME: ClassVar[str] = "read_pack_version"
    SERVICE: ClassVar[str] = "dispatch"
    ANSWER = PackOfVersion

    version: str = Field(min_length=1, max_length=80)
