"""A designation (指定) of the duty director, kept as a precedent for its matter and place."""

from datetime import datetime
from typing import Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.model.base import Base
from shared.contracts.dispatch import CaseDesignated, DesignateUnit
from shared.infra.spine import DEFERRED


class CaseRuling(Base):
    """`township` is the widest place around the case, so that a ruling is found for its neighbours too.

    The ground is the duty director's words: it stays here and is in no event.
    """

    __tablename__ = "ruling"
    __table_args__ = (
        sa.Index("ruling_of_case", "case_id"),
        sa.Index("ruling_at", "township", "ruled_at"),
    )

    ruling_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("dispatch.routed_case.case_id", **DEFERRED))
    case_code: Mapped[str]
    category: Mapped[str | None]
    place: Mapped[str | None]
    township: Mapped[str | None]
    unit: Mapped[str]
    instead_of: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    ground: Mapped[str]
    ruled_by: Mapped[str]
    ruled_at: Mapped[datetime]

    @classmethod
    def of(cls, told: CaseDesignated, ask: DesignateUnit, *, township: str | None) -> Self:
        return cls(
            ruling_id=told.ruling_id,
            case_id=told.case_id,
            case_code=told.case_code,
            category=told.category,
            place=told.place,
            township=township,
            unit=told.unit,
            instead_of=list(told.instead_of),
            ground=ask.ground,
            ruled_by=ask.actor.staff,
            ruled_at=told.designated_at,
        )
