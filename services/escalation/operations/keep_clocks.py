"""An event happened: the clocks it arms are armed, those it ends are ended."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar, assert_never
from uuid import UUID

from services.escalation.model import CaseClocks, Verification
from services.escalation.operations.case_clocks import arm, open_case
from services.escalation.policy.obligations import (
    Acknowledge,
    Arm,
    AskVerification,
    Cancel,
    CaseFacts,
    Close,
    Describe,
    Effect,
    Effects,
    Join,
    Meet,
    NoteHandler,
    Obligation,
    Reopen,
    Split,
    TellCannotCome,
    TellOnTheWay,
    Which,
    base_of,
    grid_of,
    verify_key,
)
from shared.contracts.base import CaseEvent, Envelope, Event
from shared.infra.event_record import new_id
from shared.infra.inbox import Operation
from shared.infra.unit_of_work import Transaction, UnitOfWork

E = TypeVar("E", bound=CaseEvent)


def keeping(effects_of: Callable[[E, CaseFacts], Effects]) -> Operation[E]:
    """The operation that does what the table of clocks says of one kind of event."""

    async def keep_clocks(work: UnitOfWork, event: E, envelope: Envelope, *, now: datetime) -> None:
        async with work.begin(envelope) as tx:
            case = await open_case(tx, event.case_id, event.case_code)
            for effect in effects_of(event, case.facts()):
                tx.record(*await _carry_out(work, tx, case, effect, envelope, now))
            case.file.hear(event)

    return keep_clocks


async def _carry_out(
    work: UnitOfWork, tx: Transaction, case: CaseClocks, effect: Effect, envelope: Envelope, now: datetime
) -> tuple[Event, ...]:
    match effect:
        case Arm(obligation):
            return await arm(tx, work.packs, case, obligation, now=now)
        case Meet(which, at):
            return case.meet(which, at, now=now)
        case Cancel(which, at, reason):
            await _drop_verifications(tx, case, which)
            return case.cancel(which, at, reason, now=now)
        case Close(at, reason):
            await _drop_verifications(tx, case, Which())
            return case.close(at, reason, now=now)
        case Join(at, splits):
            if case.file.split_since(splits):
                return ()
            await _drop_verifications(tx, case, Which())
            return case.join(at, now=now)
        case Split(splits):
            case.file.split(splits)
        case AskVerification():
            return await ask_verification(work, tx, case, effect, now)
        case NoteHandler(unit, staff):
            case.file.note_handler(unit, staff, envelope.actor)
        case TellCannotCome(key, at):
            return case.tell_cannot_come(key, at, now=now)
        case TellOnTheWay(key, at, expected_at):
            case.tell_on_the_way(key, at, expected_at)
        case Acknowledge(key, at):
            case.acknowledge(key, at)
        case Describe():
            case.file.describe(effect)
        case Reopen():
            case.file.reopen()
        case _:
            assert_never(effect)
    return ()


async def ask_verification(
    work: UnitOfWork, tx: Transaction, case: CaseClocks, ask: AskVerification, now: datetime
) -> tuple[Event, ...]:
    """A task for the grid, with its clock."""
    task = Verification.of(new_id(), case.file.case_id, case.file.case_code, ask)
    tx.add(task)
    # The place stands in `owes`: the grid side owes this, so no unit does.
    obligation = Obligation(
        verify_key(task.verification_id),
        "verify",
        grid_of(ask.place),
        ask.at,
        ask.grounds,
        work_order_id=ask.work_order_id,
    )
    told = await arm(tx, work.packs, case, obligation, now=now)
    if case.file.owes_nothing("verify"):
        task.cancel()
        return told
    return (task.assigned(), *told)


async def _drop_verifications(tx: Transaction, case: CaseClocks, which: Which) -> None:
    """Tasks whose clock is about to be cancelled."""
    for clock in case.open(which):
        if clock.stage == "verify":
            task = await tx.lock(Verification, UUID(base_of(clock.key)[0].removeprefix("verify:")))
            task.cancel()
