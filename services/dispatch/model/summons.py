"""中心吹哨、部门报到: units called to the command centre for a case: asked, decided, ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.errors.summonses import AskerMayNotApprove, NoRoomCode, SummonsDecided, SummonsOver
from services.dispatch.model.base import Base
from services.dispatch.model.called_unit import CalledUnit, SummonsIds
from services.dispatch.model.work_order import Graded
from services.dispatch.policy.picking import Pick
from services.dispatch.policy.summoning import (
    CALLED,
    OPEN_SUMMONSES,
    SUMMONS_MOVES,
    SummonsState,
    SummonsVerb,
    awaited,
    how_it_ends,
)
from shared.contracts.actors import Actor
from shared.contracts.dispatch import (
    AskDrill,
    AskSummons,
    SummonsApproved,
    SummonsAsked,
    SummonsEnded,
    SummonsEvent,
    SummonsGround,
    SummonsRefused,
    SummonsUnitCalled,
    UnitSummonsState,
)
from shared.infra.spine import DEFERRED

DRILL = "drill"


class Summons(Base):
    """One call of units to the command centre: asked, approved by another, and always ended on record.

    Its row is locked by whoever changes it or one of its units. A drill (演练) is one of no case. What its units
    answer, and who came, is the `RollCall`'s.
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
        sa.CheckConstraint("drill = (case_id is null)", name="drill_has_no_case"),
        sa.CheckConstraint("room_code ~ '^[0-9]{6}$'", name="room_code_is_six_digits"),
        sa.Index("summons_open", "case_id", postgresql_where=sa.text("state in ('asked', 'running')")),
        sa.Index("summons_asked_at", "asked_at"),
    )

    summons_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("dispatch.routed_case.case_id", **DEFERRED))
    case_code: Mapped[str]
    drill: Mapped[bool]
    ground: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    refuse_reason: Mapped[str | None]
    pack_version: Mapped[str | None]
    room_code: Mapped[str | None]
    stood_down_by: Mapped[str | None]
    stand_down_reason: Mapped[str | None]
    ended_at: Mapped[datetime | None]

    # -- asked ---------------------------------------------------------------------------------------------------------

    @classmethod
    def ask(
        cls, ask: AskSummons, case_id: UUID, case_code: str, picks: Sequence[Pick], *, summons_id: UUID, now: datetime
    ) -> tuple[Self, list[CalledUnit], SummonsAsked]:
        return cls._new(ask, ask.ground, case_id, case_code, picks, summons_id=summons_id, now=now)

    @classmethod
    def ask_drill(
        cls, ask: AskDrill, *, summons_id: UUID, now: datetime
    ) -> tuple[Self, list[CalledUnit], SummonsAsked]:
        """演练, played as an urgent matter."""
        picks = [Pick(unit) for unit in ask.units]
        return cls._new(ask, SummonsGround.URGENT, None, DRILL, picks, summons_id=summons_id, now=now)

    # -- decided -------------------------------------------------------------------------------------------------------

    def approve(
        self,
        units: Sequence[CalledUnit],
        graded: Graded,
        *,
        by: Actor,
        pack_version: str,
        room_code: str,
        now: datetime,
    ) -> tuple[SummonsEvent, ...]:
        """Calls every unit in the same instant. `pack_version` is the one in force: its ladder stays to the end."""
        if by.staff == self.asked_by:
            raise AskerMayNotApprove("you asked for this summons; another has to approve it", field="actor.staff")
        self._move("approve")
        at = self._decided(by, now)
        self.pack_version = pack_version
        self.room_code = room_code
        called = tuple(self._call(unit, graded, pack_version, at=at) for unit in units)
        return (SummonsApproved(**self.ids(), approved_at=at), *called)

    def refuse(self, reason: str, *, by: Actor, now: datetime) -> SummonsRefused:
        self._move("refuse")
        at = self._decided(by, now)
        self.ended_at = at
        self.refuse_reason = reason
        return SummonsRefused(**self.ids(), refused_at=at)

    # -- ended ---------------------------------------------------------------------------------------------------------

    def stand_down(self, units: Sequence[CalledUnit], *, by: str, reason: str | None, now: datetime) -> SummonsEnded:
        """No longer needed: whoever has not come yet need not, and is not missing."""
        self._move("stand_down")
        for unit in units:
            if awaited(unit.now_is, drill=self.drill):
                unit.stand_down(now=now)
        self.stood_down_by = by
        self.stand_down_reason = reason
        return self._ended(units, "stood_down", now=now)

    def end_if_nobody_is_awaited(self, units: Sequence[CalledUnit], *, now: datetime) -> tuple[SummonsEnded, ...]:
        verb = how_it_ends((unit.now_is for unit in units), drill=self.drill)
        if verb is None:
            return ()
        self._move(verb)
        return (self._ended(units, "assembled" if verb == "assemble" else "incomplete", now=now),)

    # -- facts and rules -----------------------------------------------------------------------------------------------

    @property
    def open(self) -> bool:
        return SummonsState(self.state) in OPEN_SUMMONSES

    def code_on_the_wall(self) -> str:
        if self.room_code is None:
            words = f"this summons has no room code: it is {self._state_words()}"
            raise NoRoomCode(words, field="summons_id", state=self.state)
        return self.room_code

    def require_awaiting(self, unit: CalledUnit) -> None:
        """Nobody answers a summons that is over; a unit with an end of its own is told that instead."""
        if not self.open and unit.now_is in CALLED | {UnitSummonsState.NOT_ARRIVED}:
            raise SummonsOver(
                f"this summons ended: it is {self._state_words()}; nobody is awaited or checked in any more",
                field="summons_id",
                state=self.state,
            )

    def ids(self) -> SummonsIds:
        return {
            "case_id": self.case_id or self.summons_id,
            "case_code": self.case_code,
            "summons_id": self.summons_id,
            "drill": self.drill,
        }

    # -- pieces --------------------------------------------------------------------------------------------------------

    @classmethod
    def _new(
        cls,
        ask: AskSummons | AskDrill,
        ground: SummonsGround,
        case_id: UUID | None,
        case_code: str,
        picks: Sequence[Pick],
        *,
        summons_id: UUID,
        now: datetime,
    ) -> tuple[Self, list[CalledUnit], SummonsAsked]:
        summons = cls(
            summons_id=summons_id,
            case_id=case_id,
            case_code=case_code,
            drill=case_id is None,
            ground=ground.value,
            reason=ask.reason,
            state=SummonsState.ASKED,
            asked_by=ask.actor.staff,
            asked_at=now,
        )
        units = [CalledUnit.named(summons_id, pick, position) for position, pick in enumerate(picks)]
        names = tuple(pick.unit for pick in picks)
        plans = tuple(dict.fromkeys(pick.plan for pick in picks if pick.plan is not None))
        asked = SummonsAsked(**summons.ids(), ground=ground, units=names, plans=plans, asked_at=now)
        return summons, units, asked

    def _decided(self, by: Actor, now: datetime) -> datetime:
        self.decided_by = by.staff
        at = max(now, self.asked_at)
        self.decided_at = at
        return at

    def _call(self, unit: CalledUnit, graded: Graded, pack_version: str, *, at: datetime) -> SummonsUnitCalled:
        unit.call(at=at)
        return SummonsUnitCalled(
            **self.ids(),
            unit=unit.unit,
            level=graded["level"],
            category=graded["category"],
            place=graded["place"],
            pack_version=pack_version,
            called_at=at,
        )

    def _ended(
        self, units: Sequence[CalledUnit], outcome: Literal["assembled", "incomplete", "stood_down"], *, now: datetime
    ) -> SummonsEnded:
        """Never before anything that happened in it, where the clock was set back. The code leaves the wall."""
        last = (unit.not_before(unit.ended_at or now) for unit in units)
        at = max(now, self.asked_at, self.decided_at or now, *last)
        self.ended_at = at
        self.room_code = None
        return SummonsEnded(**self.ids(), outcome=outcome, ended_at=at)

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
        return SummonsOver(f"this summons is {self._state_words()}", field="summons_id", state=self.state)

    def _state_words(self) -> str:
        return self.state.replace("_", " ")


def units_called_on(case_id: UUID) -> sa.Select[str]:
    """Units that an open summons of this case names."""
    open_on_it = sa.and_(Summons.case_id == case_id, Summons.state.in_(OPEN_SUMMONSES))
    return sa.select(CalledUnit.unit).join(Summons, Summons.summons_id == CalledUnit.summons_id).where(open_on_it)
