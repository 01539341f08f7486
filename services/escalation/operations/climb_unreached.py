"""A notice reached nobody: the ladder goes on at once instead of waiting for its next time."""

from datetime import datetime

from services.escalation.operations.case_clocks import open_case
from services.escalation.policy.agenda import Told
from shared.contracts.base import Envelope
from shared.contracts.notification import NoticeUnreached
from shared.infra.unit_of_work import UnitOfWork


async def climb_unreached(work: UnitOfWork, event: NoticeUnreached, envelope: Envelope, *, now: datetime) -> None:
    """Notices that no clock of a case issued (a gap in a roster, a decision) have no ladder to go on with."""
    if event.case_id is None or event.case_code is None or event.clock is None or event.step is None:
        return
    async with work.begin(envelope) as tx:
        case = await open_case(tx, event.case_id, event.case_code)
        told = Told(post=event.post, unit=event.unit)
        tx.record(*case.reach_nobody(event.clock, told, step=event.step, now=now))
