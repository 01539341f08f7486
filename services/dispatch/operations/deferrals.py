"""More time for a work order: asked by its unit, decided by another, ended when its time is here."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.dispatch.model import Deferral, MoreTime
from services.dispatch.operations.mode_rows import switches_since
from services.dispatch.operations.rows import lock_order
from services.dispatch.operations.sent_terms import terms_sent
from shared.contracts.base import Done
from shared.contracts.dispatch import (
    AskExtension,
    AskSuspension,
    DecideDeferral,
    ResumeWorkOrder,
)
from shared.contracts.dispatch import Deferral as DeferralView
from shared.errors import not_found
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork

CLAIM_MAX = 100
ROUNDS_MAX = 1_000


async def ask_extension(work: UnitOfWork, command: AskExtension, /, *, now: datetime) -> DeferralView:
    async with work.begin(command) as tx:
        time = await _lock_time(work, tx, command.work_order_id)
        deferral, asked = time.ask_extension(command, new_id(), now=now)
        await _add(tx, deferral)
        tx.record(asked)
        return tx.answers(deferral.view(time.order, now, with_words=True))


async def ask_suspension(work: UnitOfWork, command: AskSuspension, /, *, now: datetime) -> DeferralView:
    async with work.begin(command) as tx:
        time = await _lock_time(work, tx, command.work_order_id)
        deferral, asked = time.ask_suspension(command, new_id(), now=now)
        await _add(tx, deferral)
        tx.record(asked)
        return tx.answers(deferral.view(time.order, now, with_words=True))


async def decide_deferral(work: UnitOfWork, command: DecideDeferral, /, *, now: datetime) -> DeferralView:
    async with work.begin(command) as tx:
        query = sa.select(Deferral.work_order_id).where(Deferral.deferral_id == command.deferral_id)
        order_id = await tx.session.scalar(query)
        if order_id is None:
            raise not_found("deferral", command.deferral_id, field="deferral_id")
        time = await _lock_time(work, tx, order_id)
        deferral = await tx.lock(Deferral, command.deferral_id)
        decide = time.approve if command.approve else time.refuse
        tx.record(decide(deferral, by=command.actor, reason=command.reason, now=now))
        return tx.answers(deferral.view(time.order, now, with_words=True))


async def resume_work_order(work: UnitOfWork, command: ResumeWorkOrder, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        time = await _lock_time(work, tx, command.work_order_id)
        tx.record(time.resume(by=command.actor, reason=command.reason, now=now))
        return tx.answers(Done(at=now))


async def end_suspensions(work: UnitOfWork) -> datetime | None:
    """Every suspension whose time is here ends, once, however many copies look. Returns when the next one does."""
    for _ in range(ROUNDS_MAX):
        now = work.clock.now()
        due = sa.select(Deferral.deferral_id, Deferral.work_order_id).where(_RUNNING, Deferral.until <= now)
        async with work.read() as session:
            found = (await session.execute(due.order_by(Deferral.until).limit(CLAIM_MAX))).all()
        for deferral_id, order_id in found:
            await _end_suspension(work, deferral_id, order_id, now=now)
        if len(found) < CLAIM_MAX:
            break
    async with work.read() as session:
        return await session.scalar(sa.select(sa.func.min(Deferral.until)).where(_RUNNING))


async def _end_suspension(work: UnitOfWork, deferral_id: UUID, order_id: UUID, *, now: datetime) -> None:
    """The lock of the case first: another copy that was quicker has ended it by then, and nothing is left to do."""
    async with work.begin() as tx:
        time = await _lock_time(work, tx, order_id)
        deferral = await tx.lock(Deferral, deferral_id)
        ended = time.end(deferral, by=f"system:{work.service}", now=now)
        if ended is not None:
            tx.record(ended)


_RUNNING = sa.and_(Deferral.kind == "suspension", Deferral.state == "approved")


# -- rows --------------------------------------------------------------------------------------------------------------


async def _lock_time(work: UnitOfWork, tx: Transaction, work_order_id: UUID) -> MoreTime:
    case, order = await lock_order(tx, work_order_id)
    sent = (await terms_sent(work, tx, [order]))[order.work_order_id]
    pack, _ = await work.packs.with_days_known(tx.session, sent.pack_version)
    switches = await switches_since(tx.session, sent.started_at)
    query = sa.select(Deferral).where(Deferral.work_order_id == order.work_order_id).order_by(Deferral.asked_at)
    deferrals = await tx.session.scalars(query.execution_options(populate_existing=True))
    return MoreTime(order, sent, pack, deferrals, switches, first_receiver=case.first_receiver or case.owner)


async def _add(tx: Transaction, deferral: Deferral) -> None:
    """After what lapsed before it: only one undecided request fits into the table."""
    await tx.session.flush()
    tx.add(deferral)
