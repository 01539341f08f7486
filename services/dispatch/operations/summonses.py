"""中心吹哨、部门报到: asked, decided by another, answered by each unit for itself, and always ended."""

from datetime import datetime

from services.dispatch.errors.summonses import UnitNamedTwice, UnitSummonedAlready
from services.dispatch.model import RoutedCase, Summons
from services.dispatch.operations.rows import lock_case, lock_summons, units_under_way
from services.dispatch.policy.cases import known_unit
from shared.contracts.base import Done, Envelope
from shared.contracts.dispatch import (
    AcknowledgeSummons,
    ApproveSummons,
    AskSummons,
    CheckInArrival,
    RefuseSummons,
    StandDownSummons,
    SummonsStarted,
)
from shared.contracts.escalation import ArrivalGivenUp
from shared.errors import not_found
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork


async def ask_summons(work: UnitOfWork, command: AskSummons, /, *, now: datetime) -> SummonsStarted:
    async with work.begin(command) as tx:
        case = await lock_case(tx, command.case_code)
        case.require_open()
        pack = await work.packs.in_force(tx.session)
        for unit in command.units:
            known_unit(pack, unit, field="units")
        await _require_free(tx, case, command.units)
        summons, units, asked = Summons.ask(command, case.case_id, case.case_code, summons_id=new_id(), now=now)
        tx.add(summons)
        tx.session.add_all(units)
        tx.record(asked)
        return tx.answers(_started(summons))


async def approve_summons(work: UnitOfWork, command: ApproveSummons, /, *, now: datetime) -> SummonsStarted:
    """The commander's word calls every unit in this very transaction: from here their 20 minutes run."""
    async with work.begin(command) as tx:
        summons, units = await lock_summons(tx, command.summons_id)
        case = await tx.get(RoutedCase, summons.case_id)
        if case is None:
            raise not_found("case", summons.case_code)
        pack = await work.packs.in_force(tx.session)
        events = summons.approve(units, case.graded(), by=command.actor, pack_version=pack.version, now=now)
        for unit in units:
            known_unit(pack, unit.unit, field="summons_id")
        tx.record(*events)
        return tx.answers(_started(summons))


async def refuse_summons(work: UnitOfWork, command: RefuseSummons, /, *, now: datetime) -> SummonsStarted:
    async with work.begin(command) as tx:
        summons, _ = await lock_summons(tx, command.summons_id)
        tx.record(summons.refuse(command.reason, by=command.actor, now=now))
        return tx.answers(_started(summons))


async def acknowledge_summons(work: UnitOfWork, command: AcknowledgeSummons, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        summons, units = await lock_summons(tx, command.summons_id)
        tx.record(summons.acknowledge(units, by=command.actor, now=now))
        return tx.answers(Done(at=now))


async def check_in_arrival(work: UnitOfWork, command: CheckInArrival, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        summons, units = await lock_summons(tx, command.summons_id)
        tx.record(*summons.check_in(units, command.unit, by=command.actor, now=now))
        return tx.answers(Done(at=now))


async def stand_down_summons(work: UnitOfWork, command: StandDownSummons, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        summons, units = await lock_summons(tx, command.summons_id)
        tx.record(summons.stand_down(units, by=command.actor.staff, reason=command.reason, now=now))
        return tx.answers(Done(at=now))


async def give_up_arrival(work: UnitOfWork, event: ArrivalGivenUp, envelope: Envelope, *, now: datetime) -> None:
    """The last step of a unit's ladder was climbed: it is recorded as not arrived, unless it came meanwhile."""
    async with work.begin(envelope) as tx:
        summons, units = await lock_summons(tx, event.summons_id)
        tx.record(*summons.give_up(units, event.unit, at=event.given_up_at))


async def _require_free(tx: Transaction, case: RoutedCase, units: tuple[str, ...]) -> None:
    twice = next((unit for position, unit in enumerate(units) if unit in units[:position]), None)
    if twice is not None:
        raise UnitNamedTwice(f"{twice} is named twice", field="units", unit=twice)
    under_way = await units_under_way(tx, case)
    already = next((unit for unit in units if unit in under_way), None)
    if already is not None:
        raise UnitSummonedAlready(
            f"{already} is named by a summons of this case that is under way", field="units", unit=already
        )


def _started(summons: Summons) -> SummonsStarted:
    return SummonsStarted(summons_id=summons.summons_id, state=summons.state)
