"""Rosters as they stood on record: which version, which overrides and which working calendar held at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.model import SPINE, DutyRoster, RosterOverride, RosterVersion
from services.dispatch.policy.duty import without_words
from shared.calendar import WorkingCalendar
from shared.centre.pack import CentrePack
from shared.centre.working_time import calendar_of
from shared.duty import Roster, Version
from shared.infra.arrays import among
from shared.infra.unit_of_work import UnitOfWork

PACK_CHAIN = "centre_pack"
KEPT_MAX = 512
# A version with the overrides of one revision never changes, nor does a recorded event: each is understood once.
_UNDERSTOOD: dict[tuple[UUID, int], Roster] = {}
_CALENDARS: dict[UUID, WorkingCalendar] = {}
K = TypeVar("K")


async def versions_between(
    work: UnitOfWork, session: AsyncSession, which: sa.ColumnElement[bool], start: datetime, end: datetime
) -> list[Version]:
    """Every version in force at some time from `start` to `end`, with all its overrides and the calendar of `start`."""
    rows = (await session.execute(_versions(which, start, end))).all()
    if not rows:
        return []
    rosters = await _understood(session, [(row.version_id, row.revision) for row in rows])
    book = await _calendar_at(work, session, start, rows[0].applied_at)
    found: list[Version] = []
    for row in rows:
        since = max(row.in_force_from, book.since or row.in_force_from)
        ends = [each for each in (row.in_force_until, book.until) if each is not None]
        found.append(Version(rosters[row.version_id], book.calendar, since, min(ends, default=None)))
    return found


def _versions(
    which: sa.ColumnElement[bool], start: datetime, end: datetime
) -> sa.Select[UUID, datetime, datetime | None, int, Any]:
    """With the time the pack in force was applied, so that one question to the database is enough for most answers."""
    applied_at = sa.select(SPINE.pack.c.applied_at).where(SPINE.pack.c.in_force).scalar_subquery()
    return (
        sa.select(
            RosterVersion.version_id,
            RosterVersion.in_force_from,
            RosterVersion.in_force_until,
            DutyRoster.revision,
            applied_at.label("applied_at"),
        )
        .join(DutyRoster, DutyRoster.code == RosterVersion.roster)
        .where(
            which,
            RosterVersion.in_force_from <= end,
            sa.or_(RosterVersion.in_force_until.is_(None), RosterVersion.in_force_until > start),
        )
        .order_by(RosterVersion.roster, RosterVersion.in_force_from)
    )


def plain(versions: Sequence[Version]) -> list[Version]:
    """Without the reasons that people wrote."""
    return [Version(without_words(each.roster), each.calendar, each.since, each.until) for each in versions]


async def _understood(session: AsyncSession, wanted: Sequence[tuple[UUID, int]]) -> dict[UUID, Roster]:
    found = {key[0]: _UNDERSTOOD[key] for key in wanted if key in _UNDERSTOOD}
    missing = {version_id: revision for version_id, revision in wanted if version_id not in found}
    if not missing:
        return found
    versions = (await session.scalars(sa.select(RosterVersion).where(among(RosterVersion.version_id, missing)))).all()
    codes = {version.roster for version in versions}
    made = (await session.scalars(sa.select(RosterOverride).where(among(RosterOverride.roster, codes)))).all()
    for version in versions:
        key = version.version_id, missing[version.version_id]
        _make_room(_UNDERSTOOD)
        found[version.version_id] = _UNDERSTOOD[key] = version.noun(made)
    return found


def _make_room(kept: dict[K, Any]) -> None:
    while len(kept) >= KEPT_MAX:
        del kept[next(iter(kept))]


# -- the working calendar of the time ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Book:
    calendar: WorkingCalendar
    since: datetime | None = None
    until: datetime | None = None


async def _calendar_at(work: UnitOfWork, session: AsyncSession, at: datetime, applied_at: datetime) -> _Book:
    """Of the pack that was in force then: a holiday entered later does not change who was on duty before.

    The time before any pack is answered by the one that is in force.
    """
    current = await work.packs.in_force(session)
    if at >= applied_at:
        return _Book(calendar_of(current))
    event = SPINE.event.c
    packs = sa.select(event.at, event.event_id).where(event.chain == PACK_CHAIN).limit(1)
    then = (await session.execute(packs.where(event.at <= at).order_by(event.sequence.desc()))).first()
    if then is None:
        return _Book(calendar_of(current))
    calendar = await _calendar_told(session, then.event_id)
    if calendar == calendar_of(current):
        return _Book(calendar)
    following = (await session.execute(packs.where(event.at > at).order_by(event.sequence))).first()
    return _Book(calendar, then.at, None if following is None else following.at)


async def _calendar_told(session: AsyncSession, event_id: UUID) -> WorkingCalendar:
    if event_id not in _CALENDARS:
        query = sa.select(SPINE.event.c.envelope).where(SPINE.event.c.event_id == event_id)
        envelope = (await session.execute(query)).scalar_one()
        _make_room(_CALENDARS)
        _CALENDARS[event_id] = calendar_of(CentrePack.model_validate(envelope["data"]["pack"]))
    return _CALENDARS[event_id]
