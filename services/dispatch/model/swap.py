"""换班: one post asks another to take a stretch of duty; only the asked one's word makes it so."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.errors.duty import SwapDecided, SwapHalfReturned, SwapLapsed, SwapWithItself
from services.dispatch.model.base import Base
from services.dispatch.policy.duty import stretch_to_come
from shared.contracts.actors import Actor
from shared.contracts.dispatch import AskSwap, Swap
from shared.duty import Override
from shared.infra.spine import DEFERRED

SWAP_WORDS = "换班"


class RosterSwap(Base):
    __tablename__ = "roster_swap"
    __table_args__ = (
        sa.CheckConstraint("state in ('asked', 'accepted', 'declined', 'lapsed')", name="swap_state"),
        sa.CheckConstraint("gives <> takes", name="swap_between_two"),
        sa.CheckConstraint(
            "(returned_starts_at is null) = (returned_ends_at is null)", name="swap_returned_stretch_is_whole"
        ),
        sa.CheckConstraint("(state in ('asked', 'lapsed')) = (answered_by is null)", name="swap_answered_by_somebody"),
        sa.Index("roster_swap_open", "roster", postgresql_where=sa.text("state = 'asked'")),
    )

    swap_id: Mapped[UUID] = mapped_column(primary_key=True)
    roster: Mapped[str] = mapped_column(sa.ForeignKey("dispatch.roster.code", **DEFERRED))
    gives: Mapped[str]
    takes: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    returned_starts_at: Mapped[datetime | None]
    returned_ends_at: Mapped[datetime | None]
    state: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]

    @classmethod
    def ask(cls, command: AskSwap, *, swap_id: UUID, now: datetime) -> Self:
        if command.gives == command.takes:
            raise SwapWithItself(f"{command.gives} cannot swap with itself", field="takes")
        if (command.returned_starts_at is None) != (command.returned_ends_at is None):
            raise SwapHalfReturned("say when the returned stretch starts and when it ends", field="returned_ends_at")
        if command.starts_at <= now:
            raise SwapLapsed("a swap is asked before its stretch begins", field="starts_at")
        stretch_to_come(command.starts_at, command.ends_at, now=now)
        if command.returned_starts_at is not None and command.returned_ends_at is not None:
            if command.returned_starts_at <= now:
                raise SwapLapsed("what is taken in return is still to begin", field="returned_starts_at")
            stretch_to_come(command.returned_starts_at, command.returned_ends_at, now=now, field="returned_ends_at")
        facts = command.model_dump(exclude={"actor", "trace", "idempotency_key"})
        return cls(
            swap_id=swap_id,
            state="asked",
            asked_by=command.actor.name,
            asked_at=now,
            answered_by=None,
            answered_at=None,
            **facts,
        )

    @property
    def first_start(self) -> datetime:
        return self.starts_at if self.returned_starts_at is None else min(self.starts_at, self.returned_starts_at)

    def state_at(self, now: datetime) -> Literal["asked", "accepted", "declined", "lapsed"]:
        match self.state:
            case "accepted" | "declined" | "lapsed":
                return self.state
            case _:
                return "lapsed" if self.first_start <= now else "asked"

    def answer(self, *, accept: bool, by: Actor, now: datetime) -> tuple[Override, ...]:
        """The overrides an accepted swap makes, without ids; none where it is declined."""
        state = self.state_at(now)
        if state == "lapsed":
            raise SwapLapsed("nobody accepted this swap before it began; ask again", field="swap_id")
        if state != "asked":
            raise SwapDecided(f"this swap was {state} already", field="swap_id", state=state)
        self.state = "accepted" if accept else "declined"
        self.answered_by = by.name
        self.answered_at = now
        if not accept:
            return ()
        given = _stands_in(self.takes, self.gives, self.starts_at, self.ends_at)
        if self.returned_starts_at is None or self.returned_ends_at is None:
            return (given,)
        return given, _stands_in(self.gives, self.takes, self.returned_starts_at, self.returned_ends_at)

    def lapse(self) -> None:
        self.state = "lapsed"

    def view(self, now: datetime) -> Swap:
        return Swap(
            swap_id=self.swap_id,
            roster=self.roster,
            gives=self.gives,
            takes=self.takes,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            returned_starts_at=self.returned_starts_at,
            returned_ends_at=self.returned_ends_at,
            state=self.state_at(now),
            asked_at=self.asked_at,
        )


def _stands_in(staff: str, absent: str, starts_at: datetime, ends_at: datetime) -> Override:
    return Override(
        action="replace",
        staff=staff,
        instead_of=absent,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=SWAP_WORDS,
        origin="swap",
    )
