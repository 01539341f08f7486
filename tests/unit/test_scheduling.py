"""A sweep keeps its rhythm whatever the machine's clock does."""

import asyncio
from datetime import UTC, datetime, timedelta, tzinfo
from typing import ClassVar, Self

import apscheduler.executors.base
import apscheduler.schedulers.base
import apscheduler.triggers.interval
import pytest

from shared.clock import MovedClock
from shared.infra import scheduling
from shared.infra.scheduling import Sweep, Sweeper

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
