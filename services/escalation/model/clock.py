"""A clock: one promise in time, from the moment it is owed until it is met or not owed any more."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from services.escalation.model.clock_row import ClockRow, State
from services.escalation.policy.agenda import (
    Step,
    Told,
    climbed_after,
    due_steps,
    instant_of,
    late_s,
    minute_zero,
    next_rung,
    spared_on_the_way,
)
from services.escalation.policy.recounting import held_by_lapse, moved_plan
from shared.calendar import Due
from shared.contracts.escalation import (
    ArrivalGivenUp,
    ClockArmed,
    ClockCancelled,
    ClockEvent,
    ClockMet,
    ClockOverdue,
    ClockRecomputed,
    ClockWarned,
    LadderCalled,
    NoticeIssued,
    WhyNotice,
)

Events = tuple[ClockEvent, ...]

# Whoever reads of a start later than this catches up: what else happened since is read first, and the sweep decides.
FRESH = timedelta(minutes=1)
# Climbed before their time, so not late either.
FORCED: frozenset[WhyNotice] = frozenset({"nobody_reached", "cannot_come"})


class Clock(ClockRow):
    """A promise with its verbs. The due time is at most counted again, on record; that it fired is never erased."""

    __tablename__ = "clock"

    # -- verbs, of an open clock ---------------------------------------------------------------------------------------

    def armed(self) -> ClockArmed:
        return ClockArmed(
            **self.ids(),
            started_at=self.started_at,
            due_at=self.due_at,
            provisional=self.provisional,
            limit=self.limit_text,
            limit_id=self.limit_id,
            limit_source=self.limit_source,
            service_due_at=self.service_due_at,
            service_limit=self.service_limit,
            replaces=self.replaces,
            pack_version=self.pack_version,
            armed_at=self.armed_at,
        )

    def begin(self, now: datetime) -> Events:
        """Tells at once whom the ladder calls at minute 0. A start of long ago is left to the sweep."""
        if now - self.started_at > FRESH:
            return ()
        plan = self.steps()
        return self._climb(plan, minute_zero(plan, self.started_at), "ladder", now)

    def pass_over(self, now: datetime) -> None:
        """Steps that lie behind when a promise gets other terms: its clock before told them, or nobody had to be.

        Not the due time and what comes after it: the clock before had not fired, however late its terms are looked at.
        """
        plan = self.steps()
        self.done = [
            place for place, step in enumerate(plan) if step.at is not None and step.at <= now and step.at < self.due_at
        ]
        self.look_ahead(plan)

    def advance(self, now: datetime) -> Events:
        """Does everything that has come due: warns, fires once, climbs the ladder."""
        come = due_steps(self.steps(), self.progress, due_at=self.due_at, now=now)
        self.done, self.next_at = sorted(come.done), come.next_at
        return tuple(event for step in come.steps if self.open for event in self._do(step, now))

    def acknowledge(self, at: datetime) -> None:
        """Rungs `unless acknowledged` are left out from now on, those `from acknowledged` have their time now."""
        self.acknowledged_at = self.acknowledged_at or at
        self.look_ahead(self.steps())

    def tell_on_the_way(self, at: datetime, expected_at: datetime) -> None:
        """Rungs `unless on_the_way` wait for the estimate, also those climbed before: a new word is a new chance."""
        plan = self.steps()
        self.acknowledged_at = self.acknowledged_at or at
        self.expected_at = expected_at
        self.done = sorted(set(self.done) - spared_on_the_way(plan))
        self.look_ahead(plan)

    def tell_cannot_come(self, at: datetime, *, now: datetime) -> Events:
        """It has heard, so it is no longer asked whether it has; who stands above on the ladder is told at once."""
        plan = self.steps()
        self.acknowledged_at = self.acknowledged_at or at
        self.expected_at = None
        self.look_ahead(plan)
        rung = next_rung(plan, self.progress, forced=True)
        return () if rung is None else self._climb(plan, (rung,), "cannot_come", now)

    def reach_nobody(self, told: Told, step: int, *, now: datetime) -> Events:
        """Climbs the next rung where this one reached none of those it tells, unless the ladder went on meanwhile.

        Said again of the same notice it changes nothing.
        """
        plan = self.steps()
        mark = _mark(step, told)
        if mark in self.unreached:
            return ()
        self.unreached = [*self.unreached, mark]
        rung_of = next((one for one in plan if one.kind == "climb" and one.number == step), None)
        if rung_of is None or not {_mark(step, one) for one in rung_of.told} <= set(self.unreached):
            return ()
        rung = next_rung(plan, self.progress)
        if rung is None or climbed_after(plan, self.progress, step):
            return ()
        return self._climb(plan, (rung,), "nobody_reached", now)

    def recount(
        self, due: Due | None, warns: Callable[[int, datetime], datetime], *, days_known: str, now: datetime
    ) -> Events:
        """Counted again by days published since. What was done stays done; what is to come moves with the due time.

        `due` None: it cannot be counted again, and stays as it was promised.
        """
        self.days_known = days_known
        plan = self.steps()
        again = None if due is None else held_by_lapse(self.stage, plan, due)
        if again is None or (again.at, again.provisional) == (self.due_at, self.provisional):
            return ()
        before, self.due_at, self.provisional = self.due_at, again.at, again.provisional
        moved = moved_plan(self.stage, plan, before=before, due=self.due_at, warns=warns)
        self.lay_down(moved)
        self.look_ahead(moved)
        told = ClockRecomputed(
            **self.ids(),
            first_due_at=self.first_due_at,
            old_due_at=before,
            due_at=self.due_at,
            provisional=self.provisional,
            recomputed_at=now,
        )
        return (told,)

    def meet(self, at: datetime, *, now: datetime) -> Events:
        """Kept, in time or late. A clock met late has fired, even where no sweep came by in between."""
        late = at > self.due_at and not self.a_right
        fired = (*self._fire(now), *self._referred_by(at, now)) if late else ()
        self._end("met_late" if late else "met", at)
        return (*fired, ClockMet(**self.ids(), due_at=self.due_at, met_at=at, late=late))

    def cancel(self, reason: str, at: datetime, *, now: datetime) -> Events:
        """Not owed any more. If it was overdue by then, that stays on record."""
        fired = (*self._fire(now), *self._referred_by(at, now)) if at > self.due_at else ()
        return (*fired, *self.withdraw(reason, at))

    def withdraw(self, reason: str, at: datetime) -> Events:
        """Cancelled without a look at the due time: for what was told here only after it was over."""
        self._end("cancelled", at)
        self.reason = reason
        return (ClockCancelled(**self.ids(), reason=reason, cancelled_at=at),)

    # -- pieces --------------------------------------------------------------------------------------------------------

    def _do(self, step: Step, now: datetime) -> Events:
        if step.kind == "warn":
            self.warned = [*self.warned, step.percent]
            late = late_s(step.at or now, now)
            warned = ClockWarned(**self.ids(), percent=step.percent, due_at=self.due_at, warned_at=now, late_s=late)
            return (warned,)
        if step.kind == "fire":
            return self._fire(now)
        if step.kind == "lapse":
            return self.withdraw("lapsed", step.at or now)
        return self._tell(step, "rung_again" if step.waits_for_the_unit else "ladder", now)

    def _fire(self, now: datetime) -> Events:
        if self.fired_at is not None or self.a_right:
            return ()
        self.fired_at = now
        self.state = "overdue"
        return (
            ClockOverdue(
                **self.ids(),
                due_at=self.due_at,
                fired_at=now,
                late_s=late_s(self.due_at, now),
                work_order_id=self.work_order_id,
                summons_id=self.summons_id,
            ),
        )

    def _climb(self, plan: Sequence[Step], places: Sequence[int], why: WhyNotice, now: datetime) -> Events:
        """Climbs these rungs now; their own times then do nothing any more."""
        self.done = sorted({*self.done, *places})
        self.look_ahead(plan)
        return tuple(event for place in places for event in self._tell(plan[place], why, now))

    def _tell(self, step: Step, why: WhyNotice, now: datetime) -> Events:
        notices = tuple(self._notice(step, told, why, now) for told in step.told)
        if step.calls:
            return (*notices, self._call(step, now))
        if step.action != "end" or self.summons_id is None:
            return notices
        given_up = ArrivalGivenUp(**self.ids(), summons_id=self.summons_id, unit=self.owes, given_up_at=now)
        return (*notices, given_up)

    def _call(self, step: Step, now: datetime) -> LadderCalled:
        action = "refer" if step.action == "refer" else "supervise"
        return LadderCalled(
            **self.ids(), step=step.number, action=action, level=step.level, due_at=self.due_at, called_at=now
        )

    def _referred_by(self, at: datetime, now: datetime) -> Events:
        """So late that a referral is due, though no sweep came by in between. An order to finish is needless by now."""
        come = (step for place, step in enumerate(self.steps()) if place not in self.done and step.action == "refer")
        return tuple(self._call(step, now) for step in come if step.at is not None and step.at <= at)

    def _notice(self, step: Step, told: Told, why: WhyNotice, now: datetime) -> NoticeIssued:
        early = step.action == "overdue" and now < self.due_at  # told before its time, so nothing is overdue yet
        return NoticeIssued(
            **self.ids(),
            step=step.number,
            post=told.post,
            unit=told.unit,
            action=None if early else step.action,
            why=why,
            notice_id=self._notice_id(step, told),
            work_order_id=self.work_order_id,
            summons_id=self.summons_id,
            drill=self.drill,
            due_at=self.due_at,
            issued_at=now,
            late_s=0 if why in FORCED else late_s(instant_of(step, self.progress) or now, now),
        )

    def _notice_id(self, step: Step, told: Told) -> UUID:
        """The same step tells the same post once, however often it is looked at; a new estimate is another step."""
        waited = step.unless == "on_the_way" and self.expected_at is not None
        until = f":{self.expected_at.isoformat()}" if waited and self.expected_at is not None else ""
        return uuid5(self.case_id, f"{self.key}:{step.number}:{told.post}:{told.unit}{until}")

    def _end(self, state: State, at: datetime) -> None:
        self.state = state
        self.ended_at = at
        self.next_at = None


def _mark(step: int, told: Told) -> str:
    return f"{step}:{told.post}:{told.unit}"
