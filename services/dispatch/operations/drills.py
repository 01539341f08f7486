"""演练: a marked test summons of no case. Approved, answered and ended like any other."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from services.dispatch.errors.summonses import UnitBusyForDrill
from services.dispatch.model import CalledUnit, Summons
from services.dispatch.operations.summonses import started
from services.dispatch.policy.picking import require_named_once
from services.dispatch.policy.summoning import OPEN_SUMMONSES
from shared.contracts.dispatch import AskDrill, SummonsStarted
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork

ASKING_LOCK = 0x6472_696C_6C  # any number nobody else locks by


async def ask_drill(work: UnitOfWork, command: AskDrill, /, *, now: datetime) -> SummonsStarted:
    async with work.begin(command) as tx:
        pack = await work.packs.in_force(tx.session)
        require_named_once(pack, command.units)
        await _require_free(tx, command.units)
        summons, units, asked = Summons.ask_drill(command, summons_id=new_id(), now=now)
        tx.add(summons)
        tx.session.add_all(units)
        tx.record(asked)
        return tx.answers(started(summons))


async def _require_free(tx: Transaction, units: Sequence[str]) -> None:
    """Whoever is really called is left in peace, and nobody is drilled twice at once. One asker at a time."""
    await tx.session.execute(sa.select(sa.func.pg_advisory_xact_lock(ASKING_LOCK)))
    query = (
        sa.select(CalledUnit.unit)
        .join(Summons, Summons.summons_id == CalledUnit.summons_id)
        .where(Summons.state.in_(OPEN_SUMMONSES), CalledUnit.unit.in_(units))
        .order_by(CalledUnit.unit)
    )
    busy = await tx.session.scalar(query.limit(1))
    if busy is not None:
        raise UnitBusyForDrill(
            f"{busy} is named by a summons or drill that is under way; drill it afterwards", field="units", unit=busy
        )
