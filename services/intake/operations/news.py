"""What other services tell of a case."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.intake.model import Case
from services.intake.operations import joining
from shared.contracts.base import Envelope
from shared.contracts.dispatch import WorkOrderDispatched, WorkOrderReportedBack, WorkOrderReturned, WorkOrderSignedOff
from shared.contracts.escalation import VerificationOutcome, VerificationRecorded
from shared.infra.unit_of_work import UnitOfWork


async def lock_cases(work: UnitOfWork, envelopes: Sequence[Envelope]) -> None:
    """Locks for a batch of events what each of them will lock."""
    cases = {UUID(envelope.data["case_id"]) for envelope in envelopes if envelope.data.get("case_id")}
    async with work.begin() as tx:
        await tx.lock_all(Case, cases)


async def note_verification(
    work: UnitOfWork, event: VerificationRecorded, envelope: Envelope, *, now: datetime
) -> None:
    """The grid verified in the field: where it is solved, the first receiver's follow-up begins."""
    async with work.begin(envelope) as tx:
        case = await tx.lock(Case, event.case_id)
        case.note_handler(event.verified_by)
        if event.outcome is VerificationOutcome.SOLVED and case.verified():
            await joining.solved(tx, case, now=now)


async def note_report(work: UnitOfWork, event: WorkOrderReportedBack, envelope: Envelope, *, now: datetime) -> None:
    """Who handled the case, as lead or supporter: that post does not ask the requester about it."""
    async with work.begin(envelope) as tx:
        (await tx.lock(Case, event.case_id)).note_handler(event.reported_by)


async def note_handling_unit(
    work: UnitOfWork, event: WorkOrderDispatched, envelope: Envelope, *, now: datetime
) -> None:
    """The lead unit has the case in hand, and so may read what its requester said; a supporting one may not."""
    if event.role != "lead":
        return
    async with work.begin(envelope) as tx:
        case = await tx.lock(Case, event.case_id)
        if case.joined_to is None:  # else what was on its way is taken back: the work is done on the leading case
            case.unit = event.unit


async def note_sign_off(work: UnitOfWork, event: WorkOrderSignedOff, envelope: Envelope, *, now: datetime) -> None:
    """A unit is at work on it: from now on the case is not joined to another one."""
    async with work.begin(envelope) as tx:
        case = await tx.lock(Case, event.case_id)
        case.taken_on = case.joined_to is None
        if envelope.actor is not None:
            case.note_handler(envelope.actor.partition(":")[2])


async def forget_handling_unit(
    work: UnitOfWork, event: WorkOrderReturned, envelope: Envelope, *, now: datetime
) -> None:
    """A supporting unit's return leaves the case with its lead."""
    if event.role != "lead":
        return
    async with work.begin(envelope) as tx:
        case = await tx.lock(Case, event.case_id)
        case.unit = None
        case.taken_on = False
