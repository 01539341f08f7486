"""What may be read of cases: what waits for a person, and why."""

from datetime import datetime
from typing import cast

import sqlalchemy as sa

from services.dispatch.model import RoutedCase, WorkOrder
from services.dispatch.policy.cases import CaseState
from shared.contracts.actors import CENTRE_ROLES
from shared.contracts.base import Level
from shared.contracts.dispatch import (
    ListTriage,
    TriageCase,
    TriageCases,
)
from shared.infra.unit_of_work import UnitOfWork


async def list_triage(work: UnitOfWork, request: ListTriage, /, *, now: datetime) -> TriageCases:
    """Longest waiting first, with what the unit that returned it last wrote."""
    waits = RoutedCase.state == CaseState.TRIAGE
    query = sa.select(RoutedCase).where(waits).order_by(RoutedCase.waiting_since, RoutedCase.case_id)
    async with work.read() as session:
        total = await session.scalar(sa.select(sa.func.count()).select_from(RoutedCase).where(waits))
        cases = (await session.scalars(query.limit(request.limit))).all()
        returned = (
            sa.select(WorkOrder)
            .where(WorkOrder.case_id.in_([case.case_id for case in cases]), WorkOrder.returned_at.is_not(None))
            .order_by(WorkOrder.returned_at)
        )
        last = {order.case_id: order for order in await session.scalars(returned)}
    with_words = request.actor.role in CENTRE_ROLES
    shown = tuple(_triage(case, last.get(case.case_id), with_words=with_words) for case in cases)
    return TriageCases(cases=shown, total=total or 0)


def _triage(case: RoutedCase, returned: WorkOrder | None, *, with_words: bool) -> TriageCase:
    return TriageCase(
        case_code=case.case_code,
        category=case.category,
        place=case.place,
        level=cast("Level", case.level),
        reason=case.reason,
        desk="dispatcher",
        returns=case.returns,
        since=case.waiting_since or case.routed_at,
        suggested_unit=None if returned is None else returned.suggested_unit,
        ground=None if returned is None or not with_words else returned.return_ground,
    )
