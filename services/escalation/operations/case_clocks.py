"""Opening the clocks of a case: locked together, so that events of different streams about it take turns."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.escalation.model import CaseClocks, CaseFile, Clock
from services.escalation.policy.obligations import Obligation
from services.escalation.policy.terms import terms_of
from shared.contracts.escalation import ClockEvent
from shared.infra.packs import PackShelf
from shared.infra.unit_of_work import Transaction

_OPENED = "escalation.case_clocks"


async def open_case(tx: Transaction, case_id: UUID, case_code: str) -> CaseClocks:
    """The case's file and clocks, locked until commit. The file is made where this is the first word of the case.

    A batch of events shares one transaction: what it opened and locked before is handed out again.
    """
    opened: dict[UUID, CaseClocks] = tx.session.info.setdefault(_OPENED, {})
    if case_id not in opened:
        opened[case_id] = await _lock_case(tx, case_id, case_code)
    return opened[case_id]


async def arm(
    tx: Transaction, packs: PackShelf, case: CaseClocks, obligation: Obligation, *, now: datetime
) -> tuple[ClockEvent, ...]:
    """Arms the obligation's clock by the pack the case began with; nothing where it has one already."""
    if case.known(obligation.key):
        return ()
    pack = await packs.version(tx.session, obligation.grounds.pack_version)
    told = case.arm(obligation, terms_of(pack, obligation, case.facts()), now=now)
    tx.add(case.clock(obligation.key))
    return told


async def _lock_case(tx: Transaction, case_id: UUID, case_code: str) -> CaseClocks:
    statement = insert(CaseFile).values(case_id=case_id, case_code=case_code)
    # A no-op update instead of "do nothing": it locks the row and returns what stands there.
    locked = statement.on_conflict_do_update(
        index_elements=["case_id"], set_={"case_code": statement.excluded.case_code}
    )
    made = sa.literal_column("xmax = 0", sa.Boolean)
    result = await tx.session.execute(locked.returning(CaseFile, made), execution_options={"populate_existing": True})
    file, is_new = result.one()
    return CaseClocks(file) if is_new else CaseClocks(file, await _lock_clocks(tx, case_id))


async def _lock_clocks(tx: Transaction, case_id: UUID) -> list[Clock]:
    """The sweep changes clocks without the case's lock; it skips those locked here."""
    query = sa.select(Clock).where(Clock.case_id == case_id).order_by(Clock.key).with_for_update(key_share=True)
    return list((await tx.session.scalars(query, execution_options={"populate_existing": True})).all())
