"""What happened in a surge, counted from the rows of dispatch once it is over."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from services.dispatch.model import CalledUnit, Deferral, MoreTime, RoutedCase, Summons, Surge, WorkOrder
from services.dispatch.operations.mode_rows import switches_since
from services.dispatch.operations.sent_terms import terms_sent
from shared.centre.promised import promised
from shared.centre.standing import Switch, mode_at
from shared.contracts.base import Level
from shared.contracts.dispatch import SurgeFigures, UnitFigures
from shared.infra.arrays import among
from shared.infra.unit_of_work import Transaction, UnitOfWork

ORDERS_AT_ONCE = 1_000
Column = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]


async def figures_of(work: UnitOfWork, tx: Transaction, surge: Surge) -> SurgeFigures:
    """From its beginning until just before its end. A work order counts with the round it is in now."""
    began, ended = surge.began_at, surge.ended_at
    if ended is None:
        raise ValueError(f"surge {surge.surge_id} is not over")
    sent = await _sent(tx, began, ended)
    overdue = await _overdue(work, tx, began, ended)
    called = await _called(work, tx, began, ended)
    summoned = Counter(unit for unit, _ in called)
    in_time = Counter(unit for unit, came_in_time in called if came_in_time)
    units = sorted({*sent, *overdue, *summoned})
    return SurgeFigures(
        cases_accepted=await _count(tx, RoutedCase.accepted_at, began, ended),
        cases_closed=await _count(tx, RoutedCase.closed_at, began, ended),
        work_orders=sent.total(),
        overdue=overdue.total(),
        summonses=await _summonses(tx, began, ended),
        summoned=summoned.total(),
        arrived_in_time=in_time.total(),
        prolonged=surge.prolonged,
        units=tuple(
            UnitFigures(
                unit=unit,
                work_orders=sent[unit],
                overdue=overdue[unit],
                summoned=summoned[unit],
                arrived_in_time=in_time[unit],
            )
            for unit in units
        ),
    )


def _within(column: Column, began: datetime, ended: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(column >= began, column < ended)


async def _count(tx: Transaction, column: Column, began: datetime, ended: datetime) -> int:
    query = sa.select(sa.func.count()).select_from(RoutedCase).where(_within(column, began, ended))
    return await tx.session.scalar(query) or 0


async def _sent(tx: Transaction, began: datetime, ended: datetime) -> Counter[str]:
    query = sa.select(WorkOrder.unit, sa.func.count()).where(_within(WorkOrder.dispatched_at, began, ended))
    rows = await tx.session.execute(query.group_by(WorkOrder.unit))
    found: Counter[str] = Counter()
    for unit, count in rows:
        found[unit] = count
    return found


# -- work orders whose time ran out ------------------------------------------------------------------------------------


async def _overdue(work: UnitOfWork, tx: Transaction, began: datetime, ended: datetime) -> Counter[str]:
    found: Counter[str] = Counter()
    switches = await switches_since(tx.session, datetime.min.replace(tzinfo=began.tzinfo))
    after = UUID(int=0)
    while True:
        orders = await _owed(tx, began, ended, after=after)
        if not orders:
            return found
        after = orders[-1].work_order_id
        found.update(await _late_of(work, tx, orders, switches, began, ended))


async def _owed(tx: Transaction, began: datetime, ended: datetime, *, after: UUID) -> Sequence[WorkOrder]:
    """Work orders on which something was owed in the surge, a thousand at a time."""
    over_before = sa.func.least(WorkOrder.reported_back_at, WorkOrder.returned_at, WorkOrder.withdrawn_at) < began
    still = sa.or_(sa.not_(sa.func.coalesce(over_before, sa.false())), WorkOrder.state == "handling")
    query = sa.select(WorkOrder).where(WorkOrder.work_order_id > after, WorkOrder.dispatched_at < ended, still)
    return (await tx.session.scalars(query.order_by(WorkOrder.work_order_id).limit(ORDERS_AT_ONCE))).all()


async def _late_of(
    work: UnitOfWork,
    tx: Transaction,
    orders: Sequence[WorkOrder],
    switches: Sequence[Switch],
    began: datetime,
    ended: datetime,
) -> list[str]:
    sent = await terms_sent(work, tx, orders)
    deferrals = await _deferrals(tx, orders)
    late: list[str] = []
    for order in orders:
        terms = sent[order.work_order_id]
        pack, _ = await work.packs.with_days_known(tx.session, terms.pack_version)
        time = MoreTime(order, terms, pack, deferrals[order.work_order_id], switches, first_receiver="")
        due = time.due_at()
        over = _over_at(order)
        if began <= due < ended and not time.suspended and (over is None or over > due):
            late.append(order.unit)
    return late


def _over_at(order: WorkOrder) -> datetime | None:
    """When nothing was owed on it any more; a reopened work order (重办) is owed again."""
    reported = None if order.state == "handling" else order.reported_back_at
    ends = (reported, order.returned_at, order.withdrawn_at, order.closed_at)
    return min((end for end in ends if end is not None), default=None)


async def _deferrals(tx: Transaction, orders: Sequence[WorkOrder]) -> Mapping[UUID, list[Deferral]]:
    wanted = among(Deferral.work_order_id, [order.work_order_id for order in orders])
    found: defaultdict[UUID, list[Deferral]] = defaultdict(list)
    for deferral in await tx.session.scalars(sa.select(Deferral).where(wanted).order_by(Deferral.asked_at)):
        found[deferral.work_order_id].append(deferral)
    return found


# -- summonses ---------------------------------------------------------------------------------------------------------


async def _summonses(tx: Transaction, began: datetime, ended: datetime) -> int:
    called = sa.select(CalledUnit.summons_id).where(_within(CalledUnit.called_at, began, ended))
    query = sa.select(sa.func.count()).where(Summons.drill.is_(False), Summons.summons_id.in_(called))
    return await tx.session.scalar(query) or 0


async def _called(work: UnitOfWork, tx: Transaction, began: datetime, ended: datetime) -> list[tuple[str, bool]]:
    """Each unit that was summoned, drills left out, and whether it came within its limit."""
    query = (
        sa.select(CalledUnit, Summons.pack_version, RoutedCase.category, RoutedCase.level)
        .join(Summons, Summons.summons_id == CalledUnit.summons_id)
        .join(RoutedCase, RoutedCase.case_id == Summons.case_id)
        .where(Summons.drill.is_(False), _within(CalledUnit.called_at, began, ended))
    )
    switches = await switches_since(tx.session, began)
    found: list[tuple[str, bool]] = []
    for unit, version, category, level in await tx.session.execute(query):
        called_at = unit.called_at
        if version is None or called_at is None:
            continue  # asked for and never called
        pack, mode = await work.packs.version(tx.session, version), mode_at(switches, called_at)
        due = promised(pack, "arrival", category, cast("Level", level), called_at, mode=mode).due.at
        found.append((unit.unit, unit.arrived_at is not None and unit.arrived_at <= due))
    return found
