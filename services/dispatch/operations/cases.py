"""A case's way through dispatch: placed, sent on by a person, back again, closed."""

from datetime import datetime

from services.dispatch.model import CaseFile, RoutedCase, table_routing, unit_acts
from services.dispatch.operations.mode_rows import known_switches
from services.dispatch.operations.moments import moment_of, moment_with
from services.dispatch.operations.rows import (
    keep,
    last_routing,
    lock_case,
    lock_case_if_here,
    lock_open_summonses,
    open_file,
    units_of,
)
from services.dispatch.policy.cases import WorkOrderState, route_case
from shared.centre.standing import mode_at
from shared.contracts.base import Envelope
from shared.contracts.dispatch import RedispatchCase, ReopenCause, WorkOrderSent
from shared.contracts.escalation import GoesTo, VerificationOutcome, VerificationRecorded
from shared.contracts.intake import CaseAccepted, CaseClosed, CaseReopened, HandlingMode
from shared.infra.unit_of_work import Transaction, UnitOfWork


async def route_accepted_case(work: UnitOfWork, event: CaseAccepted, envelope: Envelope, *, now: datetime) -> None:
    """Places the case by the pack it began with and sends its work orders; else it waits in triage.

    A case that the window handles itself never comes here.
    """
    if event.handling_mode is not HandlingMode.FORWARD:
        return
    async with work.begin(envelope) as tx:
        pack = await work.packs.version(tx.session, event.pack_version)
        decision = route_case(
            pack,
            category=event.category,
            place=event.place,
            source=event.source.value,
            level=event.level,
            flags=event.flags,
            at=event.accepted_at,
            mode=mode_at(await known_switches(tx), event.accepted_at),
        )
        units = () if decision.unit is None else (decision.unit, *decision.supporters)
        _, changes = table_routing.accept(event, decision, await moment_with(tx, pack, sends_to=units, now=now))
        tx.session.add_all(changes.rows)
        tx.record(*changes.events)


async def redispatch_case(work: UnitOfWork, command: RedispatchCase, /, *, now: datetime) -> WorkOrderSent:
    """A person sends on what was returned, or what no rule could place."""
    async with work.begin(command) as tx:
        case = await lock_case(tx, command.case_code)
        file = await open_file(tx, case)
        moment = await moment_of(work, tx, case, sends_to=(command.unit, *command.supporters), now=now)
        await keep(tx, file.send_on(command, moment))
        return tx.answers(lead_sent(file))


async def reopen_for_requester(work: UnitOfWork, event: CaseReopened, envelope: Envelope, *, now: datetime) -> None:
    """重办: the requester was dissatisfied for a reason on the unit's side. The window's own cases are not here."""
    async with work.begin(envelope) as tx:
        case = await lock_case_if_here(tx, event.case_id)
        if case is not None:
            await _reopen_reported(work, tx, case, ReopenCause.DISSATISFIED, now=now)


async def reopen_unverified(
    work: UnitOfWork, event: VerificationRecorded, envelope: Envelope, *, now: datetime
) -> None:
    """重办: the grid did not find it solved. Old news (another round or work order, a closed case) changes nothing.

    A place that was not found goes to the dispatcher first: the unit is not sent back to what nobody looked at.
    """
    if (event.goes_to or _went_to(event.outcome)) != "unit":
        return
    async with work.begin(envelope) as tx:
        case = await tx.lock(RoutedCase, event.case_id)
        if case.current_work_order_id == event.work_order_id:
            await _reopen_reported(work, tx, case, ReopenCause.NOT_VERIFIED, round_=event.round, now=now)


def _went_to(outcome: VerificationOutcome) -> GoesTo:
    """Where an event of old, which does not say it itself, meant to go."""
    return "first_receiver" if outcome is VerificationOutcome.SOLVED else "unit"


async def _reopen_reported(
    work: UnitOfWork,
    tx: Transaction,
    case: RoutedCase,
    cause: ReopenCause,
    *,
    now: datetime,
    round_: int | None = None,
) -> None:
    """The lead unit's matter: its supporters have done theirs, and where it needs them again a person adds them.

    Where the unit has the work order in hand, or the case is with the triage desk, it is open already.
    """
    file = await open_file(tx, case)
    order = file.lead
    if case.closed_at is not None or order is None or order.state != WorkOrderState.REPORTED_BACK:
        return
    if round_ is None or order.round == round_:
        tx.record(order.reopen(cause, case.graded(), now=now))
        last, dismissed = await last_routing(tx, case)
        if last is not None:
            moment = await moment_of(work, tx, case, now=now)
            await keep(tx, table_routing.propose_again(file, last, dismissed, moment))


async def close_case(work: UnitOfWork, event: CaseClosed, envelope: Envelope, *, now: datetime) -> None:
    """The loop is closed. What is still under way on the case ends with it, on record."""
    async with work.begin(envelope) as tx:
        case = await lock_case_if_here(tx, event.case_id)
        if case is None:
            return
        file = await open_file(tx, case)
        tx.record(*unit_acts.close(file, at=event.closed_at))
        for summons in await lock_open_summonses(tx, case):
            units = await units_of(tx, summons)
            tx.record(summons.stand_down(units, by=f"system:{work.service}", reason=None, now=now))


def lead_sent(file: CaseFile) -> WorkOrderSent:
    """The work order of the unit that answers now."""
    lead = file.lead
    if lead is None:
        raise LookupError(f"case {file.case.case_code} has no lead work order")
    return WorkOrderSent(work_order_id=lead.work_order_id, unit=lead.unit, dispatched_at=lead.dispatched_at)
