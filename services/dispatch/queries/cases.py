"""What waits for a person, and why."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.model import RoutedCase, WorkOrder
from services.dispatch.policy.cases import CaseState, WorkOrderState
from services.dispatch.policy.views import reads_words
from services.dispatch.queries.rulings import Asked, precedents, township_of
from shared.contracts.base import Level
from shared.contracts.dispatch import Desk, ListTriage, ReturnedSupport, Ruling, TriageCase, TriageCases
from shared.infra.arrays import among
from shared.infra.unit_of_work import UnitOfWork

PRECEDENTS_SHOWN_MAX = 3


async def list_triage(work: UnitOfWork, request: ListTriage, /, *, now: datetime) -> TriageCases:
    """Longest waiting first, with what the unit that returned it last wrote, and rulings on the like."""
    waits = RoutedCase.state == CaseState.TRIAGE
    if request.desk is not None:
        waits = waits & (RoutedCase.desk == request.desk)
    query = sa.select(RoutedCase).where(waits).order_by(RoutedCase.waiting_since, RoutedCase.case_id)
    with_words = reads_words(request.actor)
    async with work.read() as session:
        total = await session.scalar(sa.select(sa.func.count()).select_from(RoutedCase).where(waits))
        cases = (await session.scalars(query.limit(request.limit))).all()
        returned = await _returned(session, [case.case_id for case in cases])
        alike = await _alike(work, session, cases, with_words=with_words)
        support = await _returned_support(session, request, with_words=with_words)
    shown = tuple(
        _triage(case, returned.get(case.case_id, ()), alike.get(case.case_id, ()), with_words=with_words)
        for case in cases
    )
    return TriageCases(cases=shown, total=total or 0, returned_support=support)


async def _returned(session: AsyncSession, cases: Iterable[UUID]) -> Mapping[UUID, Sequence[WorkOrder]]:
    """The lead work orders that came back, the first first."""
    came_back = (among(WorkOrder.case_id, cases), WorkOrder.role == "lead", WorkOrder.returned_at.is_not(None))
    found: dict[UUID, list[WorkOrder]] = {}
    for order in await session.scalars(sa.select(WorkOrder).where(*came_back).order_by(WorkOrder.returned_at)):
        found.setdefault(order.case_id, []).append(order)
    return found


async def _alike(
    work: UnitOfWork, session: AsyncSession, cases: Sequence[RoutedCase], *, with_words: bool
) -> Mapping[UUID, tuple[Ruling, ...]]:
    asked: dict[UUID, Asked] = {}
    for case in sorted(cases, key=attrgetter("pack_version")):  # each pack is opened once, however many there were
        if case.category is not None and case.place is not None:
            pack = await work.packs.version(session, case.pack_version)
            asked[case.case_id] = Asked(case.category, case.place, township_of(pack, case.place))
    found = await precedents(session, set(asked.values()), limit=PRECEDENTS_SHOWN_MAX, with_words=with_words)
    return {case_id: found.get(each, ()) for case_id, each in asked.items()}


async def _returned_support(
    session: AsyncSession, request: ListTriage, *, with_words: bool
) -> tuple[ReturnedSupport, ...]:
    query = (
        sa.select(WorkOrder, RoutedCase.owner)
        .join(RoutedCase, RoutedCase.case_id == WorkOrder.case_id)
        .where(WorkOrder.role == "support", WorkOrder.state == WorkOrderState.RETURNED)
        .order_by(WorkOrder.returned_at, WorkOrder.work_order_id)
        .limit(request.limit)
    )
    if request.desk is not None:
        query = query.where(WorkOrder.return_desk == request.desk)
    rows = (await session.execute(query)).all()
    return tuple(_support(order, owner, with_words=with_words) for order, owner in rows)


def _triage(
    case: RoutedCase, returned: Sequence[WorkOrder], alike: tuple[Ruling, ...], *, with_words: bool
) -> TriageCase:
    last = returned[-1] if returned else None
    return TriageCase(
        case_code=case.case_code,
        category=case.category,
        place=case.place,
        level=cast("Level", case.level),
        reason=case.reason,
        desk=cast("Desk", case.desk),
        returns=case.returns,
        since=case.waiting_since or case.routed_at,
        suggested_unit=None if last is None else last.suggested_unit,
        ground=None if last is None or not with_words else last.return_ground,
        returned_by=tuple(dict.fromkeys(order.unit for order in returned)),
        precedents=alike,
    )


def _support(order: WorkOrder, lead: str, *, with_words: bool) -> ReturnedSupport:
    return ReturnedSupport(
        work_order_id=order.work_order_id,
        case_code=order.case_code,
        unit=order.unit,
        lead=lead,
        desk=cast("Desk", order.return_desk),  # the database checks the column
        since=order.returned_at or order.dispatched_at,
        suggested_unit=order.suggested_unit,
        ground=order.return_ground if with_words else None,
    )
