"""The board's rows, as far as somebody may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.console.model import BoardCase
from services.console.policy.board import LiveRow, Row
from services.console.policy.sight import Sight
from shared.infra.arrays import among
from shared.infra.unit_of_work import UnitOfWork

ROWS_MAX = 2_000
SHOWN = (BoardCase.case_id, BoardCase.version, sa.cast(BoardCase.row, sa.Text))
"""Of a row no more than a screen needs, and as text: it is read once, by who checks it."""


@dataclass(frozen=True, slots=True)
class BoardRows:
    rows: tuple[LiveRow, ...]
    total: int


async def board_rows(work: UnitOfWork, sight: Sight, *, limit: int = ROWS_MAX) -> BoardRows:
    """What is due first comes first; what has no clock comes last, the oldest first."""
    async with work.read() as session:
        rows = (await session.execute(queue(sight, limit=limit))).all()
        total = len(rows)
        if total == limit:
            listed = sa.select(sa.func.count()).select_from(BoardCase).where(*_seen(sight))
            total = await session.scalar(listed) or total
    return BoardRows(_told(rows), total)


def queue(sight: Sight, *, limit: int = ROWS_MAX) -> sa.Select[UUID, int, str]:
    seen = sa.select(*SHOWN).where(*_seen(sight))
    return seen.order_by(BoardCase.due_at.nulls_last(), BoardCase.registered_at).limit(limit)


async def rows_of_window(
    work: UnitOfWork, *, window: str | None, staff: str, limit: int = ROWS_MAX
) -> tuple[LiveRow, ...]:
    """The open cases a window received first, whoever of it received them; what is due first comes first."""
    own = [BoardCase.owner == staff]
    if window is not None:
        own.append(BoardCase.window == window)
    query = sa.select(*SHOWN).where(BoardCase.listed, BoardCase.shown, sa.or_(*own))
    ordered = query.order_by(BoardCase.due_at.nulls_last(), BoardCase.case_code)
    async with work.read() as session:
        return _told((await session.execute(ordered.limit(limit))).all())


def _told(rows: Sequence[Any]) -> tuple[LiveRow, ...]:
    return tuple(
        LiveRow.model_construct(id=one[0], version=one[1], row=Row.model_validate_json(one[2])) for one in rows
    )


async def row_of_case(work: UnitOfWork, code: str) -> LiveRow | None:
    """One case as the board has it; None where the board has not heard of it (yet)."""
    async with work.read() as session:
        row = await session.scalar(sa.select(BoardCase).where(BoardCase.case_code == code))
    return LiveRow(id=row.case_id, version=row.version, row=row.view()) if row is not None else None


async def row_of_summons(work: UnitOfWork, summons_id: UUID, code: str, *, drill: bool) -> LiveRow | None:
    """The row a summons stands in: its case's, and for a drill, which has none, its own."""
    whose = BoardCase.case_id == summons_id if drill else BoardCase.case_code == code
    async with work.read() as session:
        row = await session.scalar(sa.select(BoardCase).where(whose))
    return LiveRow(id=row.case_id, version=row.version, row=row.view()) if row is not None else None


def _seen(sight: Sight) -> list[sa.ColumnElement[bool]]:
    """The same as `Sight.sees`, for the database; a test compares the two."""
    listed = sa.and_(BoardCase.listed)
    if sight.everything:
        return [listed]
    conditions: list[sa.ColumnElement[bool]] = []
    if sight.unit is not None:
        conditions.append(BoardCase.units.contains([sight.unit]))
    if sight.places:
        conditions.append(among(BoardCase.place, sight.places))
    return [listed, sa.or_(sa.false(), *conditions)]
