"""The centre pack changed by two persons: drafted by one, approved by another, in force at its instant."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.dispatch.errors.packs import (
    AnotherDraftWaits,
    CentrePackUnchanged,
    PackDraftedAlready,
    TooManyPackDrafts,
)
from services.dispatch.model import PackDraft
from services.dispatch.model.pack_draft import require_based_on_in_force
from services.dispatch.operations.packs import checked_pack, lock_pack_in_force, put_in_force
from services.dispatch.policy.pack_drafts import (
    DRAFTS_OPEN_MAX,
    OPEN,
    DraftState,
    counted,
    require_effective_to_come,
)
from shared.contracts.dispatch import ApprovePackDraft, DraftCentrePack, PackDraftView, WithdrawPackDraft
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork

_OPEN = PackDraft.state.in_([state.value for state in OPEN])
_APPROVED = PackDraft.state == DraftState.APPROVED.value


async def draft_centre_pack(work: UnitOfWork, command: DraftCentrePack, /, *, now: datetime) -> PackDraftView:
    """Proved as a pack that is applied is; nothing of it holds before another person has approved it."""
    pack, content = checked_pack(command.pack)
    require_effective_to_come(command.effective_at, now=now)
    async with work.begin(command) as tx:
        in_force = await lock_pack_in_force(work, tx)
        require_based_on_in_force(command.based_on, in_force.version)
        if pack.version == in_force.version:
            raise CentrePackUnchanged("the draft says the same as the pack in force", field="pack")
        await _require_room(tx, pack.version)
        draft, drafted = PackDraft.draft(command, pack, content, draft_id=new_id(), now=now)
        tx.add(draft)
        tx.record(drafted)
        return tx.answers(draft.view(counted(in_force.model_dump(mode="json"), content)))


async def _require_room(tx: Transaction, version: str) -> None:
    found = (await tx.session.scalars(sa.select(PackDraft).where(_OPEN))).all()
    same = next((draft for draft in found if draft.version == version), None)
    if same is not None:
        raise PackDraftedAlready(
            f"{same.drafted_by} drafted this very pack already", field="pack", draft_id=str(same.draft_id)
        )
    if len(found) >= DRAFTS_OPEN_MAX:
        raise TooManyPackDrafts(f"{DRAFTS_OPEN_MAX} drafts are open: withdraw those nobody needs", field="pack")


async def approve_pack_draft(work: UnitOfWork, command: ApprovePackDraft, /, *, now: datetime) -> PackDraftView:
    """Proved once more: the program may be another one than when it was drafted."""
    async with work.begin(command) as tx:
        in_force = await lock_pack_in_force(work, tx)
        draft = await tx.lock(PackDraft, command.draft_id, field="draft_id")
        others = sa.select(PackDraft.version).where(_APPROVED, PackDraft.draft_id != draft.draft_id)
        waiting = await tx.session.scalar(others)
        approved = draft.approve(by=command.actor, in_force=in_force.version, now=now)
        if waiting is not None:
            raise AnotherDraftWaits(f"version {waiting} is approved and waits for its instant", field="draft_id")
        checked_pack(await _content(tx, draft))
        tx.record(approved)
        return tx.answers(draft.view())


async def withdraw_pack_draft(work: UnitOfWork, command: WithdrawPackDraft, /, *, now: datetime) -> PackDraftView:
    async with work.begin(command) as tx:
        await lock_pack_in_force(work, tx)
        draft = await tx.lock(PackDraft, command.draft_id, field="draft_id")
        tx.record(draft.withdraw(by=command.actor, now=now))
        return tx.answers(draft.view())


async def take_approved_pack(work: UnitOfWork) -> datetime | None:
    """The sweep: an approved draft whose instant is here comes into force, once, however many copies look.

    Where another version came into force meanwhile (applied on the command line), the draft is overtaken: to take it
    would undo that unseen. Returns when the next one takes effect.
    """
    now = work.clock.now()
    due = sa.select(PackDraft.draft_id).where(_APPROVED, PackDraft.effective_at <= now)
    async with work.read() as session:
        draft_id = await session.scalar(due)
    if draft_id is not None:
        async with work.begin() as tx:
            in_force = await lock_pack_in_force(work, tx)
            draft = await tx.lock(PackDraft, draft_id)
            if draft.state != DraftState.APPROVED:
                return None  # another copy was quicker, or somebody withdrew it
            if draft.based_on != in_force.version:
                tx.record(draft.overtake(in_force.version, now=now))
            else:
                draft.take(now=now)
                content = await _content(tx, draft)
                await put_in_force(work, tx, name=draft.name, version=draft.version, content=content, now=now)
    async with work.read() as session:
        return await session.scalar(sa.select(sa.func.min(PackDraft.effective_at)).where(_APPROVED))


async def _content(tx: Transaction, draft: PackDraft) -> dict[str, Any]:
    content = await tx.session.scalar(sa.select(PackDraft.content).where(PackDraft.draft_id == draft.draft_id))
    assert content is not None
    return content
