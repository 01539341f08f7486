"""A case that came back too often was raised to the duty director, who looks at it and takes it up."""

from datetime import datetime

from services.escalation.errors.raised import NothingRaised
from services.escalation.model import CaseClocks
from services.escalation.operations.cases_by_code import case_of_code
from services.escalation.policy.obligations import RAISED, Which
from shared.contracts.base import Done, Event
from shared.contracts.escalation import TakeUpRaised
from shared.infra.unit_of_work import UnitOfWork


async def take_up_raised(work: UnitOfWork, command: TakeUpRaised, /, *, now: datetime) -> Done:
    """Meets what is owed on it. What the director then does - a ruling, a summons - has acts of its own."""
    async with work.begin(command) as tx:
        case = await case_of_code(tx, command.case_code)
        met = meet_raised(case, now=now)
        if not met:
            raise NothingRaised("nobody waits for the duty director on this case", field="case_code")
        tx.record(*met)
        return tx.answers(Done(at=now))


def meet_raised(case: CaseClocks, *, now: datetime) -> tuple[Event, ...]:
    """A supervision order takes it up, too."""
    case.file.hear_taken_up()
    raised = [clock for clock in case.open(Which(stage="dispatch")) if clock.key.startswith(RAISED)]
    return tuple(event for clock in raised for event in case.meet(Which(key=clock.key), now, now=now))
