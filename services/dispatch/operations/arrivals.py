"""部门报到: who was let into the command room, and who is recorded as not arrived."""

from datetime import datetime

from services.dispatch.model import RollCall
from services.dispatch.operations.rows import lock_summons
from shared.contracts.base import Done, Envelope
from shared.contracts.dispatch import CheckInArrival, CheckInByCode
from shared.contracts.escalation import ArrivalGivenUp
from shared.errors import Refused
from shared.infra.unit_of_work import UnitOfWork


async def check_in_arrival(work: UnitOfWork, command: CheckInArrival, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        roll = RollCall(*await lock_summons(tx, command.summons_id))
        tx.record(*roll.check_in(command.unit, by=command.actor, now=now))
        return tx.answers(Done(at=now))


async def check_in_by_code(work: UnitOfWork, command: CheckInByCode, /, *, now: datetime) -> Done:
    """Two transactions: a refusal undoes its own, and a wrong code has to stay counted.

    The second one looks at the code again: there may have been none to try it against, and one since.
    """
    wrong = await _try_code(work, command)
    if wrong is not None:
        raise wrong
    async with work.begin(command) as tx:
        roll = RollCall(*await lock_summons(tx, command.summons_id))
        wrong = roll.try_code(command.room_code, by=command.actor)
        if wrong is not None:
            raise wrong
        tx.record(*roll.check_in_own(by=command.actor, now=now))
        return tx.answers(Done(at=now))


async def give_up_arrival(work: UnitOfWork, event: ArrivalGivenUp, envelope: Envelope, *, now: datetime) -> None:
    """The last step of a unit's ladder was climbed: it is recorded as not arrived, unless it came meanwhile."""
    async with work.begin(envelope) as tx:
        roll = RollCall(*await lock_summons(tx, event.summons_id))
        tx.record(*roll.give_up(event.unit, at=event.given_up_at))


async def _try_code(work: UnitOfWork, command: CheckInByCode) -> Refused | None:
    """Under the lock of the summons: of many guesses at once each sees the count of the one before."""
    async with work.begin() as tx:
        roll = RollCall(*await lock_summons(tx, command.summons_id))
        return roll.try_code(command.room_code, by=command.actor)
