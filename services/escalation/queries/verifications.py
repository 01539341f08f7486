"""What may be read of verifications: tasks that wait for the grid or for a better place, and what the grid found."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from services.escalation.errors.supervision import CaseUnknown
from services.escalation.errors.verifications import FindingsNotForYou
from services.escalation.model import CaseFile, Clock, ModeSwitch, Verification, VerificationPhoto
from services.escalation.policy.verifying import at_work, may_read, places_within
from shared.centre.standing import mode_at
from shared.contracts.actors import CENTRE_ROLES, Actor, Role
from shared.contracts.escalation import (
    ListVerifications,
    ReadVerifications,
    VerificationFinding,
    VerificationFindings,
    VerificationOutcome,
    VerificationTask,
    VerificationTasks,
)
from shared.contracts.photos import PhotoView
from shared.infra.packs import NoCentrePack
from shared.infra.unit_of_work import UnitOfWork
from shared.vault import KeyRing


class VerificationReads:
    """Reads that open sealed words for those they are for."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def list_verifications(
        self, work: UnitOfWork, request: ListVerifications, /, *, now: datetime
    ) -> VerificationTasks:
        """Tasks by due time. A township's place stands for all of its grids.

        None for a worker of a grid that verifies in a surge only, as long as there is none.
        """
        open_ = request.state == "open"
        # The keys are those `verify_key` and `place_key` write, or those `mode_key` made of them.
        base = sa.literal("verify:" if open_ else "place:").concat(sa.cast(Verification.verification_id, sa.Text))
        kept = sa.or_(Clock.key == base, Clock.key.startswith(base.concat(":m")))
        its_clock = sa.and_(Clock.case_id == Verification.case_id, kept, Clock.ended_at.is_(None))
        query = sa.select(Verification, Clock.due_at)
        if open_:
            query = query.outerjoin(Clock, its_clock).where(Verification.state == "open")
        else:
            query = query.join(Clock, its_clock)
        query = query.order_by(Clock.due_at, Verification.verification_id).limit(request.limit)
        async with work.read() as session:
            if not await _at_work(work, session, request.actor, now):
                return VerificationTasks(tasks=())
            if request.place is not None:
                query = query.where(Verification.place.in_(await _places(work, session, request.place)))
            rows = (await session.execute(query)).all()
        return VerificationTasks(tasks=tuple(self._task(task, due_at, request.actor) for task, due_at in rows))

    async def read_verifications(
        self, work: UnitOfWork, request: ReadVerifications, /, *, now: datetime
    ) -> VerificationFindings:
        """What was recorded, in order. A grid worker reads what lies in their grid."""
        actor = request.actor
        async with work.read() as session:
            file = await session.scalar(sa.select(CaseFile).where(CaseFile.case_code == request.case_code))
            if file is None:
                code = request.case_code
                raise CaseUnknown(f"case {code} is not known", field="case_code", case_code=code)
            recorded = sa.and_(Verification.case_id == file.case_id, Verification.outcome.is_not(None))
            query = sa.select(Verification).where(recorded)
            tasks = (await session.scalars(query.order_by(Verification.recorded_at))).all()
            readable: list[Verification] = []
            for task in tasks:
                pack = await work.packs.version(session, task.pack_version)
                if may_read(actor, pack, task.place, file.handlers):
                    readable.append(task)
            photos = await _photos(session, file.case_id)
        if tasks and not readable:
            raise FindingsNotForYou("what the grid found on this case is not for you to read", field="actor")
        return VerificationFindings(findings=tuple(self._finding(task, photos) for task in readable))

    def _task(self, task: Verification, due_at: datetime | None, actor: Actor) -> VerificationTask:
        sees_words = actor.role in CENTRE_ROLES or actor.role is Role.GRID_WORKER
        return VerificationTask(
            verification_id=task.verification_id,
            case_code=task.case_code,
            work_order_id=task.work_order_id,
            unit=task.unit,
            place=task.place,
            round=task.round,
            attempt=task.attempt,
            hint=task.opened(self._keys, "hint") if sees_words else None,
            assigned_at=task.assigned_at,
            due_at=due_at,
        )

    def _finding(self, task: Verification, photos: dict[UUID, list[PhotoView]]) -> VerificationFinding:
        assert task.outcome is not None
        assert task.verified_by is not None
        assert task.recorded_at is not None  # all three are written together
        return VerificationFinding(
            verification_id=task.verification_id,
            work_order_id=task.work_order_id,
            unit=task.unit,
            place=task.place,
            round=task.round,
            attempt=task.attempt,
            outcome=VerificationOutcome(task.outcome),
            note=task.opened(self._keys, "note"),
            verified_by=task.verified_by,
            found_at=task.found_at,
            recorded_at=task.recorded_at,
            photos=tuple(photos[task.verification_id]),
        )


async def _photos(session: AsyncSession, case_id: UUID) -> dict[UUID, list[PhotoView]]:
    """Without what they show: that stays where it is."""
    query = sa.select(VerificationPhoto).where(VerificationPhoto.case_id == case_id).order_by(VerificationPhoto.number)
    found: defaultdict[UUID, list[PhotoView]] = defaultdict(list)
    for photo in await session.scalars(query.options(defer(VerificationPhoto.sealed))):
        found[photo.verification_id].append(photo.view())
    return found


async def _at_work(work: UnitOfWork, session: AsyncSession, actor: Actor, now: datetime) -> bool:
    if actor.role is not Role.GRID_WORKER or actor.grid is None:
        return True
    try:
        pack = await work.packs.in_force(session)
    except NoCentrePack:
        return True
    switches = await session.scalars(sa.select(ModeSwitch).order_by(ModeSwitch.number))
    return at_work(pack, actor.grid, mode_at([row.switch() for row in switches], now))


async def _places(work: UnitOfWork, session: AsyncSession, place: str) -> tuple[str, ...]:
    try:
        return places_within(await work.packs.in_force(session), place)
    except NoCentrePack:
        return (place,)
