"""What a unit does with its work order: sign off, speak with the requester, return."""

from datetime import datetime

from services.dispatch.model import unit_acts
from services.dispatch.operations.moments import moment_of
from services.dispatch.operations.rows import lock_order, open_file
from shared.contracts.base import Done
from shared.contracts.dispatch import ContactRequester, ReturnWorkOrder, SignOffWorkOrder
from shared.infra.unit_of_work import UnitOfWork


async def sign_off_work_order(work: UnitOfWork, command: SignOffWorkOrder, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        _, order = await lock_order(tx, command.work_order_id)
        tx.record(order.sign_off(by=command.actor, now=now))
        return tx.answers(Done(at=now))


async def contact_requester(work: UnitOfWork, command: ContactRequester, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        _, order = await lock_order(tx, command.work_order_id)
        tx.record(order.contact_requester(command, now=now))
        return tx.answers(Done(at=now))


async def return_work_order(work: UnitOfWork, command: ReturnWorkOrder, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        case, order = await lock_order(tx, command.work_order_id)
        file, moment = await open_file(tx, case), await moment_of(work, tx, case, now=now)
        tx.record(unit_acts.take_back(file, order, command, moment))
        return tx.answers(Done(at=now))
