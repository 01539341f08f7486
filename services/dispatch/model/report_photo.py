"""Photos that came with a unit's report, and who looked at them."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.model.base import Base
from shared.infra.sealed_photos import THERE_OR_ERASED, PhotoReading, SealedPhoto
from shared.infra.spine import DEFERRED


class ReportPhoto(SealedPhoto, Base):
    __tablename__ = "report_photo"
    __table_args__ = (sa.CheckConstraint(THERE_OR_ERASED, name="report_photo_there_or_erased"),)

    work_order_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("dispatch.work_order.work_order_id", **DEFERRED), index=True
    )
    round: Mapped[int]


class ReportPhotoReading(PhotoReading, Base):
    pass
