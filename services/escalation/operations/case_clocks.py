"""Opening the clocks of a case: locked together, so that events of different streams about it take turns."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from services.escalation.model import CaseClocks, CaseFile, Clock, ClockGrounds
from services.escalation.operations.known_switches import known_switches
from services.escalation.policy.obligations import Obligation
from services.escalation.policy.terms import follows_mode, standing_of, terms_of
from shared.contracts.base import Envelope
from shared.contracts.escalation import ClockEvent
from shared.infra.arrays import among
from shared.infra.packs import PackShelf
from shared.infra.unit_of_work import Transaction, UnitOfWork


async def open_case(tx: Transaction, case_id: UUID, case_code: str) -> CaseClocks:
    """The case's file and clocks, locked until commit. The file is made where this is the first word of the case."""
    return (await open_cases(tx, {case_id: case_code}))[case_id]


async def open_cases(tx: Transaction, codes: Mapping[UUID, str]) -> Mapping[UUID, CaseClocks]:
    """The same for many cases by their ids. A batch of events shares one transaction: what it opened stays open in it.

    Cases are locked in the order of their ids, so that two batches with cases in common cannot deadlock.
    """
    opened = _opened(tx)
    unopened = sorted(codes.keys() - opened.keys())
    if not unopened:
        return opened
    files = await _lock_files(tx, {case_id: codes[case_id] for case_id in unopened})
    clocks = await _lock_clocks(tx, [file.case_id for file, is_new in files if not is_new])
    for file, _ in files:
        opened[file.case_id] = CaseClocks(file, clocks.get(file.case_id, ()))
    return opened


async def opened_cases(tx: Transaction, codes: Mapping[UUID, str]) -> list[CaseClocks]:
    await open_cases(tx, codes)
    return [_opened(tx)[case_id] for case_id in sorted(codes)]


async def open_cases_of(work: UnitOfWork, envelopes: Sequence[Envelope]) -> None:
    """Fetches for a batch of events what each of them will need."""
    cases = [envelope.data for envelope in envelopes if envelope.data.get("case_id") and envelope.data.get("case_code")]
    async with work.begin() as tx:
        await open_cases(tx, {UUID(case["case_id"]): case["case_code"] for case in cases})


async def arm(
    tx: Transaction, packs: PackShelf, case: CaseClocks, obligation: Obligation, *, now: datetime
) -> tuple[ClockEvent, ...]:
    """Arms the obligation's clock by the pack the case began with, the mode of the time and the days published by now.

    Nothing where it has one already.
    """
    if case.known(obligation.key):
        return ()
    pack, days_known = await packs.with_days_known(tx.session, obligation.grounds.pack_version)
    switches = await known_switches(tx)
    stands = standing_of(pack, obligation, switches)
    terms = terms_of(pack, obligation, case.facts(), stands)
    told = case.arm(obligation, terms, now=now, days_known=days_known)
    tx.add(case.clock(obligation.key))
    if follows_mode(obligation):
        looked_at = switches[-1].number if switches else 0
        tx.add(ClockGrounds.of(obligation, stands, looked_at=looked_at))
    return told


def _opened(tx: Transaction) -> dict[UUID, CaseClocks]:
    """Kept with the session, which lives as long as the transaction does."""
    return tx.session.info.setdefault("escalation.case_clocks", {})


async def _lock_files(tx: Transaction, codes: Mapping[UUID, str]) -> Sequence[tuple[CaseFile, bool]]:
    # Two arrays instead of a row of parameters per case: one statement, compiled once, for any number of cases.
    ids = sa.func.unnest(sa.literal(list(codes), ARRAY(sa.Uuid)))
    texts = sa.func.unnest(sa.literal(list(codes.values()), ARRAY(sa.Text)))
    empty: sa.Cast[Any] = sa.cast(sa.literal("{}"), JSONB)
    statement = insert(CaseFile).from_select(["case_id", "case_code", "book"], sa.select(ids, texts, empty))
    # A no-op update instead of "do nothing": it locks the row and returns what stands there. Named by its words, as
    # `statement.excluded` copies the description of the whole table each time.
    same = {"case_code": sa.literal_column("excluded.case_code", sa.Text)}
    locked = statement.on_conflict_do_update(index_elements=["case_id"], set_=same)
    is_new = sa.literal_column("xmax = 0", sa.Boolean)
    result = await tx.session.execute(locked.returning(CaseFile, is_new), execution_options={"populate_existing": True})
    return [(file, new) for file, new in result]


async def _lock_clocks(tx: Transaction, case_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Clock]]:
    """The sweep changes clocks without the case's lock; it skips those locked here."""
    if not case_ids:
        return {}
    query = sa.select(Clock).where(among(Clock.case_id, case_ids)).order_by(Clock.key).with_for_update(key_share=True)
    clocks: defaultdict[UUID, list[Clock]] = defaultdict(list)
    for clock in await tx.session.scalars(query, execution_options={"populate_existing": True}):
        clocks[clock.case_id].append(clock)
    return clocks
