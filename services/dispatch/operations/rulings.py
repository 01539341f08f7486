"""指定承办: the duty director's word on who answers."""

from datetime import datetime

from services.dispatch.operations.cases import lead_sent
from services.dispatch.operations.moments import moment_of
from services.dispatch.operations.rows import keep, lock_case, open_file
from shared.contracts.dispatch import CaseDesignated, Designated, DesignateUnit
from shared.infra.unit_of_work import UnitOfWork


async def designate_unit(work: UnitOfWork, command: DesignateUnit, /, *, now: datetime) -> Designated:
    """Binding and on record: the unit gets the case, from triage or from the unit that is at work on it."""
    async with work.begin(command) as tx:
        case = await lock_case(tx, command.case_code)
        file = await open_file(tx, case)
        moment = await moment_of(work, tx, case, sends_to=(command.unit, *command.supporters), now=now)
        changes = file.designate(command, moment)
        await keep(tx, changes)
        ruled = next(event for event in changes.events if isinstance(event, CaseDesignated))
        sent = lead_sent(file)
        return tx.answers(
            Designated(ruling_id=ruled.ruling_id, work_order_id=sent.work_order_id, unit=sent.unit, designated_at=now)
        )
