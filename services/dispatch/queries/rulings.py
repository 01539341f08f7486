"""Precedents: what the duty director ruled on the like.

A ruling is a precedent for a matter where its category is the same, above or below in the tree (a code begins with its
parent's code), and where its place is the same or lies in the same township.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.dispatch.model import CaseRuling
from services.dispatch.policy.views import reads_words
from shared.centre.pack import CentrePack
from shared.contracts.dispatch import ListRulings, Ruling, Rulings
from shared.infra.unit_of_work import UnitOfWork


class Asked(NamedTuple):
    """What a precedent is looked for; None asks for every one."""

    category: str | None
    place: str | None
    township: str | None


async def list_rulings(work: UnitOfWork, request: ListRulings, /, *, now: datetime) -> Rulings:
    with_words = reads_words(request.actor)
    async with work.read() as session:
        pack = None if request.place is None else await work.packs.in_force(session)
        township = None if pack is None or request.place is None else township_of(pack, request.place)
        query = sa.select(CaseRuling).where(
            *_like(
                sa.literal(request.category, sa.Text),
                sa.literal(request.place, sa.Text),
                sa.literal(township, sa.Text),
            )
        )
        if request.case_code is not None:
            query = query.where(CaseRuling.case_code == request.case_code)
        newest = query.order_by(CaseRuling.ruled_at.desc(), CaseRuling.ruling_id.desc()).limit(request.limit)
        found = (await session.scalars(newest)).all()
    return Rulings(rulings=tuple(_ruling(each, with_words=with_words) for each in found))


async def precedents(
    session: AsyncSession, asked: Collection[Asked], *, limit: int, with_words: bool
) -> Mapping[Asked, tuple[Ruling, ...]]:
    """The newest few for each, in one look at the table."""
    if not asked:
        return {}
    sought = sa.values(
        sa.column("category", sa.Text), sa.column("place", sa.Text), sa.column("township", sa.Text), name="sought"
    ).data([tuple(each) for each in asked])
    newest = (
        sa.select(CaseRuling)
        .where(*_like(sought.c.category, sought.c.place, sought.c.township))
        .order_by(CaseRuling.ruled_at.desc(), CaseRuling.ruling_id.desc())
        .limit(limit)
        .lateral("newest")
    )
    ruling = aliased(CaseRuling, newest)
    query = sa.select(sought, ruling).join_from(sought, newest, sa.true()).order_by(newest.c.ruled_at.desc())
    found: dict[Asked, list[Ruling]] = {}
    for category, place, township, one in await session.execute(query):
        found.setdefault(Asked(category, place, township), []).append(_ruling(one, with_words=with_words))
    return {each: tuple(rulings) for each, rulings in found.items()}


async def rulings_of(session: AsyncSession, case_id: UUID, *, with_words: bool) -> tuple[Ruling, ...]:
    query = sa.select(CaseRuling).where(CaseRuling.case_id == case_id).order_by(CaseRuling.ruled_at.desc())
    return tuple(_ruling(one, with_words=with_words) for one in await session.scalars(query))


def township_of(pack: CentrePack, place: str) -> str | None:
    found = pack.place(place)
    return None if found is None else found.chain[-1]


def _like(
    category: sa.ColumnElement[str], place: sa.ColumnElement[str], township: sa.ColumnElement[str]
) -> tuple[sa.ColumnElement[bool], ...]:
    def below(code: sa.ColumnElement[str], root: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        return sa.func.starts_with(code, root + sa.literal(".", sa.Text), type_=sa.Boolean())

    ruled = sa.type_coerce(CaseRuling.category, sa.Text)
    return (
        sa.or_(category.is_(None), ruled == category, below(ruled, category), below(category, ruled)),
        sa.or_(place.is_(None), CaseRuling.place == place, CaseRuling.township == township),
    )


def _ruling(one: CaseRuling, *, with_words: bool) -> Ruling:
    return Ruling(
        ruling_id=one.ruling_id,
        case_code=one.case_code,
        category=one.category,
        place=one.place,
        unit=one.unit,
        instead_of=tuple(one.instead_of),
        ground=one.ground if with_words else None,
        ruled_by=one.ruled_by,
        ruled_at=one.ruled_at,
    )
