"""A clock's row: the terms it was armed with, and how far it is with its plan."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Self, TypedDict, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.escalation.model.base import SCHEMA, Base
from services.escalation.policy.agenda import Progress, Step, frozen, next_instant, thawed
from services.escalation.policy.obligations import RIGHTS, Obligation, Which
from services.escalation.policy.recounting import Counted
from services.escalation.policy.terms import Terms
from shared.contracts.escalation import Stage

State = Literal["armed", "overdue", "met", "met_late", "cancelled"]

_OPEN = "state in ('armed', 'overdue')"
_GUESSED = "provisional and ended_at is null and fired_at is null"


class ClockIds(TypedDict):
    case_id: UUID
    case_code: str
    clock: str
    stage: Stage
    owes: str


class ClockRow(Base):
    """Open while `armed` or `overdue`. The due time is never edited, and that it fired is never erased.

    `plan` is everything the clock will do, frozen when it was armed; `done` are the places in it that are behind it,
    `next_at` is the instant of the next step, null when none is left or the clock has ended. `unreached` are the
    notices of it that reached nobody, as step and post. `replaces` is the key of the clock whose promise this one took
    over, `moved_days` by how many working days later. Where a statute gives the due time, `service_due_at` is what the
    centre promises beside it.

    `first_due_at` is the due time it was armed with. Another one only ever comes from days published since, as an event
    of its own tells; `days_known` marks by which days it was counted.
    """

    __abstract__ = True
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
        sa.Index("clock_open_case", "case_id", postgresql_where=sa.text("ended_at is null")),
        sa.Index("clock_provisional", "days_known", postgresql_where=sa.text(_GUESSED)),
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
    first_due_at: Mapped[datetime]
    provisional: Mapped[bool]
    days_known: Mapped[str]
    limit_text: Mapped[str]
    limit_id: Mapped[str]
    limit_source: Mapped[str]
    service_due_at: Mapped[datetime | None]
    service_limit: Mapped[str | None]
    replaces: Mapped[str | None]
    moved_days: Mapped[int | None]
    pack_version: Mapped[str]
    plan: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    done: Mapped[list[int]] = mapped_column(ARRAY(sa.Integer))
    next_at: Mapped[datetime | None]
    state: Mapped[str]
    fired_at: Mapped[datetime | None]
    warned: Mapped[list[int]] = mapped_column(ARRAY(sa.Integer))
    acknowledged_at: Mapped[datetime | None]
    expected_at: Mapped[datetime | None]
    unreached: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    drill: Mapped[bool]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str | None]

    @classmethod
    def of(
        cls,
        case_id: UUID,
        case_code: str,
        obligation: Obligation,
        terms: Terms,
        *,
        now: datetime,
        replaces: str | None = None,
        days_known: str = "",
    ) -> Self:
        moved = obligation.moved
        clock = cls(
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
            first_due_at=terms.due_at,
            days_known=days_known,
            provisional=terms.provisional,
            limit_text=terms.limit,
            limit_id=terms.limit_id,
            limit_source=terms.limit_source,
            service_due_at=terms.service_due_at,
            service_limit=terms.service_limit,
            replaces=replaces,
            moved_days=None if moved is None else moved.days,
            pack_version=obligation.grounds.pack_version,
            done=[],
            next_at=next_instant(terms.steps, Progress()),
            state="armed",
            warned=[],
            unreached=[],
            drill=obligation.drill,
        )
        clock.lay_down(terms.steps)
        return clock

    # -- facts ---------------------------------------------------------------------------------------------------------

    @property
    def open(self) -> bool:
        return self.ended_at is None

    @property
    def a_right(self) -> bool:
        """Nobody owes it, so nobody is overdue with it."""
        return self.stage in RIGHTS

    @property
    def counted(self) -> Counted:
        return Counted(self.started_at, self.ended_at, self.reason, self.limit_text, self.replaces, self.moved_days)

    def fits(self, which: Which) -> bool:
        wanted = (
            (which.key, self.key),
            (which.stage, self.stage),
            (which.work_order_id, self.work_order_id),
            (which.summons_id, self.summons_id),
        )
        return all(value is None or value == own for value, own in wanted)

    # -- for its verbs -------------------------------------------------------------------------------------------------

    def lay_down(self, steps: tuple[Step, ...]) -> None:
        self.plan = frozen(steps)
        vars(self)["_thawed"] = self.plan, steps

    def steps(self) -> tuple[Step, ...]:
        """Thawed once for each plan the row has had: several verbs of one transaction ask for it."""
        kept: tuple[object, tuple[Step, ...]] = vars(self).get("_thawed", (None, ()))
        if kept[0] is not self.plan:
            kept = vars(self)["_thawed"] = self.plan, thawed(self.plan)
        return kept[1]

    @property
    def progress(self) -> Progress:
        return Progress(frozenset(self.done), self.acknowledged_at, self.expected_at)

    def look_ahead(self, plan: Sequence[Step]) -> None:
        self.next_at = next_instant(plan, self.progress)

    def ids(self) -> ClockIds:
        return {
            "case_id": self.case_id,
            "case_code": self.case_code,
            "clock": self.key,
            "stage": cast("Stage", self.stage),
            "owes": self.owes,
        }
