"""Rosters as they stood on record: which version, which overrides and which working calendar held at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.model import SPINE, DutyRoster, RosterOverride, RosterVersion
from services.dispatch.policy.duty import without_words
from shared.calendar import WorkingCalendar
from shared.centre.pack import CentrePack
from shared.centre.working_time import calendar_of
from shared.duty import Version
from shared.infra.unit_of_work import UnitOfWork

PACK_CHAIN = "centre_pack"
LOOK_BACK = timedelta(days=400)


async def versions_between(
    work: UnitOfWork, session: AsyncSession, which: sa.ColumnElement[bool], start: datetime, end: datetime
) -> list[Version]:
    """Every version in force at some time from `start` to `end`.

    Overrides that were over long before are left out, and so no answer reaches back beyond them.
    """
    rows = await _versions(session, which, start, end)
    overrides = await _overrides(session, {row.roster for row in rows}, start - LOOK_BACK)
    book = await _calendar_at(work, session, start)
    found: list[Version] = []
    for row in rows:
        since = max(row.in_force_from, book.since or row.in_force_from, start - LOOK_BACK)
        ends = [each for each in (row.in_force_until, book.until) if each is not None]
        found.append(Version(row.noun(overrides), book.calendar, since, min(ends, default=None)))
    return found


def plain(versions: Sequence[Version]) -> list[Version]:
    """Without the reasons that people wrote."""
    return [Version(without_words(each.roster), each.calendar, each.since, each.until) for each in versions]


async def _versions(
    session: AsyncSession, which: sa.ColumnElement[bool], start: datetime, end: datetime
) -> Sequence[RosterVersion]:
    query = (
        sa.select(RosterVersion)
        .join(DutyRoster, DutyRoster.code == RosterVersion.roster)
        .where(
            which,
            RosterVersion.in_force_from <= end,
            sa.or_(RosterVersion.in_force_until.is_(None), RosterVersion.in_force_until > start),
        )
        .order_by(RosterVersion.roster, RosterVersion.in_force_from)
    )
    return (await session.scalars(query)).all()


async def _overrides(session: AsyncSession, codes: set[str], since: datetime) -> Sequence[RosterOverride]:
    if not codes:
        return ()
    query = sa.select(RosterOverride).where(RosterOverride.roster.in_(codes), RosterOverride.ends_at > since)
    return (await session.scalars(query)).all()


# -- the working calendar of the time ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Book:
    calendar: WorkingCalendar
    since: datetime | None = None
    until: datetime | None = None


async def _calendar_at(work: UnitOfWork, session: AsyncSession, at: datetime) -> _Book:
    """Of the pack that was in force then: a holiday entered later does not change who was on duty before.

    The time before any pack is answered by the one that is in force.
    """
    current = await work.packs.in_force(session)
    applied = await session.scalar(sa.select(SPINE.pack.c.applied_at).where(SPINE.pack.c.version == current.version))
    if applied is None or at >= applied:
        return _Book(calendar_of(current))
    then = await _pack_applied(session, SPINE.event.c.at <= at, SPINE.event.c.sequence.desc())
    if then is None:
        return _Book(calendar_of(current))
    following = await _pack_applied(session, SPINE.event.c.at > at, SPINE.event.c.sequence.asc())
    calendar = calendar_of(then[1])
    if calendar == calendar_of(current):
        return _Book(calendar)
    return _Book(calendar, then[0], None if following is None else following[0])


async def _pack_applied(
    session: AsyncSession, when: sa.ColumnElement[bool], order: sa.UnaryExpression[int]
) -> tuple[datetime, CentrePack] | None:
    event = SPINE.event
    query = sa.select(event.c.at, event.c.envelope).where(event.c.chain == PACK_CHAIN, when).order_by(order).limit(1)
    row = (await session.execute(query)).first()
    return None if row is None else (row.at, CentrePack.model_validate(row.envelope["data"]["pack"]))
