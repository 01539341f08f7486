"""What may be read of referrals: the office sees what was referred to it, a unit its own, the centre all."""

from datetime import datetime

import sqlalchemy as sa

from services.escalation.model import Appeal, Referral
from services.escalation.policy.supervising import reads_referral_words, sees_own_only
from shared.contracts.actors import Role
from shared.contracts.escalation import ListReferrals, Referrals
from shared.infra.unit_of_work import UnitOfWork

_UNDER_WAY = ("proposed", "referred", "answered")
_OF_THE_OFFICE = ("referred", "answered", "closed")


async def list_referrals(work: UnitOfWork, request: ListReferrals, /, *, now: datetime) -> Referrals:
    pending = sa.and_(Appeal.clock == Referral.clock, Appeal.state.in_(("made", "proposed")))
    query = (
        sa.select(Referral, Appeal.appeal_id)
        .outerjoin(Appeal, pending)
        .where(*_wanted(request))
        .order_by(Referral.proposed_at, Referral.referral_id)
        .limit(request.limit)
    )
    async with work.read() as session:
        rows = (await session.execute(query)).all()
    return Referrals(
        referrals=tuple(
            one.view(pending=appeal_id, with_words=reads_referral_words(request.actor, one.unit))
            for one, appeal_id in rows
        )
    )


def _wanted(request: ListReferrals) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if request.only_open:
        wanted.append(Referral.state.in_(_UNDER_WAY))
    if request.case_code is not None:
        wanted.append(Referral.case_code == request.case_code)
    if request.referral_id is not None:
        wanted.append(Referral.referral_id == request.referral_id)
    if request.actor.role == Role.OVERSIGHT_OFFICE:
        wanted.append(Referral.state.in_(_OF_THE_OFFICE))
    if sees_own_only(request.actor):
        wanted.append(Referral.unit == (request.actor.unit or ""))
    return wanted
