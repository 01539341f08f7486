"""What persons wrote goes when its time is over: it may repeat what a requester said.

Who decided what, when and by which rule stays: that is the case's story.
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from services.dispatch.model import (
    Base,
    CalledUnit,
    CaseRouting,
    CaseRuling,
    Deferral,
    Handover,
    ReportPhoto,
    RouteProposal,
    Summons,
    WorkOrder,
    WorkOrderDelay,
    WorkOrderReport,
)
from shared.contracts.base import Envelope
from shared.contracts.dispatch import WorkOrderPhotosErased
from shared.contracts.intake import ERASED, RequesterErased
from shared.infra.clearing import hourly
from shared.infra.sealed_photos import erase_photos
from shared.infra.unit_of_work import UnitOfWork

WORDS_OF_A_CASE: dict[type[Base], tuple[str, ...]] = {
    WorkOrder: ("send_reason", "return_ground", "withdraw_reason"),
    WorkOrderReport: ("result",),
    WorkOrderDelay: ("reason",),
    CaseRouting: ("words",),
    CaseRuling: ("ground",),
    RouteProposal: ("decide_reason",),
    Deferral: ("reason", "decide_reason", "end_reason"),
    Summons: ("reason", "refuse_reason", "stand_down_reason"),
    CalledUnit: ("cannot_come_reason",),
}


async def erase_words(work: UnitOfWork, event: RequesterErased, envelope: Envelope, *, now: datetime) -> None:
    """With the requester's data goes what was written and photographed. A case that never came here has nothing."""
    async with work.begin(envelope) as tx:
        for erasure in _erasures(event.case_id):
            await tx.session.execute(erasure, execution_options={"synchronize_session": False})
        photos = await erase_photos(tx.session, ReportPhoto, event.case_id, now=now)
        if photos:
            told = WorkOrderPhotosErased(case_id=event.case_id, case_code=event.case_code, photos=photos, erased_at=now)
            tx.record(told)


def erasing_notes(work: UnitOfWork, retention: timedelta) -> Callable[[], Awaitable[datetime | None]]:
    """A handover's note speaks of many cases, so it goes by its own age."""

    async def erase(now: datetime) -> bool:
        await erase_notes(work, before=now - retention)
        return False

    return hourly(erase, work)


async def erase_notes(work: UnitOfWork, *, before: datetime) -> None:
    old = (Handover.offered_at < before, Handover.state != "offered", Handover.note != ERASED)
    async with work.begin() as tx:
        erasure = sa.update(Handover).where(*old).values(note=ERASED)
        await tx.session.execute(erasure, execution_options={"synchronize_session": False})


def _erasures(case_id: UUID) -> Iterator[sa.Update]:
    orders = sa.select(WorkOrder.work_order_id).where(WorkOrder.case_id == case_id)
    summonses = sa.select(Summons.summons_id).where(Summons.case_id == case_id)
    for model, names in WORDS_OF_A_CASE.items():
        column = sa.inspect(model).columns
        if model in (WorkOrderReport, WorkOrderDelay):
            of_case = column["work_order_id"].in_(orders)
        elif model is CalledUnit:
            of_case = column["summons_id"].in_(summonses)
        else:
            of_case = column["case_id"] == case_id
        yield sa.update(model).where(of_case).values({name: _erased(column[name]) for name in names})


def _erased(column: sa.Column[str]) -> sa.ColumnElement[str | None]:
    """What was never written stays unwritten."""
    return sa.case((column.is_not(None), ERASED))
