"""For comparison: as many deadlines as scheduled jobs of procrastinate, on the same PostgreSQL, with two workers.

It does no work when it fires and records no event of ours, so it is compared favourably. A worker looks for scheduled
jobs at an interval (5 s as it comes); here it looks every tenth of a second. `python -m benchmarks.clocks_procrastinate
DATABASE_URL COUNT` is one worker; it ends when all are done.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import asyncio
import logging
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import procrastinate

from benchmarks.arithmetic import percentiles
from deploy.databases import with_database

DATABASE = "bench_procrastinate"
COPIES, AT_ONCE, LOOK_S = 2, 20, 0.1
CHUNK, LEAD, WAIT_MAX_S = 1_000, timedelta(seconds=6), 180.0
DONE = "select count(*) from procrastinate_events where type = 'succeeded'"
LATE = """select extract(epoch from done.at - job.scheduled_at) * 1000 as ms from procrastinate_jobs job
    join procrastinate_events done on done.job_id = job.id and done.type = 'succeeded'"""


def app_of(url: str) -> tuple[procrastinate.App, Any]:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))

    @app.task(name="fire")
    async def fire(number: int) -> None:
        pass

    return app, fire


async def measure(server_url: str, count: int) -> dict[str, Any]:
    """From the due second to the record that a job was done. The jobs are put down before it comes."""
    connection = await asyncpg.connect(server_url)
    await connection.execute(f"create database {DATABASE}")
    await connection.close()
    url = with_database(server_url, DATABASE)
    app, fire = app_of(url)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        began = datetime.now(UTC)
        due_at = began + LEAD + timedelta(seconds=count / 1_000)
        for first in range(0, count, CHUNK):
            numbers = range(first, min(first + CHUNK, count))
            await fire.configure(schedule_at=due_at).batch_defer_async(*({"number": number} for number in numbers))
        insert_s = (datetime.now(UTC) - began).total_seconds()
    copies = [await _copy(url, count) for _ in range(COPIES)]
    for copy in copies:
        await asyncio.wait_for(copy.wait(), WAIT_MAX_S + 60)
    connection = await asyncpg.connect(url)
    late = [float(row["ms"]) for row in await connection.fetch(LATE)]
    await connection.close()
    return {
        "jobs": count,
        "copies": COPIES,
        "fired": len(late),
        "insert_s": round(insert_s, 1),
        "late_ms": {**percentiles(late), "max": round(max(late, default=0.0), 1)},
    }


async def _copy(url: str, count: int) -> asyncio.subprocess.Process:
    command = ("-m", "benchmarks.clocks_procrastinate", url, str(count))
    return await asyncio.create_subprocess_exec(sys.executable, *command)


async def work(url: str, count: int) -> None:
    app, _ = app_of(url)
    connection = await asyncpg.connect(url)
    async with app.open_async():
        working = asyncio.create_task(
            app.run_worker_async(concurrency=AT_ONCE, fetch_job_polling_interval=LOOK_S, install_signal_handlers=False)
        )
        with suppress(TimeoutError):
            async with asyncio.timeout(WAIT_MAX_S):
                while await connection.fetchval(DONE) < count:
                    await asyncio.sleep(0.5)
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
    await connection.close()


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    asyncio.run(work(sys.argv[1], int(sys.argv[2])))
