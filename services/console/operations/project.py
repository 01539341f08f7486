"""Projects an event onto the board (its section's facts, and the row they make) and into what is counted."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.console.model import BoardCase
from services.console.model.board_case import NEXT_VERSION
from services.console.operations.count import count, figures_of
from services.console.policy.board import APPLY, apply, row_of
from services.console.policy.figures import COUNTED
from shared.contracts.base import Envelope
from shared.contracts.catalogue import EVENTS
from shared.infra.arrays import among
from shared.infra.inbox import Handler
from shared.infra.unit_of_work import Transaction, UnitOfWork

EMPTY: dict[str, Any] = {"intake": {}, "dispatch": {}, "clocks": {}, "grid": {}}
PROJECTED = frozenset({*APPLY, *COUNTED})
BLANK = sa.text(
    "insert into console.board_case"
    " (case_id, case_code, intake, dispatch, clocks, grid, row, shown, version, announced)"
    " select case_id, code, '{}', '{}', '{}', '{}', cast(row as jsonb), false, 0, 0"
    " from unnest(cast(:ids as uuid[]), cast(:codes as text[]), cast(:rows as text[])) as new (case_id, code, row)"
    " on conflict do nothing"
)


async def project(work: UnitOfWork, envelope: Envelope) -> None:
    """Two services may tell of one case at once: the row is locked while it changes."""
    event = EVENTS[envelope.type].model_validate(envelope.data)
    data = event.model_dump(mode="json")
    case_id = UUID(data["case_id"])
    async with work.begin(envelope) as tx:
        case, version = (await _locked(tx, {case_id: data["case_code"]}))[case_id]
        if envelope.type in APPLY:
            section, _ = APPLY[envelope.type]
            if case.take(section, apply(envelope.type, case.sections()[section], data)):
                case.version = version
        await count(tx, case, event, envelope.id)


async def _locked(tx: Transaction, codes: Mapping[UUID, str]) -> Mapping[UUID, tuple[BoardCase, int]]:
    """Each case's row, with the version it has once it changes in this transaction: taken under the row's lock.

    Kept with the session: a batch of events shares one transaction.
    """
    locked: dict[UUID, tuple[BoardCase, int]] = tx.session.info.setdefault("console.board_cases", {})
    missing = {case_id: codes[case_id] for case_id in codes.keys() - locked.keys()}
    if missing:
        await _begin(tx, missing)
        query = (
            sa.select(BoardCase).where(among(BoardCase.case_id, missing)).order_by(BoardCase.case_id).with_for_update()
        )
        rows = (await tx.session.scalars(query, execution_options={"populate_existing": True})).all()
        versions = await tx.session.scalars(sa.select(NEXT_VERSION).select_from(sa.func.generate_series(1, len(rows))))
        locked |= {row.case_id: (row, version) for row, version in zip(rows, versions, strict=True)}
    return locked


async def _begin(tx: Transaction, codes: Mapping[UUID, str]) -> None:
    """Blank rows for the cases heard of for the first time; always in one order, so that nobody waits in a circle."""
    ids = sorted(codes)
    rows = [row_of(codes[case_id], EMPTY).model_dump_json() for case_id in ids]
    await tx.session.execute(BLANK, {"ids": ids, "codes": [codes[case_id] for case_id in ids], "rows": rows})


async def prepare(work: UnitOfWork, envelopes: Sequence[Envelope]) -> None:
    """Makes and locks the rows of a whole batch at once, in one order."""
    codes = {UUID(one.data["case_id"]): str(one.data["case_code"]) for one in envelopes if one.type in PROJECTED}
    async with work.begin() as tx:
        await _locked(tx, codes)
        await figures_of(tx, codes)


def projecting() -> dict[str, Handler]:
    return dict.fromkeys(PROJECTED, project)
