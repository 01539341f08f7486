"""What may be read of the centre pack: the one in force, any other version, and how one came after another."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.model import PackDraft
from services.dispatch.policy.pack_drafts import DraftState, counted
from shared.contracts.dispatch import (
    CentrePackApplied,
    CentrePackInForce,
    ListPackVersions,
    PackDraftView,
    PackHistory,
    PackOfVersion,
    ReadCentrePack,
    ReadPackVersion,
)
from shared.contracts.dispatch.pack_drafts import PackTerm
from shared.errors import not_found
from shared.infra.unit_of_work import UnitOfWork

CHAIN = "centre_pack"
Term = tuple[CentrePackApplied, str]


async def read_centre_pack(work: UnitOfWork, request: ReadCentrePack, /, *, now: datetime) -> CentrePackInForce:
    async with work.read() as session:
        pack = await work.packs.in_force(session)
    return CentrePackInForce(version=pack.version, pack=pack.model_dump(mode="json"))


async def read_pack_version(work: UnitOfWork, request: ReadPackVersion, /, *, now: datetime) -> PackOfVersion:
    drafted = sa.select(PackDraft.content).where(PackDraft.version == request.version).limit(1)
    async with work.read() as session:
        content = await _content(work, session, request.version) or await session.scalar(drafted)
    if content is None:
        raise not_found("pack version", request.version, field="version")
    return PackOfVersion(version=request.version, pack=content)


async def list_pack_versions(work: UnitOfWork, request: ListPackVersions, /, *, now: datetime) -> PackHistory:
    """Terms are read from the record of events itself: what was told is what was in force."""
    newest = sa.select(PackDraft).order_by(PackDraft.drafted_at.desc(), PackDraft.draft_id).limit(request.limit)
    async with work.read() as session:
        in_force = await work.packs.in_force_now(session)
        if request.waiting:
            newest = newest.where(PackDraft.state == DraftState.DRAFTED.value)
        terms = [] if request.waiting else await _terms(work, session, request.limit + 1)
        drafts = (await session.scalars(newest)).all()
        views = [await _view(work, session, draft) for draft in drafts]
    return PackHistory(in_force=in_force.version, drafts=tuple(views), terms=_as_history(terms, views)[: request.limit])


async def _terms(work: UnitOfWork, session: AsyncSession, limit: int) -> list[Term]:
    """Newest first, with who recorded it."""
    event = work.spine.event
    query = sa.select(event.c.envelope).where(event.c.chain == CHAIN).order_by(event.c.sequence.desc()).limit(limit)
    envelopes: Sequence[Mapping[str, Any]] = (await session.scalars(query)).all()
    return [
        (CentrePackApplied.model_validate(one["data"]), str(one["actor"] or "").partition(":")[2]) for one in envelopes
    ]


def _as_history(terms: Sequence[Term], drafts: Sequence[PackDraftView]) -> tuple[PackTerm, ...]:
    """The oldest one given serves only to say what the next one changed; the first of all changed nothing."""
    brought = {(draft.version, draft.ended_at): draft for draft in drafts if draft.state == DraftState.IN_FORCE.value}
    until: datetime | None = None
    history: list[PackTerm] = []
    for number, (applied, by) in enumerate(terms):
        before = terms[number + 1] if number + 1 < len(terms) else None
        draft = brought.get((applied.version, applied.applied_at))
        history.append(
            PackTerm(
                version=applied.version,
                since=applied.applied_at,
                until=until,
                applied_by=draft.approved_by or by if draft else by,
                draft=draft,
                changes=() if before is None else counted(before[0].pack, applied.pack),
            )
        )
        until = applied.applied_at
    return tuple(history)


async def _view(work: UnitOfWork, session: AsyncSession, draft: PackDraft) -> PackDraftView:
    before = await _content(work, session, draft.based_on)
    after = await session.scalar(sa.select(PackDraft.content).where(PackDraft.draft_id == draft.draft_id))
    return draft.view(counted(before, after) if before and after else ())


async def _content(work: UnitOfWork, session: AsyncSession, version: str) -> dict[str, Any] | None:
    table = work.spine.pack
    return await session.scalar(sa.select(table.c.content).where(table.c.version == version))
