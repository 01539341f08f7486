"""Projects an event onto the board (its section's facts, and the row they make) and into what is counted."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.console.model import BoardCase
from services.console.model.board_case import NEXT_VERSION
from services.console.operations.count import count
from services.console.policy.board import APPLY, apply, row_of
from services.console.policy.figures import COUNTED
from shared.contracts.base import Envelope
from shared.contracts.catalogue import EVENTS
from shared.infra.inbox import Handler
from shared.infra.unit_of_work import Transaction, UnitOfWork

EMPTY: dict[str, Any] = {"intake": {}, "dispatch": {}, "clocks": {}, "grid": {}}
PROJECTED = frozenset({*APPLY, *COUNTED})


async def project(work: UnitOfWork, envelope: Envelope) -> None:
    """Two services may tell of one case at once: the row is locked while it changes."""
    event = EVENTS[envelope.type].model_validate(envelope.data)
    data = event.model_dump(mode="json")
    async with work.begin(envelope) as tx:
        case = await _locked(tx, UUID(data["case_id"]), data["case_code"])
        if envelope.type in APPLY:
            section, _ = APPLY[envelope.type]
            if case.take(section, apply(envelope.type, case.sections()[section], data)):
                case.version = await tx.session.scalar(sa.select(NEXT_VERSION)) or 0
        await count(tx, case, event, envelope.id)


async def _locked(tx: Transaction, case_id: UUID, code: str) -> BoardCase:
    found = await tx.session.get(BoardCase, case_id, with_for_update=True, populate_existing=True)
    if found is not None:
        return found
    await _begin(tx, {case_id: code})
    return await tx.lock(BoardCase, case_id)


async def _begin(tx: Transaction, codes: Mapping[UUID, str]) -> None:
    """Blank rows for the cases heard of for the first time; always in one order, so that nobody waits in a circle."""
    rows = [
        {
            **EMPTY,
            "case_id": case_id,
            "case_code": codes[case_id],
            "row": row_of(codes[case_id], EMPTY).model_dump(mode="json"),
            "shown": False,
            "version": 0,
            "announced": 0,
        }
        for case_id in sorted(codes)
    ]
    await tx.session.execute(insert(BoardCase).values(rows).on_conflict_do_nothing())


async def prepare(work: UnitOfWork, envelopes: Sequence[Envelope]) -> None:
    """Makes and locks the rows of a whole batch at once, in one order."""
    codes = {UUID(one.data["case_id"]): str(one.data["case_code"]) for one in envelopes if one.type in PROJECTED}
    if codes:
        async with work.begin() as tx:
            await _begin(tx, codes)
            rows = sa.select(BoardCase).where(BoardCase.case_id.in_(codes)).order_by(BoardCase.case_id)
            (await tx.session.scalars(rows.with_for_update())).all()


def projecting() -> dict[str, Handler]:
    return dict.fromkeys(PROJECTED, project)
