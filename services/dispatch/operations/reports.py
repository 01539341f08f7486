"""What a unit reports: its result with photos, or that it cannot finish yet; shown on record."""

from datetime import datetime

import sqlalchemy as sa

from services.dispatch.errors.joint import NotOfThisCase
from services.dispatch.model import ReportPhoto, ReportPhotoReading, RoutedCase, WorkOrder, WorkOrderDelay, unit_acts
from services.dispatch.operations.moments import moment_of
from services.dispatch.operations.rows import keep, lock_order, open_file
from services.dispatch.policy.cases import NO_PART_STATES
from services.dispatch.policy.views import may_read_results
from shared.contracts.base import Done
from shared.contracts.dispatch import (
    ReadReportPhoto,
    ReportBack,
    ReportDelay,
    ResealReportPhotos,
    WorkOrderPhotoRead,
)
from shared.contracts.photos import PhotoShown, PhotosResealed
from shared.errors import not_found
from shared.infra.event_record import new_id
from shared.infra.sealed_photos import reseal_photos, taken_in
from shared.infra.unit_of_work import UnitOfWork
from shared.vault import KeyRing


class Reporting:
    """The operations that seal photos or open them."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def report_back(self, work: UnitOfWork, command: ReportBack, /, *, now: datetime) -> Done:
        async with work.begin(command) as tx:
            pack = await work.packs.in_force(tx.session) if command.photos else None
            photos = () if pack is None else await taken_in(command.photos, pack.closed_loop)  # before any lock
            case, order = await lock_order(tx, command.work_order_id)
            file, moment = await open_file(tx, case), await moment_of(work, tx, case, now=now)
            await keep(tx, unit_acts.report(file, order, command, moment))
            for number, photo in enumerate(photos, start=1):
                row = ReportPhoto(work_order_id=order.work_order_id, round=order.round)
                row.keep(self._keys, photo, case.case_id, number=number, now=now)
                tx.add(row)
            return tx.answers(Done(at=now))

    async def read_report_photo(self, work: UnitOfWork, command: ReadReportPhoto, /, *, now: datetime) -> PhotoShown:
        """Shows one photo. The reading itself is a fact on record, committed before the answer leaves."""
        async with work.begin(command) as tx:
            photo = await tx.get(ReportPhoto, command.photo_id)
            if photo is None:
                raise not_found("photo", command.photo_id, field="photo_id")
            case = await tx.lock(RoutedCase, photo.case_id)
            of_case = sa.select(WorkOrder.unit).where(
                WorkOrder.case_id == case.case_id, WorkOrder.state.not_in(NO_PART_STATES)
            )
            if not may_read_results(command.actor, frozenset(await tx.session.scalars(of_case))):
                raise NotOfThisCase("this photo is for the units of its case and the centre's staff", field="actor")
            shown = photo.shown(self._keys)
            tx.add(
                ReportPhotoReading(
                    reading_id=new_id(),
                    photo_id=photo.photo_id,
                    actor=command.actor.name,
                    reason=command.reason,
                    at=now,
                )
            )
            tx.record(WorkOrderPhotoRead(**case.ids(), photo_id=photo.photo_id, read_at=now))
        return shown

    async def reseal_report_photos(
        self, work: UnitOfWork, command: ResealReportPhotos, /, *, now: datetime
    ) -> PhotosResealed:
        return await reseal_photos(work, command, ReportPhoto, self._keys)


async def report_delay(work: UnitOfWork, command: ReportDelay, /, *, now: datetime) -> Done:
    """暂不能办结, by the lead unit: the first receiver is told, and owes the requester a word and a date."""
    async with work.begin(command) as tx:
        case, order = await lock_order(tx, command.work_order_id)
        pack = await work.packs.version(tx.session, case.pack_version)
        of_order = sa.select(sa.func.count()).where(WorkOrderDelay.work_order_id == order.work_order_id)
        number = (await tx.session.scalar(of_order) or 0) + 1
        kept, told = WorkOrderDelay.told(case, order, command, pack.closed_loop, number=number, now=now)
        tx.add(kept)
        tx.record(told)
        return tx.answers(Done(at=now))
