"""演练: what a drill measured."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from services.dispatch.errors.summonses import NotADrill
from services.dispatch.model import CalledUnit, Summons
from services.dispatch.policy.summoning import DRILL_LEVEL
from shared.calendar import due_at
from shared.centre.pack import CentrePack
from shared.centre.working_time import calendar_of, duration_of
from shared.contracts.dispatch import DrillResult, DrillUnit, ReadDrill, UnitSummonsState
from shared.errors import not_found
from shared.infra.unit_of_work import UnitOfWork

Due = Callable[[datetime], datetime]


async def read_drill(work: UnitOfWork, request: ReadDrill, /, *, now: datetime) -> DrillResult:
    """By the arrival limit of the pack that was in force when the drill was approved."""
    async with work.read() as session:
        summons = await session.get(Summons, request.summons_id)
        if summons is None:
            raise not_found("drill", request.summons_id, field="summons_id")
        if not summons.drill:
            raise NotADrill("this is a summons, not a drill", field="summons_id")
        query = sa.select(CalledUnit).where(CalledUnit.summons_id == summons.summons_id).order_by(CalledUnit.position)
        called = (await session.scalars(query)).all()
        version = summons.pack_version
        pack = await (work.packs.in_force(session) if version is None else work.packs.version(session, version))
    units = tuple(_unit(unit, _arrival_due(pack)) for unit in called)
    return DrillResult(
        summons_id=summons.summons_id,
        state=summons.state,
        units=units,
        answered=sum(unit.answered_after_s is not None for unit in units),
        would_have_come=sum(unit.would_have_come for unit in units),
    )


def _unit(unit: CalledUnit, due: Due) -> DrillUnit:
    return DrillUnit(
        unit=unit.unit,
        notified_after_s=_seconds(unit.called_at, unit.notified_at),
        answered_after_s=_seconds(unit.called_at, unit.answered_at),
        would_have_come=_would_have_come(unit, due),
    )


def _would_have_come(unit: CalledUnit, due: Due) -> bool:
    """Its last word is that it comes, and it said so in time."""
    if unit.called_at is None or unit.coming_since is None or unit.now_is is UnitSummonsState.CANNOT_COME:
        return False
    return unit.coming_since <= due(unit.called_at)


def _arrival_due(pack: CentrePack) -> Due:
    limit = duration_of(pack.limit_for("arrival", None, DRILL_LEVEL))
    return lambda called_at: due_at(calendar_of(pack), called_at, limit).at


def _seconds(since: datetime | None, at: datetime | None) -> float | None:
    return None if since is None or at is None else (at - since).total_seconds()
