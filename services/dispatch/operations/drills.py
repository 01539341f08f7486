"""演练: a marked test summons of no case. Approved, answered and ended like any other."""

from datetime import datetime

import sqlalchemy as sa

from services.dispatch.model import Summons
from services.dispatch.operations.free_for_drill import require_free
from services.dispatch.operations.summonses import started
from services.dispatch.policy.picking import require_named_once
from shared.contracts.dispatch import AskDrill, SummonsStarted
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork

ASKING_LOCK = 0x6472_696C_6C  # any number nobody else locks by


async def ask_drill(work: UnitOfWork, command: AskDrill, /, *, now: datetime) -> SummonsStarted:
    async with work.begin(command) as tx:
        pack = await work.packs.in_force(tx.session)
        require_named_once(pack, command.units)
        await _one_asker_at_a_time(tx)
        await require_free(tx, command.units, field="units")
        summons, units, asked = Summons.ask_drill(command, summons_id=new_id(), now=now)
        tx.add(summons)
        tx.session.add_all(units)
        tx.record(asked)
        return tx.answers(started(summons))


async def _one_asker_at_a_time(tx: Transaction) -> None:
    """Of two who drill a unit at the same moment the later one sees what the earlier asked for."""
    await tx.session.execute(sa.select(sa.func.pg_advisory_xact_lock(ASKING_LOCK)))
