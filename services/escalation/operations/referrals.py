"""Referrals: decided by a person, answered by the oversight office, closed."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.escalation.model import Appeal, Referral
from services.escalation.operations.case_clocks import open_case
from services.escalation.policy.supervising import reads_referral_words
from shared.contracts.escalation import AnswerReferral, CloseReferral, DecideReferral, ReferralView
from shared.errors import not_found
from shared.infra.unit_of_work import Transaction, UnitOfWork


async def decide_referral(work: UnitOfWork, command: DecideReferral, /, *, now: datetime) -> ReferralView:
    async with work.begin(command) as tx:
        referral = await _lock(tx, command.referral_id)
        pending = await _pending_appeal(tx, referral)
        tx.record(referral.decide(command.reason, refer=command.refer, by=command.actor, pending=pending, now=now))
        return tx.answers(referral.view(pending=None, with_words=reads_referral_words(command.actor, referral.unit)))


async def answer_referral(work: UnitOfWork, command: AnswerReferral, /, *, now: datetime) -> ReferralView:
    async with work.begin(command) as tx:
        referral = await _lock(tx, command.referral_id)
        tx.record(referral.answer(command.result, command.words, by=command.actor, now=now))
        return tx.answers(referral.view(pending=None, with_words=reads_referral_words(command.actor, referral.unit)))


async def close_referral(work: UnitOfWork, command: CloseReferral, /, *, now: datetime) -> ReferralView:
    async with work.begin(command) as tx:
        referral = await _lock(tx, command.referral_id)
        tx.record(referral.close(by=command.actor, now=now))
        return tx.answers(referral.view(pending=None, with_words=reads_referral_words(command.actor, referral.unit)))


async def _lock(tx: Transaction, referral_id: UUID) -> Referral:
    """The case first: an appeal that is made or granted meanwhile takes the same lock."""
    known = await tx.get(Referral, referral_id)
    if known is None:
        raise not_found("referral", referral_id, field="referral_id")
    await open_case(tx, known.case_id, known.case_code)
    return await tx.lock(Referral, referral_id, field="referral_id")


async def _pending_appeal(tx: Transaction, referral: Referral) -> UUID | None:
    if referral.clock is None:
        return None
    waits = Appeal.state.in_(("made", "proposed"))
    return await tx.session.scalar(sa.select(Appeal.appeal_id).where(Appeal.clock == referral.clock, waits))
