"""The sheet an administrator writes a draft on: begun from the pack in force, kept, given up or sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.console.errors import SheetChangedMeanwhile
from services.console.model import PackSheet
from shared.infra.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Sheet:
    based_on: str
    content: dict[str, Any]
    revision: int
    saved_at: datetime


async def read_sheet(work: UnitOfWork, staff: str) -> Sheet | None:
    async with work.read() as session:
        row = await session.get(PackSheet, staff)
    return None if row is None else Sheet(row.based_on, row.content, row.revision, row.saved_at)


async def begin_sheet(
    work: UnitOfWork, staff: str, *, based_on: str, content: Mapping[str, Any], now: datetime
) -> None:
    """Where one is begun already, it stays."""
    row = {"staff": staff, "based_on": based_on, "content": dict(content), "revision": 1, "saved_at": now}
    async with work.begin() as tx:
        await tx.session.execute(insert(PackSheet).values(row).on_conflict_do_nothing())


async def save_sheet(
    work: UnitOfWork,
    staff: str,
    *,
    seen: int,
    content: Mapping[str, Any],
    now: datetime,
    based_on: str | None = None,
) -> None:
    """`seen`: the revision the change was made on."""
    values: dict[str, Any] = {"content": dict(content), "revision": seen + 1, "saved_at": now}
    values |= {} if based_on is None else {"based_on": based_on}
    kept = sa.update(PackSheet).where(PackSheet.staff == staff, PackSheet.revision == seen).values(values)
    async with work.begin() as tx:
        saved = await tx.session.scalar(kept.returning(PackSheet.revision))
        if saved is None:
            raise SheetChangedMeanwhile("the draft was changed in another window meanwhile", field="revision")


async def drop_sheet(work: UnitOfWork, staff: str) -> None:
    async with work.begin() as tx:
        await tx.session.execute(sa.delete(PackSheet).where(PackSheet.staff == staff))
