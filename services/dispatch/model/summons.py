"""中心吹哨、部门报到: who was called to the command centre for a case, and who came."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Self, TypedDict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.errors.cases import NotOwnUnit
from services.dispatch.errors.summonses import AskerMayNotApprove, SummonsDecided, SummonsOver, UnitNotSummoned
from services.dispatch.model.base import Base
from services.dispatch.model.called_unit import CalledUnit
from services.dispatch.model.work_order import Graded
from services.dispatch.policy.summoning import (
    AWAITED,
    OPEN_SUMMONSES,
    SUMMONS_MOVES,
    SummonsState,
    SummonsVerb,
    how_it_ends,
)
from shared.contracts.actors import Actor
from shared.contracts.dispatch import (
    AskSummons,
    SummonsApproved,
    SummonsAsked,
    SummonsEnded,
    SummonsEvent,
    SummonsRefused,
    SummonsUnitAcknowledged,
    SummonsUnitArrived,
    SummonsUnitCalled,
    SummonsUnitNotArrived,
    UnitSummonsState,
)
from shared.infra.spine import DEFERRED


class _Ids(TypedDict):
    case_id: UUID
    case_code: str
    summons_id: UUID


class Summons(Base):
    """One call of units to the command centre: asked, approved by another, and always ended on record.

    Its row is locked by whoever changes it or one of its units.
    """

    __tablename__ = "summons"
    __table_args__ = (
        sa.CheckConstraint(
            "state in ('asked', 'running', 'refused', 'assembled', 'incomplete', 'stood_down')", name="summons_state"
        ),
        sa.CheckConstraint(
            "state in ('asked', 'refused', 'stood_down') or coalesce(decided_by, asked_by) <> asked_by",
            name="asker_does_not_approve",
        ),
        sa.Index("summons_open", "case_id", postgresql_where=sa.text("state in ('asked', 'running')")),
        sa.Index("summons_asked_at", "asked_at"),
    )

    summons_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("dispatch.routed_case.case_id", **DEFERRED))
    case_code: Mapped[str]
    ground: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    refuse_reason: Mapped[str | None]
    pack_version: Mapped[str | None]
    stood_down_by: Mapped[str | None]
    stand_down_reason: Mapped[str | None]
    ended_at: Mapped[datetime | None]

    # -- verbs ---------------------------------------------------------------------------------------------------------

    @classmethod
    def ask(
        cls, ask: AskSummons, case_id: UUID, case_code: str, *, summons_id: UUID, now: datetime
    ) -> tuple[Self, list[CalledUnit], SummonsAsked]:
        summons = cls(
            summons_id=summons_id,
            case_id=case_id,
            case_code=case_code,
            ground=ask.ground.value,
            reason=ask.reason,
            state=SummonsState.ASKED,
            asked_by=ask.actor.staff,
            asked_at=now,
        )
        units = [
            CalledUnit(summons_id=summons_id, unit=unit, position=position, state=UnitSummonsState.NAMED)
            for position, unit in enumerate(ask.units)
        ]
        return summons, units, SummonsAsked(**summons._ids(), ground=ask.ground, units=ask.units, asked_at=now)

    def approve(
        self, units: Sequence[CalledUnit], graded: Graded, *, by: Actor, pack_version: str, now: datetime
    ) -> tuple[SummonsEvent, ...]:
        """Calls every unit in the same instant. `pack_version` is the one in force: its ladder stays to the end."""
        if by.staff == self.asked_by:
            raise AskerMayNotApprove("you asked for this summons; another has to approve it", field="actor.staff")
        self._move("approve")
        self.decided_by = by.staff
        self.decided_at = now
        self.pack_version = pack_version
        called = tuple(self._call(unit, graded, pack_version, now=now) for unit in units)
        return (SummonsApproved(**self._ids(), approved_at=now), *called)

    def refuse(self, reason: str, *, by: Actor, now: datetime) -> SummonsRefused:
        self._move("refuse")
        self.decided_by = by.staff
        self.decided_at = now
        self.refuse_reason = reason
        self.ended_at = now
        return SummonsRefused(**self._ids(), refused_at=now)

    def acknowledge(self, units: Sequence[CalledUnit], *, by: Actor, now: datetime) -> SummonsUnitAcknowledged:
        """The unit has heard the whistle. Its 20 minutes run on."""
        if by.unit is None:
            raise NotOwnUnit("only a summoned unit's liaison or lead acknowledges", field="actor.unit")
        unit = _the(units, by.unit, field="actor.unit")
        unit.move("acknowledge", field="summons_id")
        unit.acknowledged_at = now
        unit.acknowledged_by = by.staff
        return SummonsUnitAcknowledged(**self._ids(), unit=unit.unit, acknowledged_at=now)

    def check_in(self, units: Sequence[CalledUnit], code: str, *, by: Actor, now: datetime) -> tuple[SummonsEvent, ...]:
        """到岗: who is in the room counts as arrived, acknowledged before or not."""
        unit = _the(units, code, field="unit")
        self._require_awaiting(unit)
        unit.move("arrive", field="unit")
        unit.arrived_at = now
        unit.checked_in_by = by.staff
        unit.ended_at = now
        arrived = SummonsUnitArrived(**self._ids(), unit=unit.unit, arrived_at=now)
        return (arrived, *self._end_if_nobody_is_awaited(units, now=now))

    def give_up(self, units: Sequence[CalledUnit], code: str, *, at: datetime) -> tuple[SummonsEvent, ...]:
        """The end of the unit's ladder. Nothing where the unit came, or the summons ended, in the meantime."""
        unit = _the(units, code, field="unit")
        if unit.now_is not in AWAITED:
            return ()
        unit.move("give_up", field="unit")
        unit.ended_at = at
        missing = SummonsUnitNotArrived(**self._ids(), unit=unit.unit, ended_at=at)
        return (missing, *self._end_if_nobody_is_awaited(units, now=at))

    def stand_down(self, units: Sequence[CalledUnit], *, by: str, reason: str | None, now: datetime) -> SummonsEnded:
        """No longer needed: whoever has not come yet need not, and is not missing."""
        self._move("stand_down")
        for unit in units:
            if unit.now_is in AWAITED:
                unit.move("stand_down", field="summons_id")
                unit.ended_at = now
        self.stood_down_by = by
        self.stand_down_reason = reason
        return self._ended("stood_down", now=now)

    # -- rules ---------------------------------------------------------------------------------------------------------

    @property
    def open(self) -> bool:
        return SummonsState(self.state) in OPEN_SUMMONSES

    def _call(self, unit: CalledUnit, graded: Graded, pack_version: str, *, now: datetime) -> SummonsUnitCalled:
        unit.move("call", field="summons_id")
        unit.called_at = now
        return SummonsUnitCalled(
            **self._ids(),
            unit=unit.unit,
            level=graded["level"],
            category=graded["category"],
            pack_version=pack_version,
            called_at=now,
        )

    def _end_if_nobody_is_awaited(self, units: Sequence[CalledUnit], *, now: datetime) -> tuple[SummonsEnded, ...]:
        verb = how_it_ends(unit.now_is for unit in units)
        if verb is None:
            return ()
        self._move(verb)
        return (self._ended("assembled" if verb == "assemble" else "incomplete", now=now),)

    def _ended(self, outcome: Literal["assembled", "incomplete", "stood_down"], *, now: datetime) -> SummonsEnded:
        self.ended_at = now
        return SummonsEnded(**self._ids(), outcome=outcome, ended_at=now)

    def _move(self, verb: SummonsVerb) -> None:
        after = SUMMONS_MOVES.get((SummonsState(self.state), verb))
        if after is None:
            raise self._why_not(verb)
        self.state = after

    def _why_not(self, verb: SummonsVerb) -> SummonsDecided | SummonsOver:
        if verb in ("approve", "refuse") and self.decided_by is not None:
            word = "refused" if self.state == SummonsState.REFUSED else "approved"
            words = f"{self.decided_by} {word} this summons already"
            return SummonsDecided(words, field="summons_id", state=self.state)
        return SummonsOver(f"this summons is {self.state}", field="summons_id", state=self.state)

    def _require_awaiting(self, unit: CalledUnit) -> None:
        if not self.open and unit.now_is is not UnitSummonsState.ARRIVED:
            raise SummonsOver(
                f"this summons ended: it is {self.state}; nobody is checked in any more",
                field="summons_id",
                state=self.state,
            )

    def _ids(self) -> _Ids:
        return {"case_id": self.case_id, "case_code": self.case_code, "summons_id": self.summons_id}


def _the(units: Sequence[CalledUnit], code: str, *, field: str) -> CalledUnit:
    found = next((unit for unit in units if unit.unit == code), None)
    if found is None:
        raise UnitNotSummoned(f"{code} is not called by this summons", field=field, unit=code)
    return found
