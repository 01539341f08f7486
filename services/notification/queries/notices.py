"""What may be read of notices: also those that reached nobody."""

from datetime import datetime

import sqlalchemy as sa

from services.notification.model import Notice
from shared.contracts.notification import ListNotices, Notices, NoticeView, Unreached
from shared.infra.unit_of_work import UnitOfWork


async def list_notices(work: UnitOfWork, request: ListNotices, /, *, now: datetime) -> Notices:
    """Newest first."""
    query = sa.select(Notice).order_by(Notice.created_at.desc(), Notice.notice_id).limit(request.limit)
    if request.case_code is not None:
        query = query.where(Notice.case_code == request.case_code)
    if request.only_unreached:
        query = query.where(Notice.unreached.is_not(None))
    async with work.read() as session:
        rows = (await session.scalars(query)).all()
    return Notices(notices=tuple(_view(row) for row in rows))


def _view(row: Notice) -> NoticeView:
    return NoticeView(
        notice_id=row.notice_id,
        kind=row.kind,
        post=row.post,
        unit=row.unit,
        case_code=row.case_code,
        drill=row.drill,
        created_at=row.created_at,
        handed_over_at=row.handed_over_at,
        unreached=None if row.unreached is None else Unreached(row.unreached),
    )
