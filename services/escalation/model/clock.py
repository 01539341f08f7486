"""A clock: one promise in time, from the moment it is owed until it is met or not owed any more."""

from datetime import datetime
from typing import Any, Literal, TypedDict, cast
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.escalation.model.base import SCHEMA, Base
from services.escalation.policy.agenda import Step, Told, due_steps, frozen, thawed
from services.escalation.policy.obligations import Obligation, Which
from services.escalation.policy.terms import Terms
from shared.contracts.escalation import (
    ArrivalGivenUp,
    ClockArmed,
    ClockCancelled,
    ClockEvent,
    ClockMet,
    ClockOverdue,
    ClockWarned,
    NoticeIssued,
    Stage,
)

State = Literal["armed", "overdue", "met", "met_late", "cancelled"]
Events = tuple[ClockEvent, ...]

_OPEN = "state in ('armed', 'overdue')"


class _Ids(TypedDict):
    case_id: UUID
    case_code: str
    clock: str
    stage: Stage
    owes: str


class Clock(Base):
    """Open while `armed` or `overdue`. The due time is never edited, and that it fired is never erased.

    `plan` is everything the clock will do, frozen when it was armed; `next_step` counts what is behind it, `next_at` is
    the instant of the next step, null when none is left or the clock has ended.
    """

    __tablename__ = "clock"
    __table_args__ = (
        sa.CheckConstraint("state in ('armed', 'overdue', 'met', 'met_late', 'cancelled')", name="clock_state_known"),
        sa.CheckConstraint(f"(ended_at is null) = ({_OPEN})", name="clock_open_until_ended"),
        sa.CheckConstraint("ended_at is null or next_at is null", name="clock_ended_is_silent"),
        sa.CheckConstraint("state <> 'armed' or fired_at is null", name="clock_armed_has_not_fired"),
        sa.CheckConstraint("state not in ('overdue', 'met_late') or fired_at is not null", name="clock_late_has_fired"),
        sa.CheckConstraint("(state = 'cancelled') = (reason is not null)", name="clock_cancelled_with_reason"),
        sa.CheckConstraint("due_at > started_at", name="clock_due_after_start"),
        sa.Index("clock_next", "next_at", postgresql_where=sa.text("next_at is not null")),
        sa.Index("clock_open", "due_at", postgresql_where=sa.text("ended_at is null")),
        sa.Index("clock_case", "case_id"),
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey(f"{SCHEMA}.case_file.case_id"))
    case_code: Mapped[str]
    stage: Mapped[str]
    owes: Mapped[str]
    work_order_id: Mapped[UUID | None]
    summons_id: Mapped[UUID | None]
    started_at: Mapped[datetime]
    armed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    provisional: Mapped[bool]
    limit_text: Mapped[str]
    limit_id: Mapped[str]
    limit_source: Mapped[str]
    pack_version: Mapped[str]
    plan: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    next_step: Mapped[int]
    next_at: Mapped[datetime | None]
    state: Mapped[str]
    fired_at: Mapped[datetime | None]
    warned: Mapped[list[int]] = mapped_column(ARRAY(sa.Integer))
    acknowledged_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str | None]

    @classmethod
    def of(cls, case_id: UUID, case_code: str, obligation: Obligation, terms: Terms, *, now: datetime) -> "Clock":
        return cls(
            key=obligation.key,
            case_id=case_id,
            case_code=case_code,
            stage=obligation.stage,
            owes=obligation.owes,
            work_order_id=obligation.work_order_id,
            summons_id=obligation.summons_id,
            started_at=obligation.started_at,
            armed_at=now,
            due_at=terms.due_at,
            provisional=terms.provisional,
            limit_text=terms.limit,
            limit_id=terms.limit_id,
            limit_source=terms.limit_source,
            pack_version=obligation.grounds.pack_version,
            plan=frozen(terms.steps),
            next_step=0,
            next_at=terms.steps[0].at,
            state="armed",
            warned=[],
        )

    # -- verbs, of an open clock ---------------------------------------------------------------------------------------

    def armed(self) -> ClockArmed:
        return ClockArmed(
            **self._ids(),
            started_at=self.started_at,
            due_at=self.due_at,
            provisional=self.provisional,
            limit=self.limit_text,
            limit_id=self.limit_id,
            limit_source=self.limit_source,
            pack_version=self.pack_version,
            armed_at=self.armed_at,
        )

    def advance(self, now: datetime) -> Events:
        """Does everything that has come due: warns, fires once, climbs the ladder."""
        come = due_steps(
            thawed(self.plan[self.next_step :]),
            next_step=self.next_step,
            due_at=self.due_at,
            acknowledged=self.acknowledged_at is not None,
            now=now,
        )
        self.next_step, self.next_at = come.next_step, come.next_at
        return tuple(event for step in come.steps for event in self._do(step, now))

    def acknowledge(self, at: datetime) -> None:
        """Steps of the ladder `unless acknowledged` are left out from now on."""
        self.acknowledged_at = self.acknowledged_at or at

    def meet(self, at: datetime, *, now: datetime) -> Events:
        """Kept, in time or late. A clock met late has fired, even where no sweep came by in between."""
        late = at > self.due_at
        fired = self._fire(now) if late else ()
        self._end("met_late" if late else "met", at)
        return (*fired, ClockMet(**self._ids(), due_at=self.due_at, met_at=at, late=late))

    def cancel(self, reason: str, at: datetime, *, now: datetime) -> Events:
        """Not owed any more. If it was overdue by then, that stays on record."""
        fired = self._fire(now) if at > self.due_at else ()
        return (*fired, *self.withdraw(reason, at))

    def withdraw(self, reason: str, at: datetime) -> Events:
        """Cancelled without a look at the due time: for what was told here only after it was over."""
        self._end("cancelled", at)
        self.reason = reason
        return (ClockCancelled(**self._ids(), reason=reason, cancelled_at=at),)

    # -- facts ---------------------------------------------------------------------------------------------------------

    @property
    def open(self) -> bool:
        return self.ended_at is None

    def fits(self, which: Which) -> bool:
        wanted = (
            (which.key, self.key),
            (which.stage, self.stage),
            (which.work_order_id, self.work_order_id),
            (which.summons_id, self.summons_id),
        )
        return all(value is None or value == own for value, own in wanted)

    # -- pieces --------------------------------------------------------------------------------------------------------

    def _do(self, step: Step, now: datetime) -> Events:
        if step.kind == "warn":
            self.warned = [*self.warned, step.percent]
            warned = ClockWarned(**self._ids(), percent=step.percent, due_at=self.due_at, warned_at=now)
            return (warned,)
        return self._fire(now) if step.kind == "fire" else self._climb(step, now)

    def _fire(self, now: datetime) -> Events:
        if self.fired_at is not None:
            return ()
        self.fired_at = now
        self.state = "overdue"
        orders = {"work_order_id": self.work_order_id, "summons_id": self.summons_id}
        return (ClockOverdue(**self._ids(), due_at=self.due_at, fired_at=now, **orders),)

    def _climb(self, step: Step, now: datetime) -> Events:
        notices = tuple(
            NoticeIssued(
                **self._ids(),
                step=step.number,
                post=told.post,
                unit=told.unit,
                action=step.action,
                notice_id=self._notice_id(step, told),
                work_order_id=self.work_order_id,
                summons_id=self.summons_id,
                due_at=self.due_at,
                issued_at=now,
            )
            for told in step.told
        )
        if step.action != "end" or self.summons_id is None:
            return notices
        given_up = ArrivalGivenUp(**self._ids(), summons_id=self.summons_id, unit=self.owes, given_up_at=now)
        return (*notices, given_up)

    def _notice_id(self, step: Step, told: Told) -> UUID:
        """The same step tells the same post once, however often it is looked at."""
        return uuid5(self.case_id, f"{self.key}:{step.number}:{told.post}:{told.unit}")

    def _end(self, state: State, at: datetime) -> None:
        self.state = state
        self.ended_at = at
        self.next_at = None

    def _ids(self) -> _Ids:
        return {
            "case_id": self.case_id,
            "case_code": self.case_code,
            "clock": self.key,
            "stage": cast("Stage", self.stage),
            "owes": self.owes,
        }
