"""平战转换: a switch is noted at once; the sweep then looks at every open clock, whose terms it may change.

The sweep works from rows alone: a clock that has not looked at the last switch yet is looked at, however it came to be
armed, and whatever stopped in between. What is owed from the switch on is armed by its mode in the first place.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.escalation.model import CaseClocks, Clock, ClockGrounds, ModeSwitch
from services.escalation.operations.case_clocks import opened_cases
from services.escalation.operations.known_switches import known_switches
from services.escalation.policy.terms import standing_of, terms_of
from shared.centre.standing import Switch
from shared.contracts.base import Envelope
from shared.contracts.dispatch import ModeSwitched
from shared.contracts.escalation import ClockEvent
from shared.infra.arrays import among
from shared.infra.unit_of_work import Transaction, UnitOfWork

CASES_AT_ONCE = 200
ROUNDS_MAX = 10_000


async def keep_switch(work: UnitOfWork, event: ModeSwitched, envelope: Envelope, *, now: datetime) -> None:
    async with work.begin(envelope) as tx:
        row = {"number": event.number, "mode": event.mode, "switched_at": event.switched_at}
        await tx.session.execute(insert(ModeSwitch).values(row).on_conflict_do_nothing())


async def look_at_switches(work: UnitOfWork) -> None:
    """Until every open clock has looked at the last switch: so many cases at once, a transaction each."""
    after = UUID(int=0)
    for _ in range(ROUNDS_MAX):
        async with work.begin() as tx:
            switches = await known_switches(tx)
            cases = await _behind(tx, switches, after=after) if switches else {}
            if not cases:
                return
            after = max(cases)
            await _look(work, tx, cases, switches)


async def _behind(tx: Transaction, switches: Sequence[Switch], *, after: UUID) -> dict[UUID, str]:
    """The next cases with an open clock that has not looked at the last switch."""
    query = (
        sa.select(Clock.case_id, Clock.case_code)
        .join(ClockGrounds, ClockGrounds.key == Clock.key)
        .where(Clock.ended_at.is_(None), ClockGrounds.looked_at < switches[-1].number, Clock.case_id > after)
        .distinct()
        .order_by(Clock.case_id)
        .limit(CASES_AT_ONCE)
    )
    return {case_id: code for case_id, code in await tx.session.execute(query)}  # noqa: C416 - rows are no pairs


async def _look(work: UnitOfWork, tx: Transaction, cases: dict[UUID, str], switches: Sequence[Switch]) -> None:
    last = switches[-1].number
    opened = await opened_cases(tx, cases)
    keys = [clock.key for case in opened for clock in case.all_open()]
    query = sa.select(ClockGrounds).where(among(ClockGrounds.key, keys), ClockGrounds.looked_at < last)
    found = await tx.session.scalars(query.with_for_update().execution_options(populate_existing=True))
    grounds = {one.key: one for one in found}
    now = work.clock.now()
    for case in opened:
        for clock in case.all_open():
            if clock.key in grounds:
                tx.record(*await _retime(work, tx, case, clock, grounds[clock.key], switches, now=now))


async def _retime(
    work: UnitOfWork,
    tx: Transaction,
    case: CaseClocks,
    clock: Clock,
    grounds: ClockGrounds,
    switches: Sequence[Switch],
    *,
    now: datetime,
) -> tuple[ClockEvent, ...]:
    """The clock ends, on record, and another with the terms of the mode keeps the promise, counted from its start.

    What is overdue stays as it is.
    """
    last = switches[-1].number
    grounds.looked_at = last
    if clock.fired_at is not None:
        return ()
    pack, days_known = await work.packs.with_days_known(tx.session, clock.pack_version)
    stands = standing_of(pack, grounds.obligation(clock), switches)
    if grounds.fits(stands):
        return ()
    began = [each.number for each in switches if each.at <= clock.started_at]
    switched = stands.switched or max(began, default=last)
    again = grounds.obligation(clock, switched=switched)
    at = max(clock.started_at, next(each.at for each in switches if each.number == switched))
    terms = terms_of(pack, again, case.facts(), stands)
    told = case.retime(clock, again, terms, at=at, restored=stands.restored, now=now, days_known=days_known)
    tx.add(case.clock(again.key))
    tx.add(ClockGrounds.of(again, stands, looked_at=last, base_key=grounds.base_key))
    return told
