"""A day at the centre: a finite one driven to its end, or one after the other for as long as anybody watches."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial
from random import Random

from deploy.demo.actors import Actor
from deploy.demo.clerks import Clerks
from deploy.demo.conduct import draw_summons
from deploy.demo.dice import dice_for
from deploy.demo.dispatcher import Dispatcher
from deploy.demo.floor import Asking, Floor, Tally
from deploy.demo.grid_workers import GridWorkers
from deploy.demo.plan import CASES_PER_SUMMONS, CasePlan, DayPlan, draw_case, goes_to_a_unit, with_summons
from deploy.demo.staff import DISPATCHER
from deploy.demo.summoning import Summoning
from deploy.demo.units import Units
from shared.centre.pack import CentrePack
from shared.clock import Clock, SpeedClock
from shared.contracts.intake import ListOpenCases, OpenCases

ROUND_S = 0.4
CALM_ROUNDS = 2
LEAP_MIN = timedelta(minutes=10)
DAYS_MAX = 45
IDLE_MORNINGS_MAX = 3
LIVE_CASE_S = (1.0, 2.0)
LIVE_CASE_SOONEST = timedelta(seconds=45)
FIRST_WHISTLE = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the day stands. `planned` acts are on the agenda still."""

    at: datetime
    entered: int
    planned: int
    tally: Tally


OnProgress = Callable[[Progress], None]
OnLeap = Callable[[], None]
MayLeap = Callable[[], Awaitable[bool]]


def nobody(*_: object) -> None:
    return None


async def always() -> bool:
    return True


async def run_day(
    asker: Asking,
    pack: CentrePack,
    clock: Clock,
    plan: DayPlan,
    *,
    on_progress: OnProgress = nobody,
    on_leap: OnLeap = nobody,
    may_leap: MayLeap = always,
    round_s: float = ROUND_S,
) -> None:
    """All cases enter on the clock's present day, then everything goes on until nothing is left to do.

    Nights are leapt over where the clock can leap and `may_leap` agrees: a night must not pass over what is still on
    its way. `on_leap` is told, so that sweeps may look at once. It ends at the latest after 45 simulated days, or when
    three mornings in a row brought nothing to do: the summary tells what stayed open. Everybody looks at their lists
    every `round_s` real seconds.
    """
    floor = Floor(asker, pack, clock, seed=plan.seed)
    centre = Centre(floor, on_progress=on_progress, on_leap=on_leap, may_leap=may_leap, round_s=round_s)
    midnight = datetime.combine(floor.office.local(clock.now()).date(), time(0), floor.office.zone)
    for case in plan.cases:
        floor.agenda.at(midnight + case.enters_at, partial(centre.enter, case))
    until = clock.now() + timedelta(days=DAYS_MAX)
    await centre.run(partial(centre.is_over, until))


async def live_on(
    asker: Asking,
    pack: CentrePack,
    clock: Clock,
    seed: int,
    *,
    on_progress: OnProgress = nobody,
    on_leap: OnLeap = nobody,
    round_s: float = ROUND_S,
) -> None:
    """Day after day, a case every second or two, until cancelled. What an earlier run left open goes on."""
    floor = Floor(asker, pack, clock, seed=seed)
    centre = Centre(floor, on_progress=on_progress, on_leap=on_leap, round_s=round_s)
    await centre.take_up()
    floor.later(centre.until_next_case(dice_for("live", seed)), partial(centre.keep_entering, 0))
    await centre.run(_never)


async def _never() -> bool:
    return False


