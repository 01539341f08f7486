"""What may be read of the director's watch."""

from datetime import datetime

import sqlalchemy as sa

from services.dispatch.model import Handover, Watch
from services.dispatch.policy.views import reads_words
from shared.contracts.dispatch import ReadWatch, WatchLog
from shared.contracts.dispatch import Watch as WatchView
from shared.infra.unit_of_work import UnitOfWork

NOTE_NOT_SHOWN = "（交接说明仅中心工作人员可见）"


async def read_watch(work: UnitOfWork, request: ReadWatch, /, *, now: datetime) -> WatchLog:
    """Newest first; the note of the handover that waits is for the centre's own staff."""
    watches = sa.select(Watch).order_by(Watch.number.desc()).limit(request.limit)
    async with work.read() as session:
        found = (await session.scalars(watches)).all()
        handover = await session.scalar(sa.select(Handover).where(Handover.state == "offered"))
    offered = None if handover is None else handover.view()
    if offered is not None and not reads_words(request.actor):
        offered = offered.model_copy(update={"note": NOTE_NOT_SHOWN})
    return WatchLog(
        watches=tuple(WatchView(director=w.director, began_at=w.began_at, ended_at=w.ended_at) for w in found),
        offered=offered,
    )
