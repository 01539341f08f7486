"""Whoever is really called is left in peace, and nobody is drilled twice at once."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from services.dispatch.errors.summonses import UnitBusyForDrill
from services.dispatch.model import CalledUnit, Summons
from services.dispatch.policy.summoning import OPEN_SUMMONSES
from shared.infra.arrays import among
from shared.infra.unit_of_work import Transaction


async def require_free(tx: Transaction, units: Sequence[str], *, besides: UUID | None = None, field: str) -> None:
    """Refused with `unit_busy_for_drill` where a summons or drill under way names one of them, `besides` left aside."""
    query = (
        sa.select(CalledUnit.unit)
        .join(Summons, Summons.summons_id == CalledUnit.summons_id)
        .where(Summons.state.in_(OPEN_SUMMONSES), among(CalledUnit.unit, units))
        .order_by(CalledUnit.unit)
    )
    if besides is not None:
        query = query.where(Summons.summons_id != besides)
    busy = await tx.session.scalar(query.limit(1))
    if busy is not None:
        raise UnitBusyForDrill(
            f"{busy} is named by a summons or drill that is under way; drill it afterwards", field=field, unit=busy
        )
