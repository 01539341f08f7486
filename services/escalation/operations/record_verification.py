"""A grid worker says what was found in the field."""

from datetime import datetime
from typing import cast

from services.escalation.model import Verification
from services.escalation.operations.case_clocks import arm, open_case
from services.escalation.policy.obligations import Grounds, Obligation, Which, follow_up_key, verify_key
from shared.contracts.base import Done, Level
from shared.contracts.escalation import RecordVerification, VerificationOutcome
from shared.errors import not_found
from shared.infra.unit_of_work import UnitOfWork


async def record_verification(work: UnitOfWork, command: RecordVerification, /, *, now: datetime) -> Done:
    """核查: where it is solved the first receiver's follow-up begins; where not, dispatch sends it back to the unit."""
    async with work.begin(command) as tx:
        known = await tx.get(Verification, command.verification_id)
        if known is None:
            raise not_found("verification", command.verification_id, field="verification_id")
        # The case before the task, as events do: two locks in one order cannot deadlock.
        case = await open_case(tx, known.case_id, known.case_code)
        task = await tx.lock(Verification, command.verification_id, field="verification_id")
        pack = await work.packs.version(tx.session, task.pack_version)
        tx.record(task.record(command.outcome, command.note, by=command.actor, pack=pack, now=now))
        tx.record(*case.meet(Which(key=verify_key(task.verification_id)), now, now=now))
        if command.outcome is VerificationOutcome.SOLVED:
            facts = case.facts()
            grounds = Grounds(task.pack_version, task.category, cast("Level", task.level))
            key = follow_up_key(task.case_id, facts.follow_ups + 1)
            follow_up = Obligation(key, "follow_up", facts.first_receiver, now, grounds)
            tx.record(*await arm(tx, work.packs, case, follow_up, now=now))
            case.file.hear_solved(now, grounds)
        return tx.answers(Done(at=now))
