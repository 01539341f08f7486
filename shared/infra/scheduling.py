"""Sweeps: work found in rows, woken by APScheduler exactly when the next row is due and at a steady safety interval.

No timer holds anything: all of them are derived from rows, so a restart forgets nothing.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from shared.clock import Clock
from shared.infra.database import as_unavailable
from shared.infra.logs import get_log

SAFETY_INTERVAL_S = 5.0
SOONEST_S = 0.001
NUDGE_S = 0.1
ANY_CHANGE = "any change"
FINISH_MAX_S = 5.0


class Sweep:
    """One periodic responsibility. `run` does everything due and tells when the next thing is (None: nothing)."""

    def __init__(
        self,
        name: str,
        run: Callable[[], Awaitable[datetime | None]],
        clock: Clock,
        *,
        after: Collection[str] = (),
    ) -> None:
        """`after`: names of commands and events that may bring something due sooner: it is looked right after them."""
        self.name = name
        self.after = frozenset(after)
        self._run = run
        self._clock = clock
        self._scheduler: AsyncIOScheduler | None = None
        self._running = asyncio.Lock()
        self._again = False
        self._finished = False
        self._log = get_log("sweep")
        self.last_ran: datetime | None = None
        self.hold: Callable[[], Awaitable[bool]] | None = None
        """Where it says so, nothing is done; the safety interval asks again."""

    def attach(self, scheduler: AsyncIOScheduler) -> None:
        self._scheduler = scheduler
        scheduler.add_job(
            self.tick,
            "interval",
            seconds=SAFETY_INTERVAL_S,
            id=f"{self.name}-safety",
            replace_existing=True,
            coalesce=True,
            max_instances=10,
            misfire_grace_time=None,
        )
        self.nudge()

    async def finish(self) -> None:
        """No more ticks; one that is under way ends in its own time, as cancelling it would only be noise."""
        self._finished = True
        self._scheduler = None
        try:
            async with asyncio.timeout(FINISH_MAX_S), self._running:
                self._log.debug("sweep finished", sweep=self.name)
        except TimeoutError:
            self._log.warning("sweep did not finish in time", sweep=self.name)

    def nudge(self) -> None:
        """Something changed: look soon. Cheap to call often; nudges that come together are one."""
        if self._running.locked():
            self._again = True
        else:
            self._wake_in(NUDGE_S)

    def heeds(self, names: Collection[str]) -> bool:
        return ANY_CHANGE in self.after or not self.after.isdisjoint(names)

    async def tick(self) -> None:
        if self._finished:
            return
        if self._running.locked():
            self._again = True
            return
        async with self._running:
            self._again = False
            await self._once()
        if self._again:
            self._wake_in(NUDGE_S)

    async def run_now(self) -> None:
        """One whole round, begun after this was called: a round that is under way already is waited for first."""
        async with self._running:
            self._again = False
            await self._once()

    async def _once(self) -> None:
        if self.hold is not None and await self.hold():
            self._log.info("sweep held back", sweep=self.name)
            return
        try:
            next_due = await self._run()
        except Exception as trouble:  # noqa: BLE001 - logged; the safety interval tries again
            away = as_unavailable(trouble)
            self._log.warning(
                "sweep interrupted", sweep=self.name, trouble=type(trouble).__name__, exc_info=None if away else trouble
            )
            return
        self.last_ran = self._clock.now()
        if next_due is not None:
            self._wake_in(self._clock.real_seconds(next_due - self._clock.now()))

    def _wake_in(self, seconds: float) -> None:
        if self._scheduler is None or seconds > SAFETY_INTERVAL_S:
            return
        wake_at = datetime.now(UTC) + timedelta(seconds=max(seconds, SOONEST_S))
        job_id = f"{self.name}-next"
        planned: Any = self._scheduler.get_job(job_id)
        if planned is not None and planned.next_run_time is not None and planned.next_run_time <= wake_at:
            return
        self._scheduler.add_job(
            self.tick,
            "date",
            run_date=wake_at,
            id=job_id,
            replace_existing=True,
            misfire_grace_time=None,
            max_instances=10,  # one more only sets a mark and returns
        )


class Sweeper:
    """The scheduler of one service, over its sweeps."""

    def __init__(self, sweeps: Sequence[Sweep]) -> None:
        self.sweeps = tuple(sweeps)
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._watching: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._scheduler.start()
        self._attach()
        self._watching = asyncio.create_task(self._watch_the_clock())

    def _attach(self) -> None:
        for sweep in self.sweeps:
            sweep.attach(self._scheduler)

    async def _watch_the_clock(self) -> None:
        """The scheduler plans by the machine's clock: where that is set back, what was planned lies too far ahead."""
        while True:
            before = datetime.now(UTC)
            await asyncio.sleep(SAFETY_INTERVAL_S)
            if datetime.now(UTC) < before:
                self._attach()

    async def stop(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
        if self._scheduler.running:
            self._scheduler.pause()  # a tick handed over after this would be cancelled before it began: an error line
        for sweep in self.sweeps:
            await sweep.finish()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def nudge(self) -> None:
        for sweep in self.sweeps:
            sweep.nudge()

    def nudge_after(self, names: Collection[str]) -> None:
        """`names` of the commands or events that were just done."""
        for sweep in self.sweeps:
            if sweep.heeds(names):
                sweep.nudge()

    async def tick_due(self) -> None:
        """Runs every sweep now and waits for it."""
        for sweep in self.sweeps:
            await sweep.run_now()
