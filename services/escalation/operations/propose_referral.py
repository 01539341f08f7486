"""A threshold of the pack was crossed: a referral is proposed, once for each ground. Nobody is referred by that."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from services.escalation.model import Appeal, CaseClocks, Referral
from services.escalation.operations.case_clocks import open_case
from services.escalation.policy.accountability import reopened_often
from services.escalation.policy.obligations import arrival_key
from shared.contracts.base import Envelope
from shared.contracts.dispatch import SummonsUnitNotArrived, WorkOrderReopened
from shared.contracts.escalation import Evidence, ReferralCause
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork


async def propose(
    tx: Transaction,
    case: CaseClocks,
    *,
    unit: str,
    cause: ReferralCause,
    ground: str,
    evidence: Iterable[Evidence],
    now: datetime,
) -> None:
    """Who has the case's lock is alone with its referrals."""
    known = await tx.session.scalar(sa.select(Referral.referral_id).where(Referral.ground == ground))
    if known is not None:
        return
    referral = Referral.of(new_id(), case.file, unit=unit, cause=cause, ground=ground, evidence=evidence, now=now)
    tx.add(referral)
    tx.record(referral.proposed())


async def is_exempted(tx: Transaction, clock: str) -> bool:
    """An exempted clock is no ground for anything."""
    granted = sa.select(Appeal.appeal_id).where(Appeal.clock == clock, Appeal.state == "granted")
    return await tx.session.scalar(granted) is not None


async def refer_absence(work: UnitOfWork, event: SummonsUnitNotArrived, envelope: Envelope, *, now: datetime) -> None:
    """Called, and neither it nor a substitute had come when its time was up. One that ended before is no ground."""
    async with work.begin(envelope) as tx:
        case = await open_case(tx, event.case_id, event.case_code)
        key = arrival_key(event.summons_id, event.unit)
        if not case.known(key):
            return
        clock = case.clock(key)
        pack = await work.packs.version(tx.session, clock.pack_version)
        if clock.drill or clock.fired_at is None or not pack.accountability.absent or await is_exempted(tx, key):
            return
        evidence = (
            Evidence(kind="clock", ref=key),
            Evidence(kind="summons", ref=str(event.summons_id)),
            Evidence(kind="event", ref=str(envelope.id)),
        )
        absent, ground = ReferralCause.ABSENT, f"absent:{event.summons_id}:{event.unit}"
        await propose(tx, case, unit=event.unit, cause=absent, ground=ground, evidence=evidence, now=now)


async def refer_reopening(work: UnitOfWork, event: WorkOrderReopened, envelope: Envelope, *, now: datetime) -> None:
    async with work.begin(envelope) as tx:
        case = await open_case(tx, event.case_id, event.case_code)
        pack = await work.packs.version(tx.session, event.pack_version)
        if not reopened_often(pack, event.round):
            return
        evidence = (
            Evidence(kind="work_order", ref=str(event.work_order_id)),
            Evidence(kind="event", ref=str(envelope.id)),
        )
        often, ground = ReferralCause.REOPENED, f"reopened:{event.work_order_id}"
        await propose(tx, case, unit=event.unit, cause=often, ground=ground, evidence=evidence, now=now)
