"""The board's rows, as far as somebody may see them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.console.model import BoardCase
from services.console.policy.board import LiveRow
from services.console.policy.sight import Sight
from shared.infra.unit_of_work import UnitOfWork

ROWS_MAX = 2_000


@dataclass(frozen=True, slots=True)
class BoardRows:
    rows: tuple[LiveRow, ...]
    total: int


async def board_rows(work: UnitOfWork, sight: Sight, *, limit: int = ROWS_MAX) -> BoardRows:
    """What is due first comes first; what has no clock comes last, the oldest first."""
    due = BoardCase.row["due_at"].astext
    registered = BoardCase.row["registered_at"].astext
    drill = BoardCase.row["drill"].as_boolean() & (sa.func.jsonb_array_length(BoardCase.row["arrivals"]) > 0)
    query = sa.select(BoardCase).where(BoardCase.shown | drill).where(*_seen(sight))
    ordered = query.order_by(
        sa.cast(due, sa.DateTime(timezone=True)).nulls_last(), sa.cast(registered, sa.DateTime(timezone=True))
    )
    async with work.read() as session:
        rows = (await session.scalars(ordered.limit(limit))).all()
        total = len(rows)
        if total == limit:
            total = await session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or total
    told = tuple(LiveRow(id=row.case_id, version=row.version, row=row.view()) for row in rows)
    return BoardRows(told, total)


async def rows_of_window(
    work: UnitOfWork, *, window: str | None, staff: str, limit: int = ROWS_MAX
) -> tuple[LiveRow, ...]:
    """The open cases a window received first, whoever of it received them; what is due first comes first."""
    own = [BoardCase.row["owner"].astext == staff]
    if window is not None:
        own.append(BoardCase.row["window"].astext == window)
    due = sa.cast(BoardCase.row["due_at"].astext, sa.DateTime(timezone=True))
    query = sa.select(BoardCase).where(BoardCase.shown, sa.or_(*own)).order_by(due.nulls_last(), BoardCase.case_code)
    async with work.read() as session:
        rows = (await session.scalars(query.limit(limit))).all()
    return tuple(LiveRow(id=row.case_id, version=row.version, row=row.view()) for row in rows)


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
    if sight.everything:
        return []
    conditions: list[sa.ColumnElement[bool]] = []
    document: Any = BoardCase.row
    if sight.unit is not None:
        conditions.append(document["units"].contains([sight.unit]))
    if sight.places:
        conditions.append(document["place"].astext.in_(sorted(sight.places)))
    return [sa.or_(sa.false(), *conditions)]
