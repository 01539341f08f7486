"""What may be read of summonses: who was called, who answered, who came."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.dispatch.model import CalledUnit, Summons
from services.dispatch.policy.summoning import OPEN_SUMMONSES
from services.dispatch.policy.views import own_unit_only, reads_words
from shared.contracts.dispatch import (
    ListSummonses,
    ReadRoomCode,
    RoomCode,
    SummonedUnit,
    Summonses,
    SummonsGround,
    SummonsView,
    UnitSummonsState,
)
from shared.errors import not_found
from shared.infra.arrays import among
from shared.infra.unit_of_work import UnitOfWork


async def list_summonses(work: UnitOfWork, request: ListSummonses, /, *, now: datetime) -> Summonses:
    """Newest first: asked for or running, or all of them. Drills are among them, marked.

    A unit's staff see those that call their unit.
    """
    async with work.read() as session:
        found = (await session.scalars(_wanted(request))).all()
        ids = [summons.summons_id for summons in found]
        units = sa.select(CalledUnit).where(among(CalledUnit.summons_id, ids)).order_by(CalledUnit.position)
        called = defaultdict[UUID, list[CalledUnit]](list)
        for unit in await session.scalars(units):
            called[unit.summons_id].append(unit)
    with_words = reads_words(request.actor)
    return Summonses(summonses=tuple(_summons(each, called[each.summons_id], with_words=with_words) for each in found))


async def read_room_code(work: UnitOfWork, request: ReadRoomCode, /, *, now: datetime) -> RoomCode:
    async with work.read() as session:
        summons = await session.get(Summons, request.summons_id)
    if summons is None:
        raise not_found("summons", request.summons_id, field="summons_id")
    return RoomCode(summons_id=summons.summons_id, room_code=summons.code_on_the_wall())


def _wanted(request: ListSummonses) -> "sa.Select[Summons]":
    query = sa.select(Summons).order_by(Summons.asked_at.desc(), Summons.summons_id.desc()).limit(request.limit)
    if request.only_running:
        query = query.where(Summons.state.in_(OPEN_SUMMONSES))
    if request.case_code is not None:
        query = query.where(Summons.case_code == request.case_code)
    if request.summons_id is not None:
        query = query.where(Summons.summons_id == request.summons_id)
    if own_unit_only(request.actor):
        calls_it = (CalledUnit.summons_id == Summons.summons_id, CalledUnit.unit == request.actor.unit)
        query = query.where(sa.exists().where(*calls_it))
    return query


def _summons(summons: Summons, called: Sequence[CalledUnit], *, with_words: bool) -> SummonsView:
    approved = summons.pack_version is not None
    return SummonsView(
        summons_id=summons.summons_id,
        case_code=summons.case_code,
        drill=summons.drill,
        state=summons.state,
        ground=SummonsGround(summons.ground),
        asked_by=summons.asked_by,
        approved_by=summons.decided_by if approved else None,
        units=tuple(_unit(unit, with_words=with_words) for unit in called),
        asked_at=summons.asked_at,
        approved_at=summons.decided_at if approved else None,
        ended_at=summons.ended_at,
        reason=summons.reason if with_words else None,
    )


def _unit(unit: CalledUnit, *, with_words: bool) -> SummonedUnit:
    return SummonedUnit(
        unit=unit.unit,
        state=UnitSummonsState(unit.state),
        called_at=unit.called_at,
        notified_at=unit.notified_at,
        notified_on=unit.notified_channel,
        acknowledged_at=unit.acknowledged_at,
        expected_at=unit.expected_at,
        substitute=unit.substitute,
        cannot_come_at=unit.cannot_come_at,
        cannot_come_reason=unit.cannot_come_reason if with_words else None,
        arrived_at=unit.arrived_at,
        plan=unit.plan,
        why=unit.why,
    )
