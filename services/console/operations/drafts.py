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
NOTHING = ""
"""What lies sealed of a draft that was sent."""

Fields = Mapping[str, list[str]]


async def keep_draft(
    work: UnitOfWork, keys: KeyRing, *, staff: str, form: str, key: str, fields: Fields, now: datetime
) -> bool:
    """Replaces what was kept before. Returns whether it is kept now.

    It is not where it is too long, where there are too many, and where the form was sent: `key` is of this one filling
    of it, and what was still on its way then comes too late.
    """
    text = json.dumps(dict(fields), ensure_ascii=False)
    if len(text) > CHARACTERS_MAX:
        return False
    sealed = seal(keys, text, context=_context(staff, form))
    async with work.begin() as tx:
        await tx.session.execute(sa.delete(Draft).where(Draft.saved_at < now - KEPT_FOR))
        others = (Draft.staff == staff, Draft.form != form, Draft.sealed != NOTHING)
        if (await tx.session.scalar(sa.select(sa.func.count()).select_from(Draft).where(*others)) or 0) >= DRAFTS_MAX:
            return False
        row = insert(Draft).values(staff=staff, form=form, sealed=sealed, saved_at=now)
        upsert = row.on_conflict_do_update(
            index_elements=["staff", "form"],
            set_={"sealed": sealed, "saved_at": now},
            where=Draft.sent_key.is_distinct_from(key),
        )
        return await tx.session.scalar(upsert.returning(Draft.form)) is not None


async def read_draft(work: UnitOfWork, keys: KeyRing, *, staff: str, form: str, now: datetime) -> Fields:
    """Empty where there is none, where it is too old, or where its key is gone."""
    async with work.read() as session:
        draft = await session.get(Draft, (staff, form))
    if draft is None or draft.sealed == NOTHING or draft.saved_at < now - KEPT_FOR:
        return {}
    try:
        fields: Fields = json.loads(open_sealed(keys, draft.sealed, context=_context(staff, form)))
    except VaultUnreadable:
        return {}
    return fields


async def drop_draft(work: UnitOfWork, *, staff: str, form: str, key: str, now: datetime) -> None:
    """What was kept is gone, and what is still on its way for the same filling of the form will not be kept."""
    gone = {"sealed": NOTHING, "saved_at": now, "sent_key": key}
    async with work.begin() as tx:
        row = insert(Draft).values(staff=staff, form=form, **gone)
        await tx.session.execute(row.on_conflict_do_update(index_elements=["staff", "form"], set_=gone))


def _context(staff: str, form: str) -> str:
    return f"draft/{staff}/{form}"
