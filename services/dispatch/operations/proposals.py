"""Category, place, level or flags put right after acceptance: a new route waits for a person."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from services.dispatch.model import CaseFile, RoutedCase, RouteProposal, table_routing
from services.dispatch.operations.moments import moment_of
from services.dispatch.operations.rows import keep, lock_case_if_here, open_file
from shared.contracts.base import Done, Envelope
from shared.contracts.dispatch import DecideProposal
from shared.contracts.intake import CaseCorrected
from shared.errors import not_found
from shared.infra.unit_of_work import Transaction, UnitOfWork


async def route_corrected_case(work: UnitOfWork, event: CaseCorrected, envelope: Envelope, *, now: datetime) -> None:
    """Asks the table again, by the pack the case began with. The window's own cases, and those not yet accepted, are
    not here: they come with what was put right, if they come.
    """
    async with work.begin(envelope) as tx:
        case = await lock_case_if_here(tx, event.case_id)
        if case is not None:
            file = await open_file(tx, case)
            await keep(tx, table_routing.correct(file, event, await moment_of(work, tx, case, now=now)))


async def decide_proposal(work: UnitOfWork, command: DecideProposal, /, *, now: datetime) -> Done:
    async with work.begin(command) as tx:
        file = await _file_of(tx, command.proposal_id)
        proposal = file.proposal
        units = () if proposal is None else (proposal.unit, *proposal.supporters)
        moment = await moment_of(work, tx, file.case, sends_to=units, now=now)
        await keep(tx, table_routing.decide_proposal(file, command, moment))
        return tx.answers(Done(at=now))


async def _file_of(tx: Transaction, proposal_id: UUID) -> CaseFile:
    query = sa.select(RouteProposal.case_id).where(RouteProposal.proposal_id == proposal_id)
    case_id = await tx.session.scalar(query)
    if case_id is None:
        raise not_found("proposed route", proposal_id, field="proposal_id")
    return await open_file(tx, await tx.lock(RoutedCase, case_id))
