"""交接: the director's watch, an unbroken chain, and how it goes from one to the next."""

from datetime import datetime, timedelta
from typing import Any, Literal, Self
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.errors.duty import HandoverDecided, HandoverToItself, NotOnWatch, NotTheIncoming
from services.dispatch.model.base import Base
from shared.contracts.actors import Actor
from shared.contracts.dispatch import HandoverAccepted, HandoverList, HandoverOffered, HandoverView, OfferHandover
from shared.infra.spine import DEFERRED

_TICK = timedelta(microseconds=1)


class Watch(Base):
    """One director's watch. `follows` is the end of the watch before: each begins exactly where that one ended.

    The two references hold the chain together from both sides: nothing begins where nothing ended, and nothing ends
    where nothing begins. Only the first follows none, so one watch is open, from the first acceptance for ever.
    """

    __tablename__ = "watch"
    __table_args__ = (
        sa.CheckConstraint("(number = 1) = (follows is null)", name="only_the_first_watch_follows_none"),
        sa.CheckConstraint("follows is null or follows = began_at", name="watch_begins_where_one_ended"),
        sa.CheckConstraint("ended_at > began_at", name="watch_ends_after_it_began"),
        sa.UniqueConstraint("ended_at", name="one_watch_ends_there"),
        sa.UniqueConstraint("follows", name="one_watch_follows"),
        sa.ForeignKeyConstraint(["follows"], ["dispatch.watch.ended_at"], name="watch_follows_a_watch", **DEFERRED),
        sa.ForeignKeyConstraint(
            ["ended_at"], ["dispatch.watch.follows"], name="watch_is_followed_by_a_watch", **DEFERRED
        ),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    director: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    follows: Mapped[datetime | None]
    handover_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("dispatch.handover.handover_id", **DEFERRED))

    @classmethod
    def first(cls, director: str, *, now: datetime) -> Self:
        return cls(number=1, director=director, began_at=now, ended_at=None, follows=None, handover_id=None)

    def require_by(self, actor: Actor) -> None:
        if actor.staff != self.director:
            raise NotOnWatch(f"{self.director} is on watch, not {actor.staff}", field="actor.staff")

    def hand_to(self, director: str, handover_id: UUID, *, now: datetime) -> "Watch":
        """The next watch. A clock set back meanwhile does not stop a handover: time goes on where the watch began."""
        change = self.ended_at = max(now, self.began_at + _TICK)
        return Watch(
            number=self.number + 1,
            director=director,
            began_at=change,
            ended_at=None,
            follows=change,
            handover_id=handover_id,
        )


class Handover(Base):
    """The watch offered to the next director, with a note and all that was open at that moment."""

    __tablename__ = "handover"
    __table_args__ = (
        sa.CheckConstraint("state in ('offered', 'accepted', 'withdrawn')", name="handover_state"),
        sa.CheckConstraint("(state = 'accepted') = (accepted_at is not null)", name="handover_accepted_at"),
        sa.CheckConstraint("outgoing <> incoming", name="handover_to_another"),
        sa.Index("one_handover_offered", "state", unique=True, postgresql_where=sa.text("state = 'offered'")),
    )

    handover_id: Mapped[UUID] = mapped_column(primary_key=True)
    outgoing: Mapped[str]
    incoming: Mapped[str]
    note: Mapped[str]
    items: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str]
    offered_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]

    @classmethod
    def offer(
        cls, command: OfferHandover, items: HandoverList, *, handover_id: UUID, now: datetime
    ) -> tuple[Self, HandoverOffered]:
        if command.incoming == command.actor.staff:
            raise HandoverToItself("name the director who takes over", field="incoming")
        handover = cls(
            handover_id=handover_id,
            outgoing=command.actor.staff,
            incoming=command.incoming,
            note=command.note,
            items=items.model_dump(mode="json"),
            state="offered",
            offered_at=now,
            accepted_at=None,
        )
        told = HandoverOffered(
            handover_id=handover_id,
            outgoing=handover.outgoing,
            incoming=handover.incoming,
            open_cases=items.open_cases,
            running_summonses=len(items.running_summonses),
            offered_at=now,
        )
        return handover, told

    def withdraw(self) -> None:
        self.state = "withdrawn"

    def accept(self, watch: Watch, *, by: Actor, now: datetime) -> tuple[Watch, HandoverAccepted]:
        if self.state != "offered":
            raise HandoverDecided(f"this handover was {self.state} already", field="handover_id", state=self.state)
        if by.staff != self.incoming:
            raise NotTheIncoming(f"this handover is offered to {self.incoming}", field="actor.staff")
        following = watch.hand_to(self.incoming, self.handover_id, now=now)
        self.state = "accepted"
        self.accepted_at = following.began_at
        told = HandoverAccepted(
            handover_id=self.handover_id,
            outgoing=self.outgoing,
            incoming=self.incoming,
            accepted_at=following.began_at,
        )
        return following, told

    def view(self) -> HandoverView:
        states: dict[str, Literal["offered", "accepted", "withdrawn"]] = {
            "offered": "offered",
            "accepted": "accepted",
            "withdrawn": "withdrawn",
        }
        return HandoverView(
            handover_id=self.handover_id,
            outgoing=self.outgoing,
            incoming=self.incoming,
            note=self.note,
            items=HandoverList.model_validate(self.items),
            state=states[self.state],
            offered_at=self.offered_at,
            accepted_at=self.accepted_at,
        )
