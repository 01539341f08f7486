"""All clocks of one case, taken together: armed once per obligation, and none left open when the case is over."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from services.escalation.model.case_file import STILL_OWED, CaseFile
from services.escalation.model.clock import Clock, Events
from services.escalation.policy.agenda import Told
from services.escalation.policy.obligations import JOINED, CaseFacts, Obligation, Reason, Which, base_of
from services.escalation.policy.terms import Terms


class CaseClocks:
    """A case's file with every clock it ever had. Verbs that find no open clock change nothing and tell nothing:
    the events that end a clock may come after it ended otherwise.
    """

    def __init__(self, file: CaseFile, clocks: Iterable[Clock] = ()) -> None:
        self.file = file
        self._clocks = {clock.key: clock for clock in clocks}
        self._kept_by: dict[str, tuple[int, str]] = {}
        for key in self._clocks:
            self._note(key)

    def facts(self) -> CaseFacts:
        # An explanation that is owed is of the same stage, and no follow-up; nor is one under another mode's terms.
        own = (key for key in self._clocks if base_of(key) == (key, 0))
        follow_ups = sum(key.startswith("follow_up:") for key in own)
        return self.file.facts(follow_ups=follow_ups)

    def known(self, key: str) -> bool:
        return key in self._clocks

    def clock(self, key: str) -> Clock:
        return self._clocks[key]

    def owed_by(self, unit: str) -> bool:
        """Whether this unit has ever owed anything on the case."""
        return any(clock.owes == unit for clock in self._clocks.values())

    def open(self, which: Which) -> tuple[Clock, ...]:
        if which.key is not None:
            _, kept_by = self._kept_by.get(which.key, (0, which.key))
            clock = self._clocks.get(kept_by)
            return () if clock is None or not clock.open else (clock,)
        return tuple(clock for clock in self._clocks.values() if clock.open and clock.fits(which))

    def all_open(self) -> tuple[Clock, ...]:
        return self.open(Which())

    def arm(self, obligation: Obligation, terms: Terms, *, now: datetime, days_known: str = "") -> Events:
        """Whom the ladder calls at minute 0 is told with it, in the same transaction: nobody waits for a sweep.

        A case that is over already, or follows another one, still shows what was owed on it: armed, and cancelled at
        once.
        """
        if self.known(obligation.key):
            return ()
        replaces = None if obligation.moved is None else self._stood_before(obligation)
        clock = Clock.of(
            self.file.case_id,
            self.file.case_code,
            obligation,
            terms,
            now=now,
            replaces=replaces,
            days_known=days_known,
        )
        self._keep(clock)
        armed = clock.armed()
        needless = self.file.owes_nothing(obligation.stage)
        if needless is not None:
            return (armed, *clock.withdraw(needless, now))
        return (armed, *clock.begin(now))

    def _stood_before(self, obligation: Obligation) -> str | None:
        """The key of the clock whose promise this one takes over: the last of its stage on the work order."""
        which = Which(stage=obligation.stage, work_order_id=obligation.work_order_id)
        before = [clock for clock in self._clocks.values() if clock.fits(which)]
        last = max(before, key=lambda clock: (clock.started_at, base_of(clock.key)), default=None)
        return None if last is None else last.key

    def retime(
        self,
        clock: Clock,
        again: Obligation,
        terms: Terms,
        *,
        at: datetime,
        restored: bool,
        now: datetime,
        days_known: str = "",
    ) -> Events:
        """平战转换: other terms for the same promise. The clock it had ends on record; nothing is told twice."""
        reason: Reason = "limit_restored" if restored else "surge_limit"
        ended = clock.cancel(reason, at, now=now)
        following = Clock.of(self.file.case_id, self.file.case_code, again, terms, now=now, days_known=days_known)
        following.pass_over(now)
        self._keep(following)
        return (*ended, following.armed())

    def meet(self, which: Which, at: datetime, *, now: datetime) -> Events:
        return tuple(event for clock in self.open(which) for event in clock.meet(at, now=now))

    def cancel(self, which: Which, at: datetime, reason: str, *, now: datetime) -> Events:
        return tuple(event for clock in self.open(which) for event in clock.cancel(reason, at, now=now))

    def join(self, at: datetime, *, now: datetime) -> Events:
        self.file.join()
        over = [clock for clock in self.open(Which()) if clock.stage not in STILL_OWED]
        return tuple(event for clock in over for event in clock.cancel(JOINED, at, now=now))

    def acknowledge(self, key: str, at: datetime) -> None:
        for clock in self.open(Which(key=key)):
            clock.acknowledge(at)

    def tell_on_the_way(self, key: str, at: datetime, expected_at: datetime) -> None:
        for clock in self.open(Which(key=key)):
            clock.tell_on_the_way(at, expected_at)

    def tell_cannot_come(self, key: str, at: datetime, *, now: datetime) -> Events:
        return tuple(event for clock in self.open(Which(key=key)) for event in clock.tell_cannot_come(at, now=now))

    def reach_nobody(self, key: str, told: Told, *, step: int, now: datetime) -> Events:
        clock = self._clocks.get(key)  # the very one whose notice it was
        return () if clock is None or not clock.open else clock.reach_nobody(told, step, now=now)

    def close(self, at: datetime, reason: Literal["closed", "not_accepted"], *, now: datetime) -> Events:
        self.file.close(at, reason)
        return self.cancel(Which(), at, reason, now=now)

    def _keep(self, clock: Clock) -> None:
        self._clocks[clock.key] = clock
        self._note(clock.key)

    def _note(self, key: str) -> None:
        """Which clock keeps an obligation now: the one of the last switch that changed its terms."""
        base, number = base_of(key)
        self._kept_by[base] = max(self._kept_by.get(base, (number, key)), (number, key))
