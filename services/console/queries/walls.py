"""The walls there are, and what a wall shows: counts, codes and times, by a few queries over what is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from services.console.model import Account, BoardCase, FigureCase, WallToken
from services.console.policy.board import LiveRow
from shared.contracts.console import ListWallTokens, WallTokens, WallTokenView
from shared.infra.arrays import among
from shared.infra.unit_of_work import UnitOfWork

SOON = timedelta(minutes=20)
ARRIVALS_MAX, SOON_MAX, OVERDUE_MAX = 60, 8, 6
WAITING = ("accept", "dispatch")


@dataclass(frozen=True, slots=True)
class OverdueUnit:
    unit: str
    number: int
    oldest_due: datetime


@dataclass(frozen=True, slots=True)
class SoonDue:
    category: str | None
    place: str | None
    unit: str | None
    owes: str | None
    stage: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class WallFacts:
    levels: Mapping[str, int]
    open: int
    waiting: int
    waiting_since: datetime | None
    received_today: int
    closed_today: int
    received_by_place: Mapping[str | None, int]
    arrivals: tuple[LiveRow, ...]
    overdue: tuple[OverdueUnit, ...]
    soon: tuple[SoonDue, ...]
    soon_total: int


async def list_wall_tokens(work: UnitOfWork, request: ListWallTokens, /, *, now: datetime) -> WallTokens:
    query = sa.select(WallToken).order_by(WallToken.name, WallToken.made_at)
    if not request.include_revoked:
        query = query.where(WallToken.revoked_at.is_(None))
    async with work.read() as session:
        rows = (await session.scalars(query)).all()
    told = (
        WallTokenView(name=row.name, made_by=row.made_by, made_at=row.made_at, revoked_at=row.revoked_at)
        for row in rows
    )
    return WallTokens(tokens=tuple(told))


async def read_wall(work: UnitOfWork, *, units: frozenset[str], midnight: datetime, now: datetime) -> WallFacts:
    """`units`: the pack's; what a post of the centre owes is not told as a unit's delay."""
    async with work.read() as session:
        levels = await _levels(session)
        waiting, since = await _waiting(session)
        places = await _received(session, midnight, now)
        soon, soon_total = await _soon(session, now)
        closed = sa.select(sa.func.count()).select_from(FigureCase)
        closed = closed.where(FigureCase.over_at >= midnight, FigureCase.over_at <= now)
        closed_today = await session.scalar(closed.where(FigureCase.outcome != "not_accepted"))
        return WallFacts(
            levels=levels,
            open=sum(levels.values()),
            waiting=waiting,
            waiting_since=since,
            received_today=sum(places.values()),
            closed_today=closed_today or 0,
            received_by_place=places,
            arrivals=await _arrivals(session),
            overdue=await _overdue(session, units, now),
            soon=soon,
            soon_total=soon_total,
        )


async def titles_of(work: UnitOfWork, posts: set[str]) -> Mapping[str, str]:
    """What role an account of that name has; a post without an account is not among them."""
    async with work.read() as session:
        found = await session.execute(sa.select(Account.staff, Account.role).where(among(Account.staff, posts)))
        return {staff: role for staff, role in found}  # noqa: C416 - rows are not pairs to a type checker


def _due() -> Any:
    return sa.cast(BoardCase.row["due_at"].astext, sa.DateTime(timezone=True))


async def _levels(session: AsyncSession) -> dict[str, int]:
    inner = sa.select(BoardCase.row["level"].astext.label("level")).where(BoardCase.shown).subquery()
    found = await session.execute(sa.select(inner.c.level, sa.func.count()).group_by(inner.c.level))
    return {row[0]: row[1] for row in found}


async def _waiting(session: AsyncSession) -> tuple[int, datetime | None]:
    since = sa.func.min(sa.cast(BoardCase.row["registered_at"].astext, sa.DateTime(timezone=True)))
    query = sa.select(sa.func.count(), since).where(BoardCase.shown, BoardCase.row["stage"].astext.in_(WAITING))
    number, oldest = (await session.execute(query)).one()
    return number, oldest


async def _received(session: AsyncSession, midnight: datetime, now: datetime) -> dict[str | None, int]:
    at = FigureCase.registered_at
    query = sa.select(FigureCase.place, sa.func.count()).where(at >= midnight, at <= now).group_by(FigureCase.place)
    return {row[0]: row[1] for row in await session.execute(query)}


async def _arrivals(session: AsyncSession) -> tuple[LiveRow, ...]:
    called = sa.func.jsonb_array_length(BoardCase.row["arrivals"]) > 0
    rows = (await session.scalars(sa.select(BoardCase).where(called, _on_screen()).limit(ARRIVALS_MAX))).all()
    return tuple(LiveRow(id=row.case_id, version=row.version, row=row.view()) for row in rows)


def _on_screen() -> Any:
    """What is open, and drills, which have no case."""
    return BoardCase.shown | (BoardCase.case_code == "drill")


async def _overdue(session: AsyncSession, units: frozenset[str], now: datetime) -> tuple[OverdueUnit, ...]:
    """Whose open promise came due first in its case; most on top, then the oldest."""
    owes = BoardCase.row["owes"].astext.label("owes")
    inner = sa.select(owes, _due().label("due")).where(BoardCase.shown, _due() <= now).subquery()
    query = sa.select(inner.c.owes, sa.func.count(), sa.func.min(inner.c.due)).where(among(inner.c.owes, units))
    ordered = query.group_by(inner.c.owes).order_by(sa.func.count().desc(), sa.func.min(inner.c.due))
    return tuple(OverdueUnit(*row) for row in await session.execute(ordered.limit(OVERDUE_MAX)))


async def _soon(session: AsyncSession, now: datetime) -> tuple[tuple[SoonDue, ...], int]:
    row, due = BoardCase.row, _due()
    names = ("category", "place", "unit", "owes", "stage")
    query = sa.select(*(row[name].astext for name in names), due, sa.func.count().over())
    found = (
        await session.execute(query.where(BoardCase.shown, due > now, due <= now + SOON).order_by(due).limit(SOON_MAX))
    ).all()
    return tuple(SoonDue(*one[:6]) for one in found), found[0][6] if found else 0
