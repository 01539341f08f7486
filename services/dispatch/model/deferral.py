"""One request for more time on a work order, and what became of it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.dispatch.errors.deferrals import AskerMayNotDecide, DeferralDecided, DeferralLapsed
from services.dispatch.model.base import Base
from services.dispatch.model.work_order import WorkOrder
from services.dispatch.policy.deferrals import DEFERRAL_MOVES, DeferralState, DeferralVerb, lapses_at
from shared.calendar import Due
from shared.contracts.actors import Actor
from shared.contracts.dispatch import Deferral as DeferralView
from shared.contracts.dispatch import DeferralKind
from shared.infra.spine import DEFERRED

_RUNNING = "kind = 'suspension' and state = 'approved'"


class Deferral(Base):
    """A fact beside the work order, never an edit of its time. Whatever changes it holds the lock of the case.

    `due_at` is the time promised when it was asked, `new_due_at` the time promised since: of an extension from its
    approval on, of a suspension from its end on. `number` counts what was granted to the work order, of both kinds.
    """

    __tablename__ = "deferral"
    __table_args__ = (
        sa.UniqueConstraint("work_order_id", "number", name="deferral_number_of_work_order"),
        sa.CheckConstraint("kind in ('extension', 'suspension')", name="deferral_kind"),
        sa.CheckConstraint("state in ('asked', 'approved', 'refused', 'lapsed', 'resumed')", name="deferral_state"),
        sa.CheckConstraint("(kind = 'extension') = (days is not null)", name="extension_has_days"),
        sa.CheckConstraint("(kind = 'suspension') = (until is not null)", name="suspension_has_an_end"),
        sa.CheckConstraint(
            "(state in ('approved', 'refused', 'resumed')) = (decided_by is not null and decided_at is not null)",
            name="deferral_decided_on_record",
        ),
        sa.CheckConstraint("decided_by is null or decided_by <> asked_by", name="asker_does_not_decide"),
        sa.CheckConstraint(
            "(state in ('approved', 'resumed')) = (number is not null)", name="deferral_granted_has_a_number"
        ),
        sa.CheckConstraint("(state = 'resumed') = (ended_at is not null)", name="suspension_ended_on_record"),
        sa.CheckConstraint("state <> 'resumed' or kind = 'suspension'", name="only_a_suspension_resumes"),
        sa.CheckConstraint(
            "kind <> 'extension' or (state = 'approved') = (new_due_at is not null)", name="extension_moves_the_time"
        ),
        sa.CheckConstraint(
            "kind <> 'extension' or new_due_at is null or new_due_at > due_at", name="extension_is_later"
        ),
        sa.Index("one_undecided_deferral", "work_order_id", unique=True, postgresql_where=sa.text("state = 'asked'")),
        sa.Index("one_running_suspension", "work_order_id", unique=True, postgresql_where=sa.text(_RUNNING)),
        sa.Index("deferral_undecided", "asked_at", postgresql_where=sa.text("state = 'asked'")),
        sa.Index("suspension_running", "until", postgresql_where=sa.text(_RUNNING)),
        sa.Index("deferral_case", "case_id"),
    )

    deferral_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(sa.ForeignKey("dispatch.routed_case.case_id", **DEFERRED))
    case_code: Mapped[str]
    work_order_id: Mapped[UUID] = mapped_column(sa.ForeignKey("dispatch.work_order.work_order_id", **DEFERRED))
    unit: Mapped[str]
    round: Mapped[int]
    kind: Mapped[str]
    state: Mapped[str]
    days: Mapped[int | None]
    until: Mapped[datetime | None]
    due_at: Mapped[datetime]
    reason: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decide_reason: Mapped[str | None]
    number: Mapped[int | None]
    new_due_at: Mapped[datetime | None]
    provisional: Mapped[bool | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    end_reason: Mapped[str | None]

    # -- verbs ---------------------------------------------------------------------------------------------------------

    @classmethod
    def asked(
        cls,
        deferral_id: UUID,
        order: WorkOrder,
        *,
        by: Actor,
        due_at: datetime,
        reason: str,
        now: datetime,
        days: int | None = None,
        until: datetime | None = None,
    ) -> "Deferral":
        return cls(
            deferral_id=deferral_id,
            case_id=order.case_id,
            case_code=order.case_code,
            work_order_id=order.work_order_id,
            unit=order.unit,
            round=order.round,
            kind=(DeferralKind.SUSPENSION if days is None else DeferralKind.EXTENSION).value,
            state=DeferralState.ASKED,
            days=days,
            until=until,
            due_at=due_at,
            reason=reason,
            asked_by=by.staff,
            asked_at=now,
        )

    def decide(self, verb: DeferralVerb, order: WorkOrder, *, by: Actor, reason: str | None, now: datetime) -> None:
        """Approved or refused, once, by another than the asker, while it still holds."""
        if by.staff == self.asked_by:
            raise AskerMayNotDecide("you asked for this; another has to decide", field="actor.staff")
        state = self.state_at(order, now)
        if state is DeferralState.LAPSED:
            raise lapsed(lapses_at(self.due_at, self.until))
        if state is not DeferralState.ASKED:
            raise DeferralDecided(
                f"{self.decided_by} decided on this request already: it is {self.state}",
                field="deferral_id",
                state=self.state,
            )
        self._move(verb)
        self.decided_by = by.staff
        self.decided_at = now
        self.decide_reason = reason

    def lapse(self) -> None:
        self._move("lapse")

    def promise(self, due: Due) -> None:
        """The time that holds from now on."""
        self.new_due_at = due.at
        self.provisional = due.provisional

    def end(self, at: datetime, *, by: str, reason: str | None) -> None:
        """The suspension is over."""
        self._move("resume")
        self.ended_at = at
        self.ended_by = by
        self.end_reason = reason

    # -- facts ---------------------------------------------------------------------------------------------------------

    @property
    def of_kind(self) -> DeferralKind:
        return DeferralKind(self.kind)

    @property
    def running(self) -> bool:
        return self.of_kind is DeferralKind.SUSPENSION and self.state == DeferralState.APPROVED

    def holds(self, order: WorkOrder) -> bool:
        """Whether the work it was asked for is still going on: a report, a return or a closure ends that."""
        return order.open and order.round == self.round

    def state_at(self, order: WorkOrder, now: datetime) -> DeferralState:
        """As it is, whether anybody has looked since or not."""
        if self.state == DeferralState.ASKED and not (self.holds(order) and now < lapses_at(self.due_at, self.until)):
            return DeferralState.LAPSED
        return DeferralState.RESUMED if self.running and not self.holds(order) else DeferralState(self.state)

    def view(self, order: WorkOrder, now: datetime, *, with_words: bool) -> DeferralView:
        return DeferralView(
            deferral_id=self.deferral_id,
            case_code=self.case_code,
            work_order_id=self.work_order_id,
            unit=self.unit,
            kind=self.of_kind,
            state=self.state_at(order, now).value,
            days=self.days,
            until=self.until,
            due_at=self.due_at,
            new_due_at=self.new_due_at,
            reason=self.reason if with_words else None,
            asked_at=self.asked_at,
            decided_by=self.decided_by,
            decided_at=self.decided_at,
        )

    def _move(self, verb: DeferralVerb) -> None:
        """Callers have looked before: the table is the last word, and a slip of theirs a bug."""
        self.state = DEFERRAL_MOVES[DeferralState(self.state), verb]


def lapsed(at: datetime) -> DeferralLapsed:
    """`at`: the end of the time in which somebody could have decided."""
    return DeferralLapsed(
        f"this request lapsed: nobody had decided by {at.isoformat()}, or the unit's work on it had ended",
        field="deferral_id",
        due_at=at.isoformat(),
    )
