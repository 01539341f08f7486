"""What may be read: clocks here, verifications beside."""

import time
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa

from services.escalation.model import Audit, CaseFile, Clock
from services.escalation.queries.appeals import exemptions_among
from services.escalation.queries.supervision import supervised_among
from shared.contracts.escalation import (
    Clocks,
    ClockView,
    ListClocks,
    Stage,
)
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
