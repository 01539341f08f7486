"""What may be read: clocks, and verifications that wait for the grid."""

import time
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from services.escalation.model import Audit, CaseFile, Clock, Verification
from services.escalation.policy.verifying import places_within
from services.escalation.queries.appeals import exemptions_among
from services.escalation.queries.supervision import supervised_among
from shared.contracts.escalation import (
    Clocks,
    ClockView,
    ListClocks,
    ListVerifications,
    Stage,
    VerificationTask,
    VerificationTasks,
)
from shared.infra.packs import NoCentrePack
from shared.infra.unit_of_work import UnitOfWork


async def list_clocks(work: UnitOfWork, request: ListClocks, /, *, now: datetime) -> Clocks:
    """Open clocks by due time; of one case, with the ended ones, where a code is given. Drills only where asked for."""
    wanted: list[sa.ColumnElement[bool]] = []
    if request.case_code is None:
        wanted.append(Clock.ended_at.is_(None))
    else:
        own = sa.select(CaseFile.case_id).where(CaseFile.case_code == request.case_code)
        wanted.append(Clock.case_id == own.scalar_subquery())
    if request.stage is not None:
        wanted.append(Clock.stage == request.stage)
    if not request.drills:
        wanted.append(Clock.drill.is_(False))
    query = sa.select(Clock).where(*wanted).order_by(Clock.due_at, Clock.key).limit(request.limit)
    async with work.read() as session:
        total = await session.scalar(sa.select(sa.func.count()).select_from(Clock).where(*wanted))
        clocks = (await session.scalars(query)).all()
        supervised = await supervised_among(session, [clock.case_id for clock in clocks])
        exempted = await exemptions_among(session, [clock.key for clock in clocks if clock.fired_at is not None])
    views = (
        _view(clock, supervised=clock.case_id in supervised, exempted_at=exempted.get(clock.key)) for clock in clocks
    )
    return Clocks(clocks=tuple(views), total=total or 0, now=now)


class AuditWatch:
    """Whether the auditor was heard of lately, and what it said. Its silence is what an operator is to see."""

    def __init__(self, *, silent_max: timedelta = timedelta(minutes=3)) -> None:
        self._silent_max = silent_max
        self._began_s = time.monotonic()

    async def facts(self, work: UnitOfWork) -> tuple[bool, dict[str, str]]:
        """A service that has just begun is given the time to hear of it. Times are the database's."""
        async with work.read() as session:
            row = (await session.execute(sa.select(Audit, sa.func.now()))).one_or_none()
        if row is None:
            return False, {"auditor": "its row is missing"}
        audit: Audit = row[0]
        now: datetime = row[1]
        silent = None if audit.beat_at is None else now - audit.beat_at
        heard = "no heartbeat yet" if silent is None else f"last heartbeat {int(silent.total_seconds())} s ago"
        said = (
            f"{audit.last_found} findings in its last round" if audit.last_found else f"{audit.last_cases} cases well"
        )
        up_for = timedelta(seconds=time.monotonic() - self._began_s)
        in_time = min(up_for, up_for if silent is None else silent) <= self._silent_max
        return audit.last_found == 0 and in_time, {"auditor": f"{heard}, {said}"}


async def list_verifications(work: UnitOfWork, request: ListVerifications, /, *, now: datetime) -> VerificationTasks:
    """Open tasks by due time. A township's place stands for all of its grids."""
    # One verification of a work order is open at a time, and one clock of it, under whatever key it is kept now.
    of_its_order = sa.and_(Clock.case_id == Verification.case_id, Clock.work_order_id == Verification.work_order_id)
    its_clock = sa.and_(of_its_order, Clock.stage == "verify", Clock.ended_at.is_(None))
    query = (
        sa.select(Verification, Clock.due_at)
        .outerjoin(Clock, its_clock)
        .where(Verification.state == "open")
        .order_by(Clock.due_at, Verification.verification_id)
        .limit(request.limit)
    )
    async with work.read() as session:
        if request.place is not None:
            query = query.where(Verification.place.in_(await _places(work, session, request.place)))
        rows = (await session.execute(query)).all()
    return VerificationTasks(tasks=tuple(_task(task, due_at) for task, due_at in rows))


async def _places(work: UnitOfWork, session: AsyncSession, place: str) -> tuple[str, ...]:
    try:
        return places_within(await work.packs.in_force(session), place)
    except NoCentrePack:
        return (place,)


def _view(clock: Clock, *, supervised: bool, exempted_at: datetime | None) -> ClockView:
    return ClockView(
        clock=clock.key,
        case_code=clock.case_code,
        stage=cast("Stage", clock.stage),
        owes=clock.owes,
        state=clock.state,
        started_at=clock.started_at,
        due_at=clock.due_at,
        first_due_at=None if clock.first_due_at == clock.due_at else clock.first_due_at,
        provisional=clock.provisional,
        limit=clock.limit_text,
        limit_source=clock.limit_source,
        service_due_at=clock.service_due_at,
        service_limit=clock.service_limit,
        replaces=clock.replaces,
        fired_at=clock.fired_at,
        ended_at=clock.ended_at,
        reason=clock.reason,
        drill=clock.drill,
        supervised=supervised,
        exempted_at=exempted_at,
    )


def _task(task: Verification, due_at: datetime | None) -> VerificationTask:
    return VerificationTask(
        verification_id=task.verification_id,
        case_code=task.case_code,
        work_order_id=task.work_order_id,
        unit=task.unit,
        place=task.place,
        round=task.round,
        assigned_at=task.assigned_at,
        due_at=due_at,
    )
