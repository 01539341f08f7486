"""排班: a roster as it stands, each way it stood before, and what overrides it for a stretch of time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.errors.duty import OverrideIsOver, OverridesApart, RosterKeepsKind, TooManyOverrides
from services.dispatch.model.base import Base
from services.dispatch.policy.duty import OVERRIDES_AHEAD_MAX, TOLD_FOR_DAYS, without_words
from shared.contracts.actors import Actor
from shared.contracts.dispatch import CancelOverride, RosterChanged
from shared.duty import Override, Roster
from shared.infra.spine import DEFERRED


class DutyRoster(Base):
    """A roster's place. Whoever changes the roster, its overrides or its swaps holds the lock of this row."""

    __tablename__ = "roster"

    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    unit: Mapped[str | None]
    revision: Mapped[int]
    checked_revision: Mapped[int]
    checked_at: Mapped[datetime | None]

    def takes(self, roster: Roster) -> None:
        """Refuses what would make another duty of it."""
        if roster.overrides:
            raise OverridesApart("set the roster without overrides; make each with make_override", field="roster")
        if (roster.kind, roster.unit) != (self.kind, self.unit):
            whose = "" if self.unit is None else f" of {self.unit}"
            raise RosterKeepsKind(
                f"{self.code} is a {self.kind} roster{whose}; use another code for another duty", field="roster.code"
            )

    def changed(self, roster: Roster, *, now: datetime) -> RosterChanged:
        """`roster` carries its overrides. Long past ones are not told again, nor what anybody wrote."""
        self.revision += 1
        recent = tuple(each for each in roster.overrides if each.ends_at > now - timedelta(days=TOLD_FOR_DAYS))
        told = without_words(roster.model_copy(update={"overrides": recent}))
        return RosterChanged(roster=told, changed_at=now)


class RosterVersion(Base):
    """A roster as it was in force from one instant up to another. Never changed but for its end."""

    __tablename__ = "roster_version"
    __table_args__ = (
        sa.CheckConstraint("in_force_until >= in_force_from", name="roster_version_ends_after_it_begins"),
        sa.Index("one_roster_in_force", "roster", unique=True, postgresql_where=sa.text("in_force_until is null")),
        sa.Index("roster_version_by_time", "roster", "in_force_from"),
    )

    version_id: Mapped[UUID] = mapped_column(primary_key=True)
    roster: Mapped[str] = mapped_column(sa.ForeignKey("dispatch.roster.code", **DEFERRED))
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    set_by: Mapped[str]
    in_force_from: Mapped[datetime]
    in_force_until: Mapped[datetime | None]

    @classmethod
    def of(cls, roster: Roster, *, version_id: UUID, by: Actor, now: datetime) -> Self:
        return cls(
            version_id=version_id,
            roster=roster.code,
            content=roster.model_dump(mode="json"),
            set_by=by.name,
            in_force_from=now,
            in_force_until=None,
        )

    def noun(self, overrides: Sequence["RosterOverride"]) -> Roster:
        """With the overrides that ever held, in the order they were made."""
        made = sorted(overrides, key=lambda each: (each.made_at, each.override_id))
        nouns = tuple(noun for each in made if each.roster == self.roster and (noun := each.noun()) is not None)
        return Roster.model_validate(self.content).model_copy(update={"overrides": nouns})

    def superseded(self, *, now: datetime) -> datetime:
        """Ends here, and the next begins: at `now`, or where this one began if the clock was set back meanwhile."""
        ended_at = self.in_force_until = max(now, self.in_force_from)
        return ended_at


class RosterOverride(Base):
    """A stretch in which the rotations do not decide alone. Cancelled, it keeps what was and loses what was to come."""

    __tablename__ = "roster_override"
    __table_args__ = (
        sa.CheckConstraint("action in ('add', 'remove', 'replace', 'temporary')", name="override_action"),
        sa.CheckConstraint("shift in ('primary', 'backup')", name="override_shift"),
        sa.CheckConstraint("origin in ('person', 'swap', 'substitution', 'import')", name="override_origin"),
        sa.CheckConstraint("ends_at > starts_at", name="override_ends_after_it_starts"),
        sa.CheckConstraint("(action = 'replace') = (instead_of is not null)", name="override_replaces_somebody"),
        sa.CheckConstraint("starts_at >= made_at", name="override_is_of_the_future"),
        sa.CheckConstraint("(cancelled_at is null) = (cancelled_by is null)", name="override_cancelled_by_somebody"),
        sa.Index("roster_override_by_time", "roster", "ends_at"),
    )

    override_id: Mapped[UUID] = mapped_column(primary_key=True)
    roster: Mapped[str] = mapped_column(sa.ForeignKey("dispatch.roster.code", **DEFERRED))
    action: Mapped[str]
    staff: Mapped[str]
    unit: Mapped[str | None]
    instead_of: Mapped[str | None]
    shift: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str]
    origin: Mapped[str]
    swap_id: Mapped[UUID | None]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None]
    cancel_reason: Mapped[str | None]

    @classmethod
    def of(cls, roster: Roster, override: Override, *, swap_id: UUID | None = None) -> Self:
        """A row for a complete override (with its id, its maker and its time)."""
        ahead = sum(1 for each in roster.overrides if override.made_at is None or each.ends_at > override.made_at)
        if ahead >= OVERRIDES_AHEAD_MAX:
            raise TooManyOverrides(
                f"{roster.code} has {ahead} overrides still to come; set the roster anew", field="roster"
            )
        facts = override.model_dump(exclude={"override_id"})
        return cls(
            override_id=override.override_id,
            roster=roster.code,
            swap_id=swap_id,
            cancelled_at=None,
            cancelled_by=None,
            cancel_reason=None,
            **facts,
        )

    @property
    def held_until(self) -> datetime:
        return self.ends_at if self.cancelled_at is None else min(self.ends_at, self.cancelled_at)

    def noun(self) -> Override | None:
        """As it holds; None where it was cancelled before it began."""
        if self.held_until <= self.starts_at:
            return None
        return Override.model_validate(
            {name: getattr(self, name) for name in Override.model_fields} | {"ends_at": self.held_until}
        )

    def cancel(self, command: CancelOverride, *, now: datetime) -> None:
        if self.held_until <= now or self.cancelled_at is not None:
            raise OverrideIsOver("this override is over or cancelled; what was stays on record", field="override_id")
        self.cancelled_at = max(now, self.made_at)
        self.cancelled_by = command.actor.name
        self.cancel_reason = command.reason


class DutyGap(Base):
    """A gap that was told. Filled, it is closed, and told again only if it opens again."""

    __tablename__ = "duty_gap"
    __table_args__ = (
        sa.Index(
            "duty_gap_told_once", "roster", "starts_at", unique=True, postgresql_where=sa.text("filled_at is null")
        ),
    )

    gap_id: Mapped[UUID] = mapped_column(primary_key=True)
    roster: Mapped[str] = mapped_column(sa.ForeignKey("dispatch.roster.code", **DEFERRED))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    found_at: Mapped[datetime]
    filled_at: Mapped[datetime | None]

    def meets(self, starts_at: datetime, ends_at: datetime) -> bool:
        return self.starts_at <= ends_at and starts_at <= self.ends_at
