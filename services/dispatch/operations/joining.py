"""并案与拆案, as intake tells of them: the work of a joined case is taken back, a split one is routed."""

from datetime import datetime

from services.dispatch.model import joining
from services.dispatch.operations.mode_rows import known_switches
from services.dispatch.operations.moments import moment_of, moment_with
from services.dispatch.operations.rows import keep, lock_case_if_here, open_file
from services.dispatch.policy.cases import route_case
from shared.centre.standing import mode_at
from shared.contracts.base import Envelope
from shared.contracts.intake import CaseJoined, CaseSplit
from shared.infra.unit_of_work import UnitOfWork


async def take_back_joined_case(work: UnitOfWork, event: CaseJoined, envelope: Envelope, *, now: datetime) -> None:
    """A case that was joined before it was accepted never was here."""
    async with work.begin(envelope) as tx:
        case = await lock_case_if_here(tx, event.case_id)
        if case is not None and case.closed_at is None:
            file = await open_file(tx, case)
            await keep(tx, joining.join(file, event, await moment_of(work, tx, case, now=now)))


async def route_split_case(work: UnitOfWork, event: CaseSplit, envelope: Envelope, *, now: datetime) -> None:
    """Places it by its own category and place, by the pack it began with, as at the instant of the split."""
    async with work.begin(envelope) as tx:
        case = await lock_case_if_here(tx, event.case_id)
        pack = await work.packs.version(tx.session, event.pack_version)
        decision = route_case(
            pack,
            category=event.category,
            place=event.place,
            source=event.source.value,
            level=event.level,
            flags=event.flags,
            mode=mode_at(await known_switches(tx), event.split_at),
            at=event.split_at,
        )
        units = () if decision.unit is None else (decision.unit, *decision.supporters)
        moment = await moment_with(tx, pack, sends_to=units, now=now)
        file = None if case is None else await open_file(tx, case)
        await keep(tx, joining.split(file, event, decision, moment)[1])
