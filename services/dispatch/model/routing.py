"""One decision about who answers, as it was taken: never changed, never removed."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.model.base import Base
from shared.contracts.dispatch import CaseRouted
from shared.infra.spine import DEFERRED

TABLE = "table"


class CaseRouting(Base):
    """`decided_by` is `table` or who overrode it; `words` are that person's, so never in an event."""

    __tablename__ = "routing"
    __table_args__ = (
        sa.CheckConstraint("number >= 1", name="routing_number"),
        sa.CheckConstraint("\"by\" in ('rule', 'fallback', 'triage', 'person', 'designation')", name="routing_by"),
    )

    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("dispatch.routed_case.case_id", **DEFERRED), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    by: Mapped[str]
    unit: Mapped[str]
    supporters: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    rule: Mapped[str | None]
    reason: Mapped[str]
    considered: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    source: Mapped[str]
    category: Mapped[str | None]
    place: Mapped[str | None]
    level: Mapped[str]
    flags: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    pack_version: Mapped[str]
    decided_by: Mapped[str]
    words: Mapped[str | None]
    routed_at: Mapped[datetime]

    @classmethod
    def of(cls, told: CaseRouted, *, number: int, decided_by: str, words: str | None) -> Self:
        """What was told, with what is told to nobody outside the centre."""
        return cls(
            case_id=told.case_id,
            number=number,
            by=told.by,
            unit=told.unit,
            supporters=list(told.supporters),
            rule=told.rule,
            reason=told.reason,
            considered=list(told.considered),
            source=told.source,
            category=told.category,
            place=told.place,
            level=told.level,
            flags=list(told.flags),
            pack_version=told.pack_version,
            decided_by=decided_by,
            words=words,
            routed_at=told.routed_at,
        )
