"""What a summoned unit answers, each for itself."""

from datetime import datetime

from services.dispatch.model import RollCall
from services.dispatch.operations.rows import lock_summons
from shared.contracts.base import Done
from shared.contracts.dispatch import AcknowledgeSummons, SendSubstitute, TellCannotCome, TellOnTheWay
from shared.infra.unit_of_work import UnitOfWork


async def acknowledge_summons(work: UnitOfWork, command: AcknowledgeSummons, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        roll = RollCall(*await lock_summons(tx, command.summons_id))
        tx.record(*roll.acknowledge(by=command.actor, now=now))
        return tx.answers(Done(at=now))


async def tell_on_the_way(work: UnitOfWork, command: TellOnTheWay, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        roll = RollCall(*await lock_summons(tx, command.summons_id))
        tx.record(*roll.tell_on_the_way(command.arrives_in_minutes, by=command.actor, now=now))
        return tx.answers(Done(at=now))


async def send_substitute(work: UnitOfWork, command: SendSubstitute, /, *, now: datetime) -> Done:
    """By the pack frozen at the approval: a post it does not know is nobody's the room could wait for."""
    async with work.begin(command) as tx:
        roll = RollCall(*await lock_summons(tx, command.summons_id))
        frozen = roll.summons.pack_version
        in_force = work.packs.in_force(tx.session) if frozen is None else work.packs.version(tx.session, frozen)
        told = roll.send_substitute(
            command.substitute, command.arrives_in_minutes, await in_force, by=command.actor, now=now
        )
        tx.record(*told)
        return tx.answers(Done(at=now))


async def tell_cannot_come(work: UnitOfWork, command: TellCannotCome, /, *, now: datetime) -> Done:
    """The reason stays with the summons; the unit is awaited on."""
    async with work.begin(command) as tx:
        roll = RollCall(*await lock_summons(tx, command.summons_id))
        tx.record(*roll.tell_cannot_come(command.reason, by=command.actor, now=now))
        return tx.answers(Done(at=now))
