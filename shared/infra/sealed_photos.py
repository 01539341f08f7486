"""Photos at rest: clean, sealed under the vault's keys, shown one by one on record, erased with the case's data.

Each service that takes photos in keeps them in a table of its own, made from the two mixins here.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from shared.centre.closed_loop import ClosedLoop
from shared.contracts.base import Command
from shared.contracts.photos import PhotoShown, PhotosResealed, PhotoView
from shared.errors import Refused
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import UnitOfWork
from shared.photos import Photo, PhotoWrong, clean_in_turn
from shared.vault import KeyRing, open_sealed_bytes, reseal_bytes, seal_bytes

RESEALED_AT_ONCE_MAX = 20
KILOBYTE = 1_000
THERE_OR_ERASED = "(sealed is null) = (erased_at is not null)"


class PhotoRefused(Refused):
    code = "photo_refused"
    rule = "a photo is a JPEG, PNG or WebP within the bounds of the centre pack"


class PhotoErased(Refused):
    code = "photo_erased"
    rule = "photos are erased when the retention time of their case is over"


class SealedPhoto:
    """One photo of a case. What it shows stands in `sealed` only, and that is null once it was erased."""

    photo_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(index=True)
    number: Mapped[int]
    sealed: Mapped[bytes | None] = mapped_column(BYTEA)
    width: Mapped[int]
    height: Mapped[int]
    kept_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]

    def keep(self, keys: KeyRing, photo: Photo, case_id: UUID, *, number: int, now: datetime) -> None:
        self.photo_id = new_id()
        self.case_id = case_id
        self.number = number
        self.sealed = seal_bytes(keys, photo.jpeg, context=self.context())
        self.width, self.height = photo.width, photo.height
        self.kept_at = now

    def context(self) -> str:
        """Binds it to its case: moved elsewhere it cannot be opened."""
        return f"{self.case_id}/photo/{self.photo_id}"

    def shown(self, keys: KeyRing) -> PhotoShown:
        """In the clear. Whoever calls this has put the reading on record."""
        if self.sealed is None:
            raise PhotoErased("this photo was erased: its time was over", field="photo_id")
        jpeg = open_sealed_bytes(keys, self.sealed, context=self.context())
        data = base64.b64encode(jpeg).decode()
        return PhotoShown(photo_id=self.photo_id, data=data, width=self.width, height=self.height)

    def reseal(self, keys: KeyRing) -> None:
        if self.sealed is not None:
            self.sealed = reseal_bytes(keys, self.sealed, context=self.context())

    def view(self) -> PhotoView:
        return PhotoView(
            photo_id=self.photo_id,
            width=self.width,
            height=self.height,
            kept_at=self.kept_at,
            erased=self.erased_at is not None,
        )


class PhotoReading:
    """Who looked at which photo, when and why."""

    __tablename__: ClassVar[str] = "photo_reading"

    reading_id: Mapped[UUID] = mapped_column(primary_key=True)
    photo_id: Mapped[UUID]
    actor: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]


async def taken_in(texts: Sequence[str], loop: ClosedLoop) -> tuple[Photo, ...]:
    """The photos of a request, clean. PhotoRefused names the one at fault. Done beside the event loop: it is work."""
    if len(texts) > loop.photos_max:
        raise PhotoRefused(f"{loop.photos_max} photo(s) are the most", field="photos", most=loop.photos_max)
    return tuple([await _taken_in(text, number, loop) for number, text in enumerate(texts)])


async def _taken_in(text: str, number: int, loop: ClosedLoop) -> Photo:
    field = f"photos.{number}"
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise PhotoRefused("this photo did not come whole: it is no base64", field=field, why="broken") from None
    try:
        return await clean_in_turn(data, bytes_max=loop.photo_kilobytes_max * KILOBYTE)
    except PhotoWrong as wrong:
        raise PhotoRefused(str(wrong), field=field, why=wrong.why) from None


async def erase_photos(session: AsyncSession, model: type[Any], case_id: UUID, *, now: datetime) -> int:
    """How many there were to erase. That they were taken, and when, stays on record."""
    there = sa.update(model).where(model.case_id == case_id, model.sealed.is_not(None))
    erased = await session.execute(there.values(sealed=None, erased_at=now).returning(model.photo_id))
    return len(erased.all())


async def reseal_photos(work: UnitOfWork, command: Command[Any], model: type[Any], keys: KeyRing) -> PhotosResealed:
    """Batch by batch under the newest key; begun again it goes on where it stopped."""
    current, resealed = f"v1.{keys.current}.".encode(), 0
    older = sa.func.substr(model.sealed, 1, len(current)) != current
    query = sa.select(model).where(model.sealed.is_not(None), older).order_by(model.photo_id)
    while True:
        async with work.begin(command) as tx:
            photos = (await tx.session.scalars(query.limit(RESEALED_AT_ONCE_MAX).with_for_update())).all()
            for photo in photos:
                photo.reseal(keys)
        if not photos:
            return PhotosResealed(resealed=resealed)
        resealed += len(photos)
