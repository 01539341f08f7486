"""What the grid wrote and photographed: shown on record, sealed anew, erased in time."""

from datetime import datetime

import sqlalchemy as sa

from services.escalation.errors.verifications import FindingsNotForYou
from services.escalation.model import CaseFile, Verification, VerificationPhoto, VerificationPhotoReading
from services.escalation.policy.verifying import may_read
from shared.contracts.base import Envelope
from shared.contracts.escalation import (
    ReadVerificationPhoto,
    ResealVerificationPhotos,
    VerificationPhotoRead,
    VerificationPhotosErased,
)
from shared.contracts.intake import ERASED, RequesterErased
from shared.contracts.photos import PhotoShown, PhotosResealed
from shared.errors import not_found
from shared.infra.event_record import new_id
from shared.infra.sealed_photos import erase_photos, reseal_photos
from shared.infra.unit_of_work import UnitOfWork
from shared.vault import KeyRing

BATCH_MAX = 500


class GridPhotos:
    """The operations that open what was sealed."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def read_verification_photo(
        self, work: UnitOfWork, command: ReadVerificationPhoto, /, *, now: datetime
    ) -> PhotoShown:
        """Shows one photo. The reading itself is a fact on record, committed before the answer leaves."""
        async with work.begin(command) as tx:
            photo = await tx.get(VerificationPhoto, command.photo_id)
            if photo is None:
                raise not_found("photo", command.photo_id, field="photo_id")
            file = await tx.lock(CaseFile, photo.case_id)
            task = await tx.lock(Verification, photo.verification_id)
            pack = await work.packs.version(tx.session, task.pack_version)
            if not may_read(command.actor, pack, task.place, file.handlers):
                raise FindingsNotForYou("this photo is not for you to look at", field="actor")
            shown = photo.shown(self._keys)
            reading = VerificationPhotoReading(
                reading_id=new_id(),
                photo_id=photo.photo_id,
                actor=command.actor.name,
                reason=command.reason,
                at=now,
            )
            tx.add(reading)
            tx.record(
                VerificationPhotoRead(
                    case_id=file.case_id, case_code=file.case_code, photo_id=photo.photo_id, read_at=now
                )
            )
        return shown

    async def reseal_verification_photos(
        self, work: UnitOfWork, command: ResealVerificationPhotos, /, *, now: datetime
    ) -> PhotosResealed:
        """Photos and words, batch by batch, so that nobody waits for it; begun again it goes on where it stopped."""
        after = None
        while True:
            async with work.begin(command) as tx:
                query = sa.select(Verification).order_by(Verification.verification_id).limit(BATCH_MAX)
                if after is not None:
                    query = query.where(Verification.verification_id > after)
                tasks = (await tx.session.scalars(query.with_for_update())).all()
                for task in tasks:
                    task.reseal(self._keys)
            if not tasks:
                return await reseal_photos(work, command, VerificationPhoto, self._keys)
            after = tasks[-1].verification_id


async def erase_findings(work: UnitOfWork, event: RequesterErased, envelope: Envelope, *, now: datetime) -> None:
    """What the grid wrote and photographed goes with the requester's data; that it verified, and how, stays."""
    async with work.begin(envelope) as tx:
        for words in (Verification.note, Verification.hint):
            written = sa.update(Verification).where(Verification.case_id == event.case_id, words.is_not(None))
            erasure = written.values({words: ERASED})
            await tx.session.execute(erasure, execution_options={"synchronize_session": False})
        photos = await erase_photos(tx.session, VerificationPhoto, event.case_id, now=now)
        if photos:
            tx.record(
                VerificationPhotosErased(case_id=event.case_id, case_code=event.case_code, photos=photos, erased_at=now)
            )
