"""What may be read of summonses: who was called, who answered, who came."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from services.dispatch.model import CalledUnit, Summons
from services.dispatch.policy.summoning import OPEN_SUMMONSES
from shared.contracts.actors import CENTRE_ROLES
from shared.contracts.dispatch import (
    ListSummonses,
    SummonedUnit,
    Summonses,
    SummonsGround,
    SummonsView,
    UnitSummonsState,
)
from shared.infra.unit_of_work import UnitOfWork


async def list_summonses(work: UnitOfWork, request: ListSummonses, /, *, now: datetime) -> Summonses:
    """Newest first: asked for or running, or all of them."""
    query = sa.select(Summons).order_by(Summons.asked_at.desc(), Summons.summons_id.desc()).limit(request.limit)
    if request.only_running:
        query = query.where(Summons.state.in_(OPEN_SUMMONSES))
    async with work.read() as session:
        found = (await session.scalars(query)).all()
        ids = [summons.summons_id for summons in found]
        units = sa.select(CalledUnit).where(CalledUnit.summons_id.in_(ids)).order_by(CalledUnit.position)
        called = (await session.scalars(units)).all()
    with_words = request.actor.role in CENTRE_ROLES
    return Summonses(summonses=tuple(_summons(each, called, with_words=with_words) for each in found))


def _summons(summons: Summons, called: Sequence[CalledUnit], *, with_words: bool) -> SummonsView:
    return SummonsView(
        summons_id=summons.summons_id,
        case_code=summons.case_code,
        state=summons.state,
        ground=SummonsGround(summons.ground),
        asked_by=summons.asked_by,
        approved_by=None if summons.pack_version is None else summons.decided_by,
        units=tuple(_unit(unit) for unit in called if unit.summons_id == summons.summons_id),
        asked_at=summons.asked_at,
        reason=summons.reason if with_words else None,
    )


def _unit(unit: CalledUnit) -> SummonedUnit:
    return SummonedUnit(
        unit=unit.unit,
        state=UnitSummonsState(unit.state),
        called_at=unit.called_at,
        acknowledged_at=unit.acknowledged_at,
        arrived_at=unit.arrived_at,
    )
