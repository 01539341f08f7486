"""A sweep keeps its rhythm whatever the machine's clock does."""

import asyncio
import time
from datetime import UTC, datetime, timedelta, tzinfo
from typing import ClassVar, Self

import apscheduler.executors.base
import apscheduler.schedulers.base
import apscheduler.triggers.interval
import pytest

from shared.clock import MovedClock
from shared.infra import scheduling
from shared.infra.scheduling import ANY_CHANGE, Sweep, Sweeper

RHYTHM_S = 0.1


class Wall(datetime):
    """The machine's clock, which somebody sets."""

    set_by: ClassVar[timedelta] = timedelta(0)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) + cls.set_by


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> type[Wall]:
    for module in (apscheduler.schedulers.base, apscheduler.triggers.interval, apscheduler.executors.base, scheduling):
        monkeypatch.setattr(module, "datetime", Wall)
    monkeypatch.setattr(scheduling, "SAFETY_INTERVAL_S", RHYTHM_S)
    monkeypatch.setattr(Wall, "set_by", timedelta(0))
    return Wall


@pytest.mark.parametrize("set_by", [timedelta(hours=-1), timedelta(days=-1), timedelta(hours=1)], ids=str)
async def test_a_clock_that_was_set_does_not_stop_the_sweeps(wall: type[Wall], set_by: timedelta) -> None:
    ran: list[None] = []

    async def run() -> None:
        ran.append(None)

    sweeper = Sweeper([Sweep("test", run, MovedClock(datetime(2026, 11, 23, tzinfo=UTC)))])
    sweeper.start()
    try:
        await asyncio.sleep(4 * RHYTHM_S)
        wall.set_by = set_by
        await asyncio.sleep(4 * RHYTHM_S)  # whatever was under way by the old time has come by now
        before = len(ran)
        await asyncio.sleep(10 * RHYTHM_S)
        assert len(ran) >= before + 3
    finally:
        await sweeper.stop()


async def test_a_tick_handed_over_at_the_last_moment_is_no_error(error_lines: list[str]) -> None:
    """The scheduler cancels what has not begun when it is shut down, and calls that an error."""
    sweep = Sweep("test", _nothing, MovedClock(datetime(2026, 11, 23, tzinfo=UTC)))
    sweeper = Sweeper([sweep])
    sweeper.start()
    due = time.monotonic() + 1.5 * scheduling.NUDGE_S
    while time.monotonic() < due:
        pass  # the loop is busy, and the first tick comes due
    await sweeper.stop()
    sweeper._scheduler._process_jobs()  # what the scheduler's own timer does, in the same turn of the loop
    for _ in range(3):
        await asyncio.sleep(0)
    assert not error_lines


async def test_a_round_asked_for_begins_after_one_under_way() -> None:
    """Who waits for everything to be done must not be told so while it is being done."""
    began, go_on = list[int](), asyncio.Event()

    async def run() -> None:
        began.append(len(began))
        if len(began) == 1:
            await go_on.wait()

    sweep = Sweep("test", run, MovedClock(datetime(2026, 11, 23, tzinfo=UTC)))
    first = asyncio.create_task(sweep.tick())
    await asyncio.sleep(0)
    asked = asyncio.create_task(sweep.run_now())
    await asyncio.sleep(0.01)
    assert not asked.done()
    go_on.set()
    await asyncio.gather(first, asked)
    assert began == [0, 1]


async def test_only_what_may_bring_its_work_sooner_wakes_a_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[str] = []
    monkeypatch.setattr(Sweep, "nudge", lambda sweep: woken.append(sweep.name))
    clock = MovedClock(datetime(2026, 11, 23, tzinfo=UTC))
    heeding = {"every": (ANY_CHANGE,), "rosters": ("set_roster", "ask_swap"), "rhythm": ()}
    sweeper = Sweeper([Sweep(name, _nothing, clock, after=after) for name, after in heeding.items()])
    sweeper.nudge_after(["register_case"])
    assert woken == ["every"]
    sweeper.nudge_after({"ask_swap", "register_case"})
    assert woken == ["every", "every", "rosters"]


async def _nothing() -> None:
    return None
