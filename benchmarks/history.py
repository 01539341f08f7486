"""The queue with a million cases in history: what a screen asks of the console's read model, over PostgreSQL.

The rows are those the console itself made of the events of a small centre, open (as of its third day) and finished,
multiplied into tables with the columns and indexes of the migrations.
"""

import argparse
import asyncio
import json
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

import services.console
from benchmarks.arithmetic import percentiles
from benchmarks.lived import BEGINS, live
from benchmarks.multiplied import fill, template_of
from benchmarks.product import data_folder
from deploy.broker_users import nats_users
from deploy.embedded.servers import EmbeddedServers
from deploy.long_running import settle_memory
from deploy.packs import default_pack
from services.console.model import SPINE
from services.console.operations.project import prepare, projecting
from services.console.policy.sight import Sight
from services.console.queries.board import board_rows, queue, rows_of_window
from shared.clock import WallClock
from shared.contracts.subjects import CONSOLE, CONSUMERS
from shared.infra.database import make_engine, make_sessions
from shared.infra.event_record import EventRecord
from shared.infra.inbox import Inbox
from shared.infra.logs import configure_logs
from shared.infra.migrations import migrate
from shared.infra.unit_of_work import UnitOfWork
from tests.support.direct import Handed

MIGRATIONS = Path(services.console.__file__).parent / "migrations"
FINISHED, OPEN = 1_000_000, 5_000
LIVED, OPEN_DAYS = 24, 3
ASKED, WARM, BATCH = 300, 5, 200
WANTED_P99_MS = 10
EXPLAIN = "explain (analyze, timing off, serialize text, format json) "
TOLD = """select envelope::text as body, type from {service}.event
    where ($1::date is null or at >= $1) and ($2::date is null or at < $2) order by position"""


def measure(*, finished: int = FINISHED, opened: int = OPEN, asked: int = ASKED) -> dict[str, Any]:
    with data_folder() as data:
        servers = EmbeddedServers(data, nats_users())
        addresses = servers.start()
        try:
            url = asyncio.run(live(addresses, data.parent / "vault.keys", "history", cases=LIVED))
            found = asyncio.run(_over(url, finished, opened, asked))
        finally:
            servers.stop()
    return {"finished": finished, "open": opened, "asked": asked, **found, "wanted": {"p99_ms": WANTED_P99_MS}}


async def _over(url: str, finished: int, opened: int, asked: int) -> dict[str, Any]:
    engine = make_engine(url, service=CONSOLE)
    record = EventRecord(SPINE, service=CONSOLE, centre="history")
    work = UnitOfWork(make_sessions(engine), SPINE, record, service=CONSOLE, centre="history", clock=WallClock())
    try:
        await migrate(engine, schema=CONSOLE, folder=MIGRATIONS)
        began = time.perf_counter()
        await _fill(url, work, finished, opened)
        filled_s = round(time.perf_counter() - began)
        return {"filled_s": filled_s, **await _asked(work, asked)}
    finally:
        await engine.dispose()


async def _fill(url: str, work: UnitOfWork, finished: int, opened: int) -> None:
    """The board as it was on the third day, then as it was in the end: the open cases, and the finished ones."""
    connection = await asyncpg.connect(url)
    try:
        third = BEGINS + timedelta(days=OPEN_DAYS)
        await _project(work, connection, None, third)
        as_opened = await template_of(connection, CONSOLE, "board_case", where="shown")
        opened_each = await connection.fetchval("select count(*) from console.board_case where shown")
        await _project(work, connection, third, None)
        as_finished = await template_of(connection, CONSOLE, "board_case", where="not shown")
        finished_each = await connection.fetchval("select count(*) from console.board_case where not shown")
        await connection.execute("truncate console.board_case")
        copies = range(-(-finished // finished_each))
        await fill(url, [as_finished], copies)
        await fill(url, [as_opened], range(len(copies), len(copies) + -(-opened // opened_each)))
        await connection.execute("vacuum (analyze) console.board_case")
    finally:
        await connection.close()


async def _project(work: UnitOfWork, connection: Any, since: date | None, until: date | None) -> None:
    """As the console does, from the inbox on."""
    handlers = projecting()
    for consumer in (one for one in CONSUMERS if one.reader == CONSOLE):
        inbox = Inbox(consumer.name, work, handlers, prepare)
        rows = await connection.fetch(TOLD.format(service=consumer.source), since, until)
        for first in range(0, len(rows), BATCH):
            batch = [Handed(row["body"].encode(), row["type"]) for row in rows[first : first + BATCH]]
            await inbox.receive(batch)
            if any(one.put_back for one in batch):
                raise RuntimeError(f"{consumer.name} put something back")


# -- what is asked -----------------------------------------------------------------------------------------------------


async def _asked(work: UnitOfWork, asked: int) -> dict[str, Any]:
    settle_memory()  # as the product does
    dice, pack = random.Random(7), default_pack()
    everything = Sight(everything=True)
    towns = [frozenset(place.code for place in pack.places if town.code in place.chain) for town in pack.townships]
    units, windows = [one.code for one in pack.units], [one.code for one in pack.windows]
    asks: dict[str, Callable[[], Awaitable[Any]]] = {
        "queue_of_the_director": lambda: board_rows(work, everything),
        "inbox_of_a_unit": lambda: board_rows(work, Sight(unit=dice.choice(units))),
        "board_of_a_grid": lambda: board_rows(work, Sight(places=dice.choice(towns))),
        "cases_of_a_window": lambda: rows_of_window(work, window=dice.choice(windows), staff="clerk.none"),
    }
    found: dict[str, Any] = {"query_ms": await _in_the_database(work, everything, units, towns, dice, asked)}
    for name, ask in asks.items():
        found[f"{name}_ms"] = await _timed(ask, asked)
    return found


async def _in_the_database(
    work: UnitOfWork,
    everything: Sight,
    units: Sequence[str],
    towns: Sequence[frozenset[str]],
    dice: random.Random,
    asked: int,
) -> dict[str, dict[str, float]]:
    """The statement's own time there, its rows written out for the wire."""
    sights: dict[str, Callable[[], Sight]] = {
        "director": lambda: everything,
        "unit": lambda: Sight(unit=dice.choice(units)),
        "grid": lambda: Sight(places=dice.choice(towns)),
    }
    found: dict[str, dict[str, float]] = {}
    for name, sight in sights.items():
        took: list[float] = []
        for _ in range(asked):
            query = queue(sight()).compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
            async with work.read() as session:
                plan = await session.scalar(sa.text(EXPLAIN + str(query).replace(":", "\\:")))
            took.append(plan[0]["Planning Time"] + plan[0]["Execution Time"])
        found[name] = percentiles(took, digits=2)
    return found


async def _timed(ask: Callable[[], Awaitable[Any]], times: int) -> dict[str, float]:
    took: list[float] = []
    for number in range(times + WARM):
        began = time.perf_counter()
        answer = await ask()
        if number >= WARM:
            took.append((time.perf_counter() - began) * 1000)
    rows = getattr(answer, "rows", answer)
    return {**percentiles(took, digits=2), "rows": len(rows), "total": getattr(answer, "total", len(rows))}


def main() -> None:
    configure_logs(level=logging.WARNING)
    parser = argparse.ArgumentParser(prog="benchmarks.history", description=__doc__)
    parser.add_argument("--finished", type=int, default=FINISHED)
    parser.add_argument("--opened", type=int, default=OPEN)
    parser.add_argument("--asked", type=int, default=ASKED)
    print(json.dumps(measure(**vars(parser.parse_args())), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
