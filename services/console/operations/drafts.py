"""What somebody is writing: kept sealed, for them alone, and gone when it was sent or is a day old."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.console.model import Draft
from shared.infra.unit_of_work import UnitOfWork
from shared.vault import KeyRing, VaultUnreadable, open_sealed, seal

KEPT_FOR = timedelta(days=1)
FORM_FORM = r"^[a-z][a-z0-9_-]{0,39}$"
DRAFTS_MAX = 20
CHARACTERS_MAX = 40_000

Fields = Mapping[str, list[str]]


async def keep_draft(work: UnitOfWork, keys: KeyRing, *, staff: str, form: str, fields: Fields, now: datetime) -> None:
    """Replaces what was kept before. A draft that is too long is cut off nowhere: the newest is simply not kept."""
    text = json.dumps(dict(fields), ensure_ascii=False)
    if len(text) > CHARACTERS_MAX:
        return
    sealed = seal(keys, text, context=_context(staff, form))
    async with work.begin() as tx:
        await tx.session.execute(sa.delete(Draft).where(Draft.saved_at < now - KEPT_FOR))
        kept = await tx.session.scalar(sa.select(sa.func.count()).select_from(Draft).where(Draft.staff == staff))
        if (kept or 0) >= DRAFTS_MAX:
            return
        row = insert(Draft).values(staff=staff, form=form, sealed=sealed, saved_at=now)
        await tx.session.execute(
            row.on_conflict_do_update(index_elements=["staff", "form"], set_={"sealed": sealed, "saved_at": now})
        )


async def read_draft(work: UnitOfWork, keys: KeyRing, *, staff: str, form: str, now: datetime) -> Fields:
    """Empty where there is none, where it is too old, or where its key is gone."""
    async with work.read() as session:
        draft = await session.get(Draft, (staff, form))
    if draft is None or draft.saved_at < now - KEPT_FOR:
        return {}
    try:
        fields: Fields = json.loads(open_sealed(keys, draft.sealed, context=_context(staff, form)))
    except VaultUnreadable:
        return {}
    return fields


async def drop_draft(work: UnitOfWork, *, staff: str, form: str) -> None:
    async with work.begin() as tx:
        await tx.session.execute(sa.delete(Draft).where(Draft.staff == staff, Draft.form == form))


def _context(staff: str, form: str) -> str:
    return f"draft/{staff}/{form}"
