"""Counts an event: the facts it changes, in the transaction and under the lock of its case on the board."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from services.console.model import FACTS, BoardCase, CaseFigures
from shared.contracts.base import Event
from shared.infra.arrays import among
from shared.infra.unit_of_work import Transaction


async def figures_of(tx: Transaction, codes: Mapping[UUID, str]) -> Mapping[UUID, CaseFigures]:
    """Under the locks of the cases' rows. Kept with the session: a batch of events shares one transaction."""
    known: dict[UUID, CaseFigures] = tx.session.info.setdefault("console.figures", {})
    missing = codes.keys() - known.keys()
    if missing:
        known |= {case_id: CaseFigures(case_id, codes[case_id]) for case_id in missing}
        for table in FACTS:
            for row in await tx.session.scalars(sa.select(table).where(among(table.case_id, missing))):
                known[row.case_id].own(row)
    return known


async def count(tx: Transaction, case: BoardCase, event: Event, event_id: UUID) -> None:
    figures = (await figures_of(tx, {case.case_id: case.case_code}))[case.case_id]
    tx.session.add_all(figures.take(event, event_id, case.intake))
