"""One copy of the sweep of escalation, as the service runs it: `python -m benchmarks.clocks_copy DATABASE_URL COUNT`.

Writes when each claim of clocks that fired was committed and how many clocks it was; ends when nobody has any left.
"""

import asyncio
import json
import logging
import sys
import time

import sqlalchemy as sa

from benchmarks.clocks import WAIT_MAX_S, working
from services.escalation.operations import sweep_clocks as sweeping
from shared.infra.logs import configure_logs
from shared.infra.scheduling import Sweep, Sweeper
from shared.infra.unit_of_work import UnitOfWork

LOOK_S = 0.5


async def run(url: str, count: int) -> list[tuple[float, int]]:
    commits: list[tuple[float, int]] = []
    true = sweeping._sweep_once  # pyright: ignore[reportPrivateUsage]

    async def timed(work: UnitOfWork) -> int:
        swept = await true(work)
        if swept:
            commits.append((time.time(), swept))
        return swept

    sweeping._sweep_once = timed  # pyright: ignore[reportPrivateUsage]
    async with working(url) as work:
        sweeper = Sweeper([Sweep("escalation-clocks", lambda: sweeping.sweep_clocks(work), work.clock)])
        sweeper.start()
        nudging = asyncio.create_task(_nudge(sweeper))
        until = time.monotonic() + WAIT_MAX_S
        fired = sa.text("select count(*) from escalation.clock where fired_at is not null")
        while time.monotonic() < until:
            await asyncio.sleep(LOOK_S)
            async with work.read() as session:
                if await session.scalar(fired) == count:
                    break
        nudging.cancel()
        await sweeper.stop()
    return commits


async def _nudge(sweeper: Sweeper) -> None:
    """As events that arrive do: what they arm may be due before the next look."""
    while True:
        await asyncio.sleep(0.3)
        sweeper.nudge()


if __name__ == "__main__":
    configure_logs(level=logging.WARNING)
    print(json.dumps(asyncio.run(run(sys.argv[1], int(sys.argv[2])))))
