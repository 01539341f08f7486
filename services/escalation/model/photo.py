"""Photos that grid workers took of what they found, and who looked at them."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.escalation.model.base import SCHEMA, Base
from shared.infra.sealed_photos import THERE_OR_ERASED, PhotoReading, SealedPhoto


class VerificationPhoto(SealedPhoto, Base):
    __tablename__ = "verification_photo"
    __table_args__ = (sa.CheckConstraint(THERE_OR_ERASED, name="verification_photo_there_or_erased"),)

    verification_id: Mapped[UUID] = mapped_column(sa.ForeignKey(f"{SCHEMA}.verification.verification_id"), index=True)


class VerificationPhotoReading(PhotoReading, Base):
    pass
