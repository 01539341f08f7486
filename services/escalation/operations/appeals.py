"""Appeals against an overdue clock: made by the unit, proposed on, decided. The clock itself is never touched."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.escalation.errors.appeals import AppealedAlready, ClockDidNotFire
from services.escalation.model import Appeal, Clock, Referral
from services.escalation.operations.case_clocks import open_case
from services.escalation.policy.accountability import working_days_after
from services.escalation.policy.supervising import reads_words
from shared.contracts.escalation import AppealView, DecideAppeal, MakeAppeal, ProposeOnAppeal
from shared.errors import not_found
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork


async def make_appeal(work: UnitOfWork, command: MakeAppeal, /, *, now: datetime) -> AppealView:
    async with work.begin(command) as tx:
        known = await tx.get(Clock, command.clock)
        if known is None:
            raise not_found("clock", command.clock, field="clock")
        Appeal.require_own(known, command.actor)
        case = await open_case(tx, known.case_id, known.case_code)
        clock = case.clock(command.clock)
        before = await tx.session.scalar(sa.select(Appeal.appeal_id).where(Appeal.clock == clock.key))
        if before is not None:
            raise AppealedAlready(f"appeal {before} is against this clock", field="clock", appeal_id=str(before))
        if clock.fired_at is None:
            raise ClockDidNotFire("this clock was not overdue", field="clock", clock=clock.key)
        pack, _ = await work.packs.with_days_known(tx.session, clock.pack_version)
        until = working_days_after(pack, clock.fired_at, pack.accountability.appeal_days)
        appeal = Appeal.make(new_id(), clock, command, until=until, now=now)
        tx.add(appeal)
        tx.record(appeal.made())
        return tx.answers(appeal.view(with_words=True))


async def propose_on_appeal(work: UnitOfWork, command: ProposeOnAppeal, /, *, now: datetime) -> AppealView:
    async with work.begin(command) as tx:
        appeal = await _lock(tx, command.appeal_id)
        advice = "support" if command.support else "oppose"
        tx.record(appeal.propose(advice, command.words, by=command.actor, now=now))
        return tx.answers(appeal.view(with_words=reads_words(command.actor, appeal.unit)))


async def decide_appeal(work: UnitOfWork, command: DecideAppeal, /, *, now: datetime) -> AppealView:
    """Granted, a referral that stands on the clock and waits for its decision has no ground any more."""
    async with work.begin(command) as tx:
        appeal = await _lock(tx, command.appeal_id)
        if command.grant:
            tx.record(appeal.grant(command.words, by=command.actor, now=now))
            stands_on_it = sa.select(Referral).where(Referral.clock == appeal.clock, Referral.state == "proposed")
            for referral in await tx.session.scalars(stands_on_it.with_for_update()):
                tx.record(referral.drop(appeal.appeal_id, now))
        else:
            tx.record(appeal.refuse(command.words, by=command.actor, now=now))
        return tx.answers(appeal.view(with_words=reads_words(command.actor, appeal.unit)))


async def _lock(tx: Transaction, appeal_id: UUID) -> Appeal:
    known = await tx.get(Appeal, appeal_id)
    if known is None:
        raise not_found("appeal", appeal_id, field="appeal_id")
    await open_case(tx, known.case_id, known.case_code)
    return await tx.lock(Appeal, appeal_id, field="appeal_id")
