"""A ladder called for more than a notice: the order is issued, or the referral proposed, once."""

from datetime import datetime
from uuid import UUID

from services.escalation.model import CaseClocks, SupervisionOrder
from services.escalation.operations.case_clocks import open_case
from services.escalation.operations.propose_referral import is_exempted, propose
from services.escalation.operations.supervision import issue, orders_of, raise_to
from services.escalation.policy.accountability import SUPERVISION, cause_of
from services.escalation.policy.supervising import weighs_less
from shared.contracts.actors import system
from shared.contracts.base import Envelope
from shared.contracts.escalation import Evidence, LadderCalled, SupervisionLevel
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork


async def answer_ladder_call(work: UnitOfWork, event: LadderCalled, envelope: Envelope, *, now: datetime) -> None:
    async with work.begin(envelope) as tx:
        case = await open_case(tx, event.case_id, event.case_code)
        if event.action == "refer":
            await _refer(tx, case, event, envelope, now=now)
        elif event.level is not None:
            await _supervise(work, tx, case, event, event.level, now=now)


async def _supervise(
    work: UnitOfWork, tx: Transaction, case: CaseClocks, event: LadderCalled, level: SupervisionLevel, *, now: datetime
) -> None:
    """Not where it was done meanwhile, and not below a level the clock's order has reached already.

    An order nobody has answered is raised. One that is answered waits for a person to judge it: beside it goes another.
    """
    if case.file.owes_nothing("supervision") is not None or not case.clock(event.clock).open:
        return
    earlier = [one for one in await orders_of(tx, case) if one.clock == event.clock]
    if any(not weighs_less(one.of_level, level) for one in earlier):
        return
    by = system(work.service)
    order = SupervisionOrder.of(
        new_id(), case.file, unit=event.owes, level=level, by=by, reason=None, now=now, clock=event.clock
    )
    unanswered = next((one for one in earlier if one.state == "open"), None)
    if unanswered is None:
        await issue(work, tx, case, order, now=now)
    else:
        await raise_to(work, tx, case, unanswered, order, [], by=by, words=None, now=now)


async def _refer(tx: Transaction, case: CaseClocks, event: LadderCalled, envelope: Envelope, *, now: datetime) -> None:
    if await is_exempted(tx, event.clock):
        return
    cause = cause_of(event.stage)
    evidence = [Evidence(kind="clock", ref=event.clock), Evidence(kind="event", ref=str(envelope.id))]
    ground = f"{cause}:{event.clock}"
    if event.stage == SUPERVISION:
        order_id = UUID(event.clock.split(":")[1])
        evidence.append(Evidence(kind="supervision_order", ref=str(order_id)))
        ground = f"{cause}:{order_id}"
    await propose(tx, case, unit=event.owes, cause=cause, ground=ground, evidence=evidence, now=now)
