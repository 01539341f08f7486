"""One unit of a summons."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.errors.cases import NotPossibleNow
from services.dispatch.errors.summonses import (
    AcknowledgedAlready,
    SummonsNotApproved,
    SummonsOver,
    UnitArrivedAlready,
    UnitGivenUp,
)
from services.dispatch.model.base import Base
from services.dispatch.policy.summoning import CALLED_UNIT_MOVES, CalledUnitVerb
from shared.contracts.dispatch import UnitSummonsState
from shared.errors import Refused
from shared.infra.spine import DEFERRED


class CalledUnit(Base):
    """One unit of a summons. Each answers for itself: no other unit's answer changes this row."""

    __tablename__ = "called_unit"
    __table_args__ = (
        sa.CheckConstraint(
            "state in ('named', 'called', 'acknowledged', 'arrived', 'not_arrived', 'stood_down')",
            name="called_unit_state",
        ),
    )

    summons_id: Mapped[UUID] = mapped_column(sa.ForeignKey("dispatch.summons.summons_id", **DEFERRED), primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    state: Mapped[str]
    called_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    arrived_at: Mapped[datetime | None]
    checked_in_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]

    @property
    def now_is(self) -> UnitSummonsState:
        return UnitSummonsState(self.state)

    def move(self, verb: CalledUnitVerb, *, field: str) -> None:
        after = CALLED_UNIT_MOVES.get((self.now_is, verb))
        if after is None:
            refusal, words = _WHY_NOT[self.now_is]
            raise refusal(words.format(unit=self.unit), field=field, unit=self.unit, state=self.state)
        self.state = after


_WHY_NOT: Mapping[UnitSummonsState, tuple[type[Refused], str]] = {
    UnitSummonsState.NAMED: (SummonsNotApproved, "this summons is not approved, so {unit} is not called"),
    UnitSummonsState.CALLED: (NotPossibleNow, "{unit} is called already"),
    UnitSummonsState.ACKNOWLEDGED: (AcknowledgedAlready, "{unit} acknowledged already"),
    UnitSummonsState.ARRIVED: (UnitArrivedAlready, "{unit} is checked in already"),
    UnitSummonsState.NOT_ARRIVED: (UnitGivenUp, "{unit} was recorded as not arrived"),
    UnitSummonsState.STOOD_DOWN: (SummonsOver, "{unit} was stood down and is awaited no longer"),
}
