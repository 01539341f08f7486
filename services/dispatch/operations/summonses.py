"""中心吹哨: asked by the duty director, decided by another, called off where no longer needed."""

import secrets
from datetime import datetime

from services.dispatch.model import RoutedCase, Summons
from services.dispatch.model.work_order import Graded
from services.dispatch.operations.free_for_drill import require_free
from services.dispatch.operations.rows import lock_case, lock_summons, units_under_way
from services.dispatch.policy.cases import known_unit
from services.dispatch.policy.picking import pick_units, planned_units, require_named_once
from services.dispatch.policy.summoning import DRILL_LEVEL, ROOM_CODES
from shared.centre.pack import CentrePack
from shared.contracts.base import Done
from shared.contracts.dispatch import (
    ApproveSummons,
    AskSummons,
    RefuseSummons,
    StandDownSummons,
    SummonsStarted,
)
from shared.errors import not_found
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork


async def ask_summons(work: UnitOfWork, command: AskSummons, /, *, now: datetime) -> SummonsStarted:
    """Units by name, or those the response plans name for the case's matter and level, or both: one act."""
    async with work.begin(command) as tx:
        case = await lock_case(tx, command.case_code)
        case.require_open()
        pack = await work.packs.in_force(tx.session)
        require_named_once(pack, command.units)
        graded = case.graded()
        planned = planned_units(pack, graded["category"], graded["level"]) if command.by_plan else ()
        under_way = await units_under_way(tx, case)
        picks = pick_units(command.units, planned, under_way=under_way, by_plan=command.by_plan)
        summons, units, asked = Summons.ask(command, case.case_id, case.case_code, picks, summons_id=new_id(), now=now)
        tx.add(summons)
        tx.session.add_all(units)
        tx.record(asked)
        return tx.answers(started(summons))


async def approve_summons(work: UnitOfWork, command: ApproveSummons, /, *, now: datetime) -> SummonsStarted:
    """The commander's word calls every unit in this very transaction: from here their 20 minutes run."""
    async with work.begin(command) as tx:
        summons, units = await lock_summons(tx, command.summons_id)
        pack = await work.packs.in_force(tx.session)
        graded = await _graded(tx, summons, pack)
        events = summons.approve(
            units, graded, by=command.actor, pack_version=pack.version, room_code=_room_code(), now=now
        )
        for unit in units:
            known_unit(pack, unit.unit, field="summons_id")
        if summons.drill:
            named = [unit.unit for unit in units]
            await require_free(tx, named, besides=summons.summons_id, field="summons_id")
        tx.record(*events)
        return tx.answers(started(summons))


async def refuse_summons(work: UnitOfWork, command: RefuseSummons, /, *, now: datetime) -> SummonsStarted:
    async with work.begin(command) as tx:
        summons, _ = await lock_summons(tx, command.summons_id)
        tx.record(summons.refuse(command.reason, by=command.actor, now=now))
        return tx.answers(started(summons))


async def stand_down_summons(work: UnitOfWork, command: StandDownSummons, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        summons, units = await lock_summons(tx, command.summons_id)
        tx.record(summons.stand_down(units, by=command.actor.staff, reason=command.reason, now=now))
        return tx.answers(Done(at=now))


def started(summons: Summons) -> SummonsStarted:
    return SummonsStarted(summons_id=summons.summons_id, state=summons.state)


async def _graded(tx: Transaction, summons: Summons, pack: CentrePack) -> Graded:
    """What the ladder is looked up by; a drill has no matter, and the level every case has that nobody raised."""
    if summons.case_id is None:
        return {"category": None, "place": None, "level": DRILL_LEVEL, "pack_version": pack.version}
    case = await tx.get(RoutedCase, summons.case_id)
    if case is None:
        raise not_found("case", summons.case_code, field="summons_id")
    return case.graded()


def _room_code() -> str:
    return f"{secrets.randbelow(ROOM_CODES):06d}"
