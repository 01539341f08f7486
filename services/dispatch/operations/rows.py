"""The rows operations work on: found, locked in one order, or refused in words."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from services.dispatch.errors.cases import CaseUnknown
from services.dispatch.model import (
    CalledUnit,
    CaseFile,
    CaseRouting,
    Changes,
    RoutedCase,
    RouteProposal,
    Summons,
    WorkOrder,
)
from services.dispatch.model.summons import units_called_on
from services.dispatch.policy.summoning import OPEN_SUMMONSES
from shared.errors import not_found
from shared.infra.unit_of_work import Transaction


async def lock_case(tx: Transaction, code: str) -> RoutedCase:
    query = sa.select(RoutedCase).where(RoutedCase.case_code == code).with_for_update()
    case = await tx.session.scalar(query.execution_options(populate_existing=True))
    if case is None:
        raise CaseUnknown(
            f"case {code} is not with dispatch: not accepted yet, or its window handles it itself",
            field="case_code",
            case_code=code,
        )
    return case


async def lock_case_if_here(tx: Transaction, case_id: UUID) -> RoutedCase | None:
    """None for a case that was never handed on: the window handles it itself."""
    return await tx.session.get(RoutedCase, case_id, with_for_update=True, populate_existing=True)


async def lock_order(tx: Transaction, work_order_id: UUID) -> tuple[RoutedCase, WorkOrder]:
    """The work order under the lock of its case, as it is once that lock is held."""
    query = sa.select(WorkOrder.case_id).where(WorkOrder.work_order_id == work_order_id)
    case_id = await tx.session.scalar(query)
    if case_id is None:
        raise not_found("work order", work_order_id, field="work_order_id")
    case = await tx.lock(RoutedCase, case_id)
    return case, await tx.lock(WorkOrder, work_order_id)


async def open_file(tx: Transaction, case: RoutedCase) -> CaseFile:
    """All work orders of the case, in the order they were sent, and the route that waits; the case is locked."""
    orders = sa.select(WorkOrder).where(WorkOrder.case_id == case.case_id)
    orders = orders.order_by(WorkOrder.dispatched_at, WorkOrder.work_order_id)
    proposals = sa.select(RouteProposal).where(RouteProposal.case_id == case.case_id, RouteProposal.state == "open")
    locked = [query.with_for_update().execution_options(populate_existing=True) for query in (orders, proposals)]
    found = (await tx.session.scalars(locked[0])).all()
    return CaseFile(case, found, await tx.session.scalar(locked[1]))


async def last_routing(tx: Transaction, case: RoutedCase) -> tuple[CaseRouting | None, frozenset[str]]:
    """How it came to whoever has it (None: from before that was kept), and which units were proposed since in vain."""
    routing = await tx.get(CaseRouting, (case.case_id, case.routings))
    if routing is None:
        return None, frozenset()
    dismissed = sa.select(RouteProposal.unit).where(
        RouteProposal.case_id == case.case_id,
        RouteProposal.state == "dismissed",
        RouteProposal.proposed_at >= routing.routed_at,
    )
    return routing, frozenset(await tx.session.scalars(dismissed))


async def keep(tx: Transaction, changes: Changes) -> None:
    """Stores and tells what a verb left behind. What it ended is written before what it began.

    A unit has one open work order on a case, and a case one open lead: the new one must not come before the old ends.
    """
    await tx.session.flush()
    tx.session.add_all(changes.rows)
    tx.record(*changes.events)


async def lock_summons(tx: Transaction, summons_id: UUID) -> tuple[Summons, Sequence[CalledUnit]]:
    summons = await tx.session.get(Summons, summons_id, with_for_update=True, populate_existing=True)
    if summons is None:
        raise not_found("summons", summons_id, field="summons_id")
    return summons, await units_of(tx, summons)


async def units_of(tx: Transaction, summons: Summons) -> Sequence[CalledUnit]:
    """In the order they were named; the summons is locked."""
    query = sa.select(CalledUnit).where(CalledUnit.summons_id == summons.summons_id).order_by(CalledUnit.position)
    return (await tx.session.scalars(query.execution_options(populate_existing=True))).all()


async def lock_open_summonses(tx: Transaction, case: RoutedCase) -> Sequence[Summons]:
    query = sa.select(Summons).where(Summons.case_id == case.case_id, Summons.state.in_(OPEN_SUMMONSES))
    locked = query.order_by(Summons.summons_id).with_for_update().execution_options(populate_existing=True)
    return (await tx.session.scalars(locked)).all()


async def units_under_way(tx: Transaction, case: RoutedCase) -> frozenset[str]:
    """Units that an open summons of this case names already."""
    return frozenset(await tx.session.scalars(units_called_on(case.case_id)))
