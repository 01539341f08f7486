"""One unit of a summons."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, Self, TypedDict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.errors.cases import NotPossibleNow
from services.dispatch.errors.summonses import (
    AcknowledgedAlready,
    CannotComeAlready,
    SummonsNotApproved,
    SummonsOver,
    UnitArrivedAlready,
    UnitGivenUp,
)
from services.dispatch.model.base import Base
from services.dispatch.policy.picking import Pick
from services.dispatch.policy.summoning import CALLED_UNIT_MOVES, AnswerVerb, CalledUnitVerb
from shared.contracts.dispatch import (
    SummonsUnitAcknowledged,
    SummonsUnitArrived,
    SummonsUnitCannotCome,
    SummonsUnitEvent,
    SummonsUnitNotArrived,
    SummonsUnitNotified,
    SummonsUnitOnTheWay,
    SummonsUnitSubstituteSent,
    UnitSummonsState,
)
from shared.errors import Refused
from shared.infra.spine import DEFERRED


class SummonsIds(TypedDict):
    """What every event of a summons tells; a drill has no case, so its own id stands there."""

    case_id: UUID
    case_code: str
    summons_id: UUID
    drill: bool


class CalledUnit(Base):
    """One unit of a summons. Each answers for itself: no other unit's answer changes this row.

    No instant of it lies before the whistle, nor an answer before the one it corrects, whatever the clock says.
    """

    __tablename__ = "called_unit"
    __table_args__ = (
        sa.CheckConstraint(
            "state in ('named', 'called', 'acknowledged', 'on_the_way', 'substitute_sent', 'cannot_come', "
            "'arrived', 'not_arrived', 'stood_down')",
            name="called_unit_state",
        ),
        sa.CheckConstraint("state <> 'substitute_sent' or substitute is not null", name="called_unit_substitute"),
        sa.CheckConstraint("checked_in in ('room', 'code')", name="called_unit_checked_in"),
        sa.CheckConstraint(
            "called_at <= least(notified_at, answered_at, told_at, acknowledged_at, cannot_come_at, arrived_at)",
            name="called_unit_not_before_the_whistle",
        ),
    )

    summons_id: Mapped[UUID] = mapped_column(sa.ForeignKey("dispatch.summons.summons_id", **DEFERRED), primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    state: Mapped[str]
    plan: Mapped[str | None]
    why: Mapped[str | None]
    called_at: Mapped[datetime | None]
    notified_at: Mapped[datetime | None]
    notified_channel: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    coming_since: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    expected_at: Mapped[datetime | None]
    substitute: Mapped[str | None]
    cannot_come_at: Mapped[datetime | None]
    cannot_come_reason: Mapped[str | None]
    arrived_at: Mapped[datetime | None]
    checked_in_by: Mapped[str | None]
    checked_in: Mapped[str | None]
    wrong_codes: Mapped[int]
    ended_at: Mapped[datetime | None]

    @classmethod
    def named(cls, summons_id: UUID, pick: Pick, position: int) -> Self:
        return cls(
            summons_id=summons_id,
            unit=pick.unit,
            position=position,
            state=UnitSummonsState.NAMED,
            plan=pick.plan,
            why=pick.why,
            wrong_codes=0,
        )

    @property
    def now_is(self) -> UnitSummonsState:
        return UnitSummonsState(self.state)

    # -- its own answers -----------------------------------------------------------------------------------------------

    def acknowledge(self, ids: SummonsIds, *, by: str, now: datetime) -> tuple[SummonsUnitEvent, ...]:
        at = self._answer("acknowledge", now)
        return (self._acknowledged(ids, by, at),)

    def tell_on_the_way(self, ids: SummonsIds, minutes: int, *, by: str, now: datetime) -> tuple[SummonsUnitEvent, ...]:
        at = self._answer("on_the_way", now)
        expected_at = at + timedelta(minutes=minutes)
        self.expected_at = expected_at
        self.substitute = None
        told = SummonsUnitOnTheWay(**ids, unit=self.unit, expected_at=expected_at, told_at=at)
        return (*self._acknowledged_first(ids, by, at), told)

    def send_substitute(
        self, ids: SummonsIds, post: str, minutes: int, *, by: str, now: datetime
    ) -> tuple[SummonsUnitEvent, ...]:
        at = self._answer("substitute", now)
        expected_at = at + timedelta(minutes=minutes)
        self.expected_at = expected_at
        self.substitute = post
        told = SummonsUnitSubstituteSent(**ids, unit=self.unit, substitute=post, expected_at=expected_at, told_at=at)
        return (*self._acknowledged_first(ids, by, at), told)

    def tell_cannot_come(self, ids: SummonsIds, reason: str, *, now: datetime) -> tuple[SummonsUnitEvent, ...]:
        """Still awaited, and still rung: only arrival or the end is final."""
        at = self._answer("cannot_come", now)
        self.coming_since = None
        self.expected_at = None
        self.substitute = None
        self.cannot_come_at = at
        self.cannot_come_reason = reason
        return (SummonsUnitCannotCome(**ids, unit=self.unit, told_at=at),)

    # -- what others tell of it ----------------------------------------------------------------------------------------

    def call(self, *, at: datetime) -> None:
        self.move("call", field="summons_id")
        self.called_at = at

    def hear_of_notice(self, ids: SummonsIds, channel: str, *, at: datetime) -> SummonsUnitNotified | None:
        """The first notice left for it. None where that is known, or it was never called."""
        if self.called_at is None or self.notified_at is not None:
            return None
        notified_at = max(at, self.called_at)
        self.notified_at = notified_at
        self.notified_channel = channel
        return SummonsUnitNotified(**ids, unit=self.unit, channel=channel, notified_at=notified_at)

    def arrive(self, ids: SummonsIds, *, by: str, how: Literal["room", "code"], now: datetime) -> SummonsUnitArrived:
        self.move("arrive", field="unit")
        at = self.not_before(now)
        self.answered_at = self.answered_at or at
        self.coming_since = self.coming_since or at
        self.arrived_at = at
        self.checked_in_by = by
        self.checked_in = how
        self.ended_at = at
        return SummonsUnitArrived(**ids, unit=self.unit, checked_in=how, arrived_at=at)

    def give_up(self, ids: SummonsIds, *, at: datetime) -> SummonsUnitNotArrived:
        self.move("give_up", field="unit")
        ended_at = self.not_before(at)
        self.ended_at = ended_at
        return SummonsUnitNotArrived(**ids, unit=self.unit, ended_at=ended_at)

    def stand_down(self, *, now: datetime) -> None:
        self.move("stand_down", field="summons_id")
        self.ended_at = self.not_before(now)

    # -- rules ---------------------------------------------------------------------------------------------------------

    def move(self, verb: CalledUnitVerb, *, field: str) -> None:
        after = CALLED_UNIT_MOVES.get((self.now_is, verb))
        if after is None:
            refusal, words = _WHY_NOT[self.now_is]
            raise refusal(words.format(unit=self.unit), field=field, unit=self.unit, state=self.state)
        self.state = after

    def not_before(self, now: datetime) -> datetime:
        """`now`, or the last instant known of this unit where the clock was set back since."""
        return max(now, self.called_at or now, self.told_at or now)

    def _answer(self, verb: AnswerVerb, now: datetime) -> datetime:
        self.move(verb, field="summons_id")
        at = self.not_before(now)
        self.answered_at = self.answered_at or at
        self.coming_since = self.coming_since or at
        self.told_at = at
        return at

    def _acknowledged_first(self, ids: SummonsIds, by: str, at: datetime) -> tuple[SummonsUnitAcknowledged, ...]:
        """Who says that they come has heard the whistle."""
        return (self._acknowledged(ids, by, at),) if self.acknowledged_at is None else ()

    def _acknowledged(self, ids: SummonsIds, by: str, at: datetime) -> SummonsUnitAcknowledged:
        if self.acknowledged_at is None:
            self.acknowledged_at = at
            self.acknowledged_by = by
        return SummonsUnitAcknowledged(**ids, unit=self.unit, acknowledged_at=at)


_WHY_NOT: Mapping[UnitSummonsState, tuple[type[Refused], str]] = {
    UnitSummonsState.NAMED: (SummonsNotApproved, "this summons is not approved, so {unit} is not called"),
    UnitSummonsState.CALLED: (NotPossibleNow, "{unit} is called already"),
    UnitSummonsState.ACKNOWLEDGED: (AcknowledgedAlready, "{unit} acknowledged already"),
    UnitSummonsState.ON_THE_WAY: (AcknowledgedAlready, "{unit} acknowledged already: it is on the way"),
    UnitSummonsState.SUBSTITUTE_SENT: (AcknowledgedAlready, "{unit} acknowledged already: it sent a substitute"),
    UnitSummonsState.CANNOT_COME: (CannotComeAlready, "{unit} said already that it cannot come"),
    UnitSummonsState.ARRIVED: (UnitArrivedAlready, "{unit} is checked in already"),
    UnitSummonsState.NOT_ARRIVED: (UnitGivenUp, "{unit} was recorded as not arrived"),
    UnitSummonsState.STOOD_DOWN: (SummonsOver, "{unit} was stood down and is awaited no longer"),
}
