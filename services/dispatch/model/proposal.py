"""A new route for a case that was put right: it waits for a person, who confirms or dismisses it."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.errors.handing import ProposalIsOver
from services.dispatch.model.base import Base
from shared.contracts.actors import Actor
from shared.contracts.dispatch import ProposalDecided
from shared.infra.spine import DEFERRED

Ending = Literal["confirmed", "dismissed", "superseded", "lapsed"]


class RouteProposal(Base):
    """A case has at most one that is open. `superseded` by a newer correction; `lapsed` as the case went on without."""

    __tablename__ = "proposal"
    __table_args__ = (
        sa.CheckConstraint(
            "state in ('open', 'confirmed', 'dismissed', 'superseded', 'lapsed')", name="proposal_state"
        ),
        sa.CheckConstraint("(state = 'open') = (decided_at is null)", name="proposal_decided_once"),
        sa.Index("one_open_proposal", "case_id", unique=True, postgresql_where=sa.text("state = 'open'")),
    )

    proposal_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("dispatch.routed_case.case_id", **DEFERRED))
    case_code: Mapped[str]
    state: Mapped[str]
    unit: Mapped[str]
    supporters: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    instead_of: Mapped[str]
    rule: Mapped[str | None]
    reason: Mapped[str]
    considered: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    category: Mapped[str | None]
    place: Mapped[str | None]
    level: Mapped[str]
    proposed_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decide_reason: Mapped[str | None]
    decided_at: Mapped[datetime | None]

    def end(
        self, ending: Ending, *, by: Actor | None = None, reason: str | None = None, now: datetime
    ) -> ProposalDecided:
        """By a person, or (nobody named) because it no longer stands."""
        if self.state != "open":
            raise ProposalIsOver(f"this proposed route is {self.state} already", field="proposal_id", state=self.state)
        self.state = ending
        self.decided_by = None if by is None else by.name
        self.decide_reason = reason
        self.decided_at = now
        return ProposalDecided(
            case_id=self.case_id,
            case_code=self.case_code,
            proposal_id=self.proposal_id,
            confirmed=ending == "confirmed",
            decided_at=now,
        )
