"""A case's way through dispatch: placed, sent on by a person, back again, closed."""

from datetime import datetime

from services.dispatch.model import RoutedCase
from services.dispatch.operations.rows import (
    current_order,
    lock_case,
    lock_case_if_here,
    lock_open_summonses,
    units_of,
    units_that_returned,
)
from services.dispatch.policy.cases import WorkOrderState, route_case
from shared.contracts.base import Envelope
from shared.contracts.dispatch import RedispatchCase, ReopenCause, WorkOrderSent
from shared.contracts.escalation import VerificationOutcome, VerificationRecorded
from shared.contracts.intake import CaseAccepted, CaseClosed, CaseReopened, HandlingMode
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork


async def route_accepted_case(work: UnitOfWork, event: CaseAccepted, envelope: Envelope, *, now: datetime) -> None:
    """Places the case by the pack it began with and sends its one lead work order; else it waits in triage.

    A case that the window handles itself never comes here.
    """
    if event.handling_mode is not HandlingMode.FORWARD:
        return
    async with work.begin(envelope) as tx:
        pack = await work.packs.version(tx.session, event.pack_version)
        decision = route_case(
            pack, category=event.category, place=event.place, source=event.source.value, level=event.level
        )
        case, routed = RoutedCase.accepted(event, decision, desk=pack.triage.unit, now=now)
        tx.record(routed)
        unit = None if decision.by == "triage" or decision.unit is None else pack.unit(decision.unit)
        sent = None if unit is None else case.send(unit, new_id(), now=now)
        tx.add(case)
        if sent is not None:
            order, dispatched = sent
            tx.add(order)
            tx.record(dispatched)


async def redispatch_case(work: UnitOfWork, command: RedispatchCase, /, *, now: datetime) -> WorkOrderSent:
    """A person sends on what was returned, or what no rule could place."""
    async with work.begin(command) as tx:
        case = await lock_case(tx, command.case_code)
        pack = await work.packs.version(tx.session, case.pack_version)
        returned_by = await units_that_returned(tx, case)
        order, routed, dispatched = case.send_on(command, pack, new_id(), returned_by=returned_by, now=now)
        tx.add(order)
        tx.record(routed, dispatched)
        return tx.answers(WorkOrderSent(work_order_id=order.work_order_id, unit=order.unit, dispatched_at=now))


async def reopen_for_requester(work: UnitOfWork, event: CaseReopened, envelope: Envelope, *, now: datetime) -> None:
    """重办: the requester was dissatisfied for a reason on the unit's side. The window's own cases are not here."""
    async with work.begin(envelope) as tx:
        case = await lock_case_if_here(tx, event.case_id)
        if case is not None:
            await _reopen_reported(tx, case, ReopenCause.DISSATISFIED, now=now)


async def reopen_unverified(
    work: UnitOfWork, event: VerificationRecorded, envelope: Envelope, *, now: datetime
) -> None:
    """重办: the grid did not find it solved. Old news (another round or work order, a closed case) changes nothing."""
    if event.outcome is VerificationOutcome.SOLVED:
        return
    async with work.begin(envelope) as tx:
        case = await tx.lock(RoutedCase, event.case_id)
        if case.current_work_order_id == event.work_order_id:
            await _reopen_reported(tx, case, ReopenCause.NOT_VERIFIED, round_=event.round, now=now)


async def _reopen_reported(
    tx: Transaction, case: RoutedCase, cause: ReopenCause, *, now: datetime, round_: int | None = None
) -> None:
    """Where the unit has the work order in hand, or the case is with the triage desk, it is open already."""
    order = await current_order(tx, case)
    if case.closed_at is not None or order is None or order.state != WorkOrderState.REPORTED_BACK:
        return
    if round_ is None or order.round == round_:
        tx.record(order.reopen(cause, case.graded(), now=now))


async def close_case(work: UnitOfWork, event: CaseClosed, envelope: Envelope, *, now: datetime) -> None:
    """The loop is closed. What is still under way on the case ends with it, on record."""
    async with work.begin(envelope) as tx:
        case = await lock_case_if_here(tx, event.case_id)
        if case is None:
            return
        case.close(await current_order(tx, case), now=event.closed_at)
        for summons in await lock_open_summonses(tx, case):
            units = await units_of(tx, summons)
            tx.record(summons.stand_down(units, by=f"system:{work.service}", reason=None, now=now))
