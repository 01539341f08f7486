"""What may be read of duty: rosters and swaps, who answers at an instant and why, and what is amiss."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.model import DutyRoster, RosterSwap
from services.dispatch.model.mode_period import mode_then
from services.dispatch.policy.cases import known_unit
from services.dispatch.policy.duty import KIND_WORDS, require_in_reach, unit_of_post
from services.dispatch.policy.modes import versions_in_mode
from services.dispatch.policy.views import reads_words
from services.dispatch.queries.duty_feed import as_calendar
from services.dispatch.queries.duty_records import plain, versions_between
from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor
from shared.contracts.dispatch import (
    CheckRosters,
    DutyFeed,
    ListRosters,
    ReadDutyFeed,
    Responsible,
    RosterFindings,
    Rosters,
    WhoIsResponsible,
)
from shared.duty import OnDuty, RosterKind, Version, gaps, overloads, shifts_on_record, who_on_record
from shared.infra.unit_of_work import UnitOfWork

SWAPS_LISTED_MAX = 200
SWAPS_TOLD_FOR = timedelta(days=30)


async def who_is_responsible(work: UnitOfWork, request: WhoIsResponsible, /, *, now: datetime) -> Responsible:
    """Of a unit its liaison (or its presence in the hall), else a rota of the centre."""
    require_in_reach(request.at or now, now=now)
    at = (request.at or now).astimezone(UTC)
    kind: RosterKind = "liaison" if request.unit is not None and request.kind != "presence" else request.kind
    async with work.read() as session:
        pack = await work.packs.in_force(session)
        if request.unit is not None:
            known_unit(pack, request.unit, field="unit")
        versions = await _told(work, session, request.actor, _which(kind, request.unit), at, at)
        mode = await session.scalar(mode_then(at)) or "normal"
        versions = versions_in_mode(pack, mode, versions)
    if kind == "liaison" and request.unit is not None and not versions:
        return _liaison_post(pack, request.unit, at)
    on_duty = who_on_record(versions, at)
    if kind == "presence" and request.unit is not None:
        on_duty = tuple(each for each in on_duty if each.unit == request.unit)
    return Responsible(at=at, on_duty=on_duty, why=_why(kind, versions, on_duty))


def _liaison_post(pack: CentrePack, unit: str, at: datetime) -> Responsible:
    """A unit without a liaison roster has its one liaison post, as the pack says."""
    found = known_unit(pack, unit, field="unit")
    why = f"没有排班，按规则包由联络员岗位负责（{found.liaison.title}）"
    liaison = OnDuty(
        staff=found.liaison.code, unit=unit, shift="primary", roster=f"pack:{unit}", since=at, until=None, why=why
    )
    return Responsible(at=at, on_duty=(liaison,), why=why)


def _why(kind: RosterKind, versions: list[Version], on_duty: tuple[OnDuty, ...]) -> str:
    word = KIND_WORDS[kind]
    if on_duty:
        return "；".join(f"{each.staff}：{each.why}" for each in on_duty)
    if not versions:
        return f"该时点没有{word}排班在案"
    names = "、".join(f"“{each.roster.title}”" for each in versions)
    return f"{names}在该时点无人值班（{word}）"


async def list_rosters(work: UnitOfWork, request: ListRosters, /, *, now: datetime) -> Rosters:
    """As they stand, with every override that ever held; swaps of the last days, newest first."""
    which = _narrowed(request.kind, request.unit)
    swaps = (
        sa.select(RosterSwap)
        .join(DutyRoster, DutyRoster.code == RosterSwap.roster)
        .where(which, RosterSwap.ends_at > now - SWAPS_TOLD_FOR)
        .order_by(RosterSwap.asked_at.desc(), RosterSwap.swap_id.desc())
        .limit(SWAPS_LISTED_MAX)
    )
    async with work.read() as session:
        versions = await _told(work, session, request.actor, which, now, now)
        found = (await session.scalars(swaps)).all()
    rosters = tuple(version.roster for version in versions if version.holds_at(now))
    return Rosters(rosters=rosters, swaps=tuple(swap.view(now) for swap in found))


async def check_rosters(work: UnitOfWork, request: CheckRosters, /, *, now: datetime) -> RosterFindings:
    until = now + timedelta(days=request.days)
    async with work.read() as session:
        versions = await _told(work, session, request.actor, sa.true(), now, now)
    current = [version for version in versions if version.holds_at(now)]
    return RosterFindings(
        gaps=tuple(gap for each in current for gap in gaps(each.roster, each.calendar, now, until)),
        overloads=tuple(load for each in current for load in overloads(each.roster, each.calendar, now, until)),
        until=until,
    )


async def read_duty_feed(work: UnitOfWork, request: ReadDutyFeed, /, *, now: datetime) -> DutyFeed:
    async with work.read() as session:
        pack = await work.packs.in_force(session)
        unit_of_post(pack, request.post, field="post")
        zone = ZoneInfo(pack.timezone)
        first = request.first or now.astimezone(zone).date()
        start = datetime.combine(first, time(), zone).astimezone(UTC)
        require_in_reach(start, now=now)
        end = start + timedelta(days=request.days)
        versions = await _told(work, session, request.actor, sa.true(), start, end)
    rosters = {version.roster.code: version.roster for version in versions}
    shifts = shifts_on_record(versions, request.post, start, end)
    told = [(rosters[shift.roster], shift) for shift in shifts]
    return DutyFeed(calendar=as_calendar(request.post, told, end=end, now=now))


async def _told(
    work: UnitOfWork,
    session: AsyncSession,
    actor: Actor,
    which: sa.ColumnElement[bool],
    start: datetime,
    end: datetime,
) -> list[Version]:
    versions = await versions_between(work, session, which, start, end)
    return versions if reads_words(actor) else plain(versions)


def _which(kind: RosterKind, unit: str | None) -> sa.ColumnElement[bool]:
    """A presence roster may be one for the whole hall: it is asked whoever the unit is."""
    if unit is None or kind == "presence":
        return DutyRoster.kind == kind
    return sa.and_(DutyRoster.kind == kind, DutyRoster.unit == unit)


def _narrowed(kind: RosterKind | None, unit: str | None) -> sa.ColumnElement[bool]:
    narrowed: list[sa.ColumnElement[bool]] = [sa.true()]
    if kind is not None:
        narrowed.append(DutyRoster.kind == kind)
    if unit is not None:
        narrowed.append(DutyRoster.unit == unit)
    return sa.and_(*narrowed)