class Centre:
    """Everybody who works there, and the rounds in which they look at their lists."""

    def __init__(
        self,
        floor: Floor,
        *,
        on_progress: OnProgress,
        on_leap: OnLeap,
        may_leap: MayLeap = always,
        round_s: float,
    ) -> None:
        self.floor = floor
        self.clerks = Clerks(floor)
        self._units = Units(floor)
        self.summoning = Summoning(floor)
        self._actors: tuple[Actor, ...] = (
            self.clerks,
            Dispatcher(floor),
            self._units,
            GridWorkers(floor),
            self.summoning,
        )
        self._on_progress = on_progress
        self._on_leap = on_leap
        self._may_leap = may_leap
        self._round_s = round_s
        self._idle_mornings = 0
        self._whistled = False

    async def take_up(self) -> None:
        """What an earlier run left half done goes on; the lists show the rest."""
        await self.clerks.take_up()
        await self._units.take_up()

    async def enter(self, case: CasePlan) -> None:
        code = await self.clerks.register(case)
        if code is not None and case.summons is not None:
            accepted_after = case.conduct.accepted_after or timedelta(0)
            self.summoning.plan(code, case.summons, accepted_after=accepted_after)

    async def keep_entering(self, number: int) -> None:
        """One case, and the next one after it; in simulated time, so that nights and lunch stay quiet."""
        floor = self.floor
        dice = dice_for("live", floor.seed, number)
        now = floor.office.local(floor.clock.now())
        time_of_day = timedelta(hours=now.hour, minutes=now.minute, seconds=now.second)
        case = draw_case(floor.pack, dice, number=number, enters_at=time_of_day)
        if goes_to_a_unit(case) and (not self._whistled or dice.random() < 1 / CASES_PER_SUMMONS):
            summons = draw_summons(floor.pack, dice, one_is_silent=dice.random() < 0.3)
            # Whoever has just started the demo sees a summons soon.
            case = with_summons(case, summons if self._whistled else replace(summons, asked_after=FIRST_WHISTLE))
            self._whistled = True
        floor.later(self.until_next_case(dice), partial(self.keep_entering, number + 1))
        await self.enter(case)

    def until_next_case(self, dice: Random) -> timedelta:
        """A second or two on the wall, whatever the speed."""
        a_minute_s = self.floor.clock.real_seconds(timedelta(minutes=1))
        return max(timedelta(minutes=1) * (dice.uniform(*LIVE_CASE_S) / a_minute_s), LIVE_CASE_SOONEST)

    async def run(self, is_over: Callable[[], Awaitable[bool]]) -> None:
        acting = asyncio.create_task(self.floor.agenda.run())
        rounds = asyncio.create_task(self._rounds(is_over))
        try:
            await asyncio.wait({acting, rounds}, return_when=asyncio.FIRST_COMPLETED)
            for task in (acting, rounds):
                if task.done():
                    task.result()
        finally:
            for task in (acting, rounds):
                task.cancel()
            await asyncio.gather(acting, rounds, return_exceptions=True)

    async def is_over(self, until: datetime) -> bool:
        """Nothing on the agenda, no summons under way and no case open; or it has gone on for long enough."""
        if self.floor.clock.now() > until or self._idle_mornings >= IDLE_MORNINGS_MAX:
            return True
        if self.floor.agenda.waiting or self.summoning.under_way:
            return False
        still_open = await self.floor.look(ListOpenCases(actor=DISPATCHER, limit=1), OpenCases)
        return still_open is not None and still_open.total == 0

    async def _rounds(self, is_over: Callable[[], Awaitable[bool]]) -> None:
        calm = 0
        while True:
            calm = calm + 1 if await self._round() else 0
            if calm >= CALM_ROUNDS:
                if await is_over():
                    return
                if await self._may_leap() and self._leap():
                    calm = 0
            await asyncio.sleep(self._round_s)

    async def _round(self) -> bool:
        """Everybody looks once. True if there was nothing new and nothing was going on meanwhile."""
        agenda = self.floor.agenda
        done_before = agenda.done
        found = await asyncio.gather(*(actor.look() for actor in self._actors))
        self._tell_progress()
        calm = agenda.under_way == 0 and agenda.done == done_before
        return calm and all(new == 0 for new in found)

    def _leap(self) -> bool:
        """To the next thing to do, but never past a morning: there the day's deadlines are looked at first."""
        floor, clock = self.floor, self.floor.clock
        if self.summoning.under_way or not isinstance(clock, SpeedClock):
            return False
        now, next_at = clock.now(), floor.agenda.next_at
        morning = floor.office.next_morning(now)
        target = morning if next_at is None else min(next_at, morning)
        if target - now < LEAP_MIN:
            return False
        self._idle_mornings = self._idle_mornings + 1 if next_at is None else 0
        clock.skip_to(target)
        floor.agenda.wake()
        self._on_leap()
        return True

    def _tell_progress(self) -> None:
        floor = self.floor
        self._on_progress(Progress(floor.clock.now(), self.clerks.entered, floor.agenda.waiting, floor.tally))
