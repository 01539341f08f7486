"""What a unit does with its work order: sign off, return, report back."""

from datetime import datetime
from typing import cast

from services.dispatch.operations.rows import lock_order
from services.dispatch.policy.cases import return_due
from shared.contracts.base import Done, Level
from shared.contracts.dispatch import ReportBack, ReturnWorkOrder, SignOffWorkOrder
from shared.infra.unit_of_work import UnitOfWork


async def sign_off_work_order(work: UnitOfWork, command: SignOffWorkOrder, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        _, order = await lock_order(tx, command.work_order_id)
        tx.record(order.sign_off(by=command.actor, now=now))
        return tx.answers(Done(at=now))


async def return_work_order(work: UnitOfWork, command: ReturnWorkOrder, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        case, order = await lock_order(tx, command.work_order_id)
        pack = await work.packs.version(tx.session, case.pack_version)
        due = return_due(pack, case.category, cast("Level", case.level), order.dispatched_at)
        tx.record(case.take_back(order, command, pack, until=due.at, now=now))
        return tx.answers(Done(at=now))


async def report_back(work: UnitOfWork, command: ReportBack, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        case, order = await lock_order(tx, command.work_order_id)
        report, reported = order.report_back(command, case.graded(), now=now)
        tx.add(report)
        tx.record(reported)
        return tx.answers(Done(at=now))
