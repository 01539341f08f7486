"""An answer link that was used."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.model.base import Base
from shared.infra.spine import DEFERRED


class UsedLink(Base):
    """Its key is what makes a link answer once, however many open it at the same moment."""

    __tablename__ = "used_link"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["summons_id", "unit"],
            ["dispatch.called_unit.summons_id", "dispatch.called_unit.unit"],
            name="used_link_of_called_unit",
            **DEFERRED,
        ),
        sa.CheckConstraint("purpose in ('acknowledge', 'on_the_way', 'cannot_come')", name="used_link_purpose"),
    )

    link_id: Mapped[UUID] = mapped_column(primary_key=True)
    summons_id: Mapped[UUID]
    unit: Mapped[str]
    purpose: Mapped[str]
    used_by: Mapped[str]
    used_at: Mapped[datetime]
