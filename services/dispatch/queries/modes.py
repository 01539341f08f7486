"""What may be read of the centre's mode: now, at any instant, and its whole history."""

from datetime import UTC, datetime

import sqlalchemy as sa

from services.dispatch.model import ModePeriod, Surge
from services.dispatch.model.mode_book import view_of
from services.dispatch.policy.views import reads_words
from shared.contracts.dispatch import ListModePeriods, ModePeriods, ModeView, ReadMode
from shared.infra.unit_of_work import UnitOfWork

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)  # the first period, of every centre
FAR_AHEAD = datetime.max.replace(tzinfo=UTC)
_WITH_SURGE = sa.select(ModePeriod, Surge).outerjoin(Surge, Surge.surge_id == ModePeriod.surge_id)


async def read_mode(work: UnitOfWork, request: ReadMode, /, *, now: datetime) -> ModeView:
    """Every instant has a mode: before anybody switched it was normal, and what is to come is answered by what is."""
    at = max(request.at or FAR_AHEAD, BEGINNING)
    then = _WITH_SURGE if at > now else _WITH_SURGE.where(ModePeriod.began_at <= at)
    async with work.read() as session:
        row = (await session.execute(then.order_by(ModePeriod.number.desc()).limit(1))).one()
    return view_of(row[0], row[1], now=now, with_words=reads_words(request.actor))


async def list_mode_periods(work: UnitOfWork, request: ListModePeriods, /, *, now: datetime) -> ModePeriods:
    with_words = reads_words(request.actor)
    over = sa.select(Surge).where(Surge.summarized_at.is_not(None)).order_by(Surge.began_at.desc())
    async with work.read() as session:
        total = await session.scalar(sa.select(sa.func.count()).select_from(ModePeriod))
        rows = (await session.execute(_WITH_SURGE.order_by(ModePeriod.number.desc()).limit(request.limit))).all()
        surges = (await session.scalars(over.limit(request.limit))).all()
    return ModePeriods(
        periods=tuple(view_of(period, surge, now=now, with_words=with_words) for period, surge in rows),
        summaries=tuple(surge.summary() for surge in surges),
        total=total or 0,
    )
