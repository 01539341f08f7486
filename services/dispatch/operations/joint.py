"""联办: supporting units added, released, replaced, insisted on."""

from datetime import datetime

from services.dispatch.model import Changes, joint
from services.dispatch.operations.moments import moment_of
from services.dispatch.operations.rows import keep, lock_case, lock_order, open_file
from shared.contracts.base import Done
from shared.contracts.dispatch import (
    AddSupporter,
    InsistOnSupporter,
    ReleaseSupporter,
    ReplaceSupporter,
    WorkOrderDispatched,
    WorkOrderSent,
)
from shared.infra.unit_of_work import UnitOfWork


async def add_supporter(work: UnitOfWork, command: AddSupporter, /, *, now: datetime) -> WorkOrderSent:
    async with work.begin(command) as tx:
        case = await lock_case(tx, command.case_code)
        file = await open_file(tx, case)
        moment = await moment_of(work, tx, case, sends_to=(command.unit,), now=now)
        changes = joint.add_supporter(file, command, moment)
        await keep(tx, changes)
        return tx.answers(_sent(changes))


async def release_supporter(work: UnitOfWork, command: ReleaseSupporter, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        _, order = await lock_order(tx, command.work_order_id)
        tx.record(joint.release_supporter(order, command, now=now))
        return tx.answers(Done(at=now))


async def replace_supporter(work: UnitOfWork, command: ReplaceSupporter, /, *, now: datetime) -> WorkOrderSent:
    async with work.begin(command) as tx:
        case, order = await lock_order(tx, command.work_order_id)
        file = await open_file(tx, case)
        moment = await moment_of(work, tx, case, sends_to=(command.unit,), now=now)
        changes = joint.replace_supporter(file, order, command, moment)
        await keep(tx, changes)
        return tx.answers(_sent(changes))


async def insist_on_supporter(work: UnitOfWork, command: InsistOnSupporter, /, *, now: datetime) -> WorkOrderSent:
    async with work.begin(command) as tx:
        case, order = await lock_order(tx, command.work_order_id)
        file = await open_file(tx, case)
        moment = await moment_of(work, tx, case, sends_to=(order.unit,), now=now)
        changes = joint.insist_on_supporter(file, order, command, moment)
        await keep(tx, changes)
        return tx.answers(_sent(changes))


def _sent(changes: Changes) -> WorkOrderSent:
    told = next(event for event in changes.events if isinstance(event, WorkOrderDispatched))
    return WorkOrderSent(work_order_id=told.work_order_id, unit=told.unit, dispatched_at=told.dispatched_at)
