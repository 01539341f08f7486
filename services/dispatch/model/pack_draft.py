"""A draft of the centre pack: who made it from what, who approved it, and what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.errors.packs import CentrePackChangedMeanwhile, DrafterMayNotApprove, PackDraftDecided
from services.dispatch.model.base import Base
from services.dispatch.policy.pack_drafts import DRAFT_MOVES, DraftState, DraftVerb
from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor
from shared.contracts.dispatch import (
    DraftCentrePack,
    PackChange,
    PackDraftApproved,
    PackDrafted,
    PackDraftOvertaken,
    PackDraftView,
    PackDraftWithdrawn,
)


class PackDraft(Base):
    """What was drafted is what is approved and comes into force: its content never changes, nor who made it.

    `ended_at`: when it came into force, was withdrawn, or turned out to be overtaken by another version.
    """

    __tablename__ = "pack_draft"
    __table_args__ = (
        sa.CheckConstraint(
            "state in ('drafted', 'approved', 'in_force', 'withdrawn', 'overtaken')", name="pack_draft_state"
        ),
        sa.CheckConstraint("approved_by is null or approved_by <> drafted_by", name="drafter_does_not_approve"),
        sa.CheckConstraint("(approved_by is null) = (approved_at is null)", name="pack_draft_approved_on_record"),
        sa.CheckConstraint(
            "state in ('drafted', 'withdrawn') or (approved_by is not null and effective_at is not null)",
            name="pack_draft_takes_effect_approved",
        ),
        sa.CheckConstraint(
            "(state in ('in_force', 'withdrawn', 'overtaken')) = (ended_at is not null)", name="pack_draft_ended"
        ),
        sa.CheckConstraint("(state = 'withdrawn') = (ended_by is not null)", name="pack_draft_withdrawn_by"),
        sa.Index("one_approved_pack_draft", "state", unique=True, postgresql_where=sa.text("state = 'approved'")),
        sa.Index(
            "one_open_pack_draft_of_version",
            "version",
            unique=True,
            postgresql_where=sa.text("state in ('drafted', 'approved')"),
        ),
        sa.Index("pack_draft_drafted", "drafted_at"),
    )

    draft_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    version: Mapped[str]
    based_on: Mapped[str]
    note: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB, deferred=True)
    state: Mapped[str]
    effective_at: Mapped[datetime | None]
    drafted_by: Mapped[str]
    drafted_at: Mapped[datetime]
    approved_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]

    # -- verbs ---------------------------------------------------------------------------------------------------------

    @classmethod
    def draft(
        cls, command: DraftCentrePack, pack: CentrePack, content: dict[str, Any], *, draft_id: UUID, now: datetime
    ) -> tuple["PackDraft", PackDrafted]:
        made = cls(
            draft_id=draft_id,
            name=pack.name,
            version=pack.version,
            based_on=command.based_on,
            note=command.note,
            content=content,
            state=DraftState.DRAFTED,
            effective_at=command.effective_at,
            drafted_by=command.actor.staff,
            drafted_at=now,
        )
        told = PackDrafted(
            draft_id=draft_id,
            version=pack.version,
            based_on=command.based_on,
            effective_at=command.effective_at,
            drafted_at=now,
        )
        return made, told

    def approve(self, *, by: Actor, in_force: str, now: datetime) -> PackDraftApproved:
        """By another than who drafted it. What was to hold from an instant that is past by now holds at once."""
        if by.staff == self.drafted_by:
            raise DrafterMayNotApprove("you drafted this; another person has to approve it", field="actor.staff")
        self._require_undecided("approve")
        require_based_on_in_force(self.based_on, in_force)
        self._move("approve")
        self.approved_by, self.approved_at = by.staff, now
        holds_from = self.effective_at = now if self.effective_at is None else max(self.effective_at, now)
        return PackDraftApproved(draft_id=self.draft_id, version=self.version, effective_at=holds_from, approved_at=now)

    def withdraw(self, *, by: Actor, now: datetime) -> PackDraftWithdrawn:
        self._require_undecided("withdraw")
        was_approved = self.state == DraftState.APPROVED
        self._move("withdraw")
        self.ended_by, self.ended_at = by.staff, now
        return PackDraftWithdrawn(
            draft_id=self.draft_id, version=self.version, was_approved=was_approved, withdrawn_at=now
        )

    def take(self, *, now: datetime) -> None:
        """It is in force; the event that says so carries the pack, and is the centre pack's own."""
        self._move("take")
        self.ended_at = now

    def overtake(self, in_force: str, *, now: datetime) -> PackDraftOvertaken:
        self._move("overtake")
        self.ended_at = now
        return PackDraftOvertaken(
            draft_id=self.draft_id, version=self.version, based_on=self.based_on, in_force=in_force, overtaken_at=now
        )

    # -- facts ---------------------------------------------------------------------------------------------------------

    def view(self, changes: tuple[PackChange, ...] = ()) -> PackDraftView:
        return PackDraftView(
            draft_id=self.draft_id,
            version=self.version,
            based_on=self.based_on,
            note=self.note,
            state=DraftState(self.state).value,
            effective_at=self.effective_at,
            drafted_by=self.drafted_by,
            drafted_at=self.drafted_at,
            approved_by=self.approved_by,
            approved_at=self.approved_at,
            ended_by=self.ended_by,
            ended_at=self.ended_at,
            changes=changes,
        )

    def _require_undecided(self, verb: DraftVerb) -> None:
        if (DraftState(self.state), verb) not in DRAFT_MOVES:
            raise PackDraftDecided(f"this draft is {self.state} already", field="draft_id", state=self.state)

    def _move(self, verb: DraftVerb) -> None:
        self.state = DRAFT_MOVES[DraftState(self.state), verb]


def require_based_on_in_force(based_on: str, in_force: str) -> None:
    if based_on != in_force:
        raise CentrePackChangedMeanwhile(
            f"it was made from version {based_on}, and {in_force} is in force: look at what changed, and draft it anew",
            field="based_on",
            based_on=based_on,
            in_force=in_force,
        )
