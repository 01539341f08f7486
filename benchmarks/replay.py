"""A million events into an empty read model: how many a second, the way of the inbox and the way of a rebuild.

The events are those of a small centre that lived, multiplied, and published into the streams as the relays have them.
Both ways must end with the same rows.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import argparse
import asyncio
import json
import logging
import resource
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from nats.aio.client import Client

from benchmarks.history import MIGRATIONS
from benchmarks.lived import live
from benchmarks.multiplied import copy_of, marked
from benchmarks.product import data_folder
from deploy.broker_users import nats_users
from deploy.databases import with_database
from deploy.embedded.running import ServerAddresses
from deploy.embedded.servers import EmbeddedServers
from services.console.main import build
from services.console.operations.rebuild_board import rebuild_board
from services.console.settings import ConsoleSettings
from services.console.subscribers import HANDLERS
from shared.clock import WallClock
from shared.contracts.subjects import CONSOLE, CONSUMERS, event_subject
from shared.infra.logs import configure_logs
from shared.infra.messaging import ADMINISTRATOR, connect, is_caught_up, provision
from shared.infra.migrations import migrate

EVENTS, WAY_OF_INBOX = 1_000_000, 100_000
LIVED, SIDE_BY_SIDE = 24, 40
CENTRE, FIRST_YEAR = "replay", 2000
BATCH = 500
TABLES = ("board_case", "figure_case", "figure_promise", "figure_act", "inbox")
OF_CASES = """select type, envelope::text as body from {service}.event
    where envelope->'data' ? 'case_id' order by position"""
SUMS = """select md5(string_agg(one, '' order by one)) as sum, count(*) as rows from (
    select md5((to_jsonb(t) - 'version' - 'announced')::text) as one from console.{table} as t) as rows"""


def measure(*, events: int = EVENTS, inbox_events: int = WAY_OF_INBOX) -> dict[str, Any]:
    """The inbox's way with fewer events: it takes long. The rebuild of as many is compared with it, row by row."""
    found: dict[str, Any] = {}
    for name, number, by_inbox in (("both_ways", inbox_events, True), ("rebuild", events, False)):
        if not number:
            continue
        with data_folder() as data:
            servers = EmbeddedServers(data, nats_users())
            addresses = servers.start()
            try:
                url = asyncio.run(live(addresses, data.parent / "vault.keys", "seed", cases=LIVED))
                found[name] = asyncio.run(_over(addresses, url, number, by_inbox=by_inbox))
            finally:
                servers.stop()
    return {**found, "wanted": {"rebuild_events_per_s": 20_000}}


async def _over(addresses: ServerAddresses, seed_url: str, events: int, *, by_inbox: bool) -> dict[str, Any]:
    client = await connect(addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
    try:
        await provision(client, CENTRE)
        published = await _publish(client, seed_url, events)
        found: dict[str, Any] = {"events": published}
        async with _console(addresses) as console:
            if by_inbox:
                began = time.perf_counter()
                await console.start()
                while not await is_caught_up(client, CONSOLE, CENTRE):
                    await asyncio.sleep(0.1)
                found["inbox_events_per_s"] = round(published / (time.perf_counter() - began))
                await console.stop()
            live_rows = await _sums(console.settings.database_url)
            began, cpu = time.perf_counter(), time.process_time()
            await rebuild_board(console.work, client, HANDLERS)
            found["rebuild_events_per_s"] = round(published / (time.perf_counter() - began))
            found["rebuild_cpu_s"] = round(time.process_time() - cpu, 1)
            found["resident_mb_at_most"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
            rows = await _sums(console.settings.database_url)
            found["rows"] = {name: count for name, (_, count) in rows.items()}
            if by_inbox and rows != live_rows:
                raise RuntimeError(f"the rebuilt rows are others: {live_rows} {rows}")
        return found
    finally:
        await client.close()


@asynccontextmanager
async def _console(addresses: ServerAddresses) -> AsyncGenerator[Any]:
    connection = await asyncpg.connect(addresses.database_url)
    await connection.execute(f"create database muster_{CENTRE}")
    await connection.close()
    settings = ConsoleSettings(
        database_url=with_database(addresses.database_url, f"muster_{CENTRE}"),
        nats_url=addresses.nats_urls[CONSOLE],
        centre=CENTRE,
        console_port=None,
    )
    console = build(settings, WallClock())
    await migrate(console.engine, schema=CONSOLE, folder=MIGRATIONS)
    try:
        yield console
    finally:
        await console.engine.dispose()


async def _publish(client: Client, seed_url: str, events: int) -> int:
    """Of each service in its own order; so many centres side by side, as cases of one centre are."""
    connection = await asyncpg.connect(seed_url)
    lines: dict[str, list[tuple[str, bytes]]] = {}
    for consumer in (one for one in CONSUMERS if one.reader == CONSOLE):
        rows = await connection.fetch(OF_CASES.format(service=consumer.source))
        lines[consumer.source] = [
            (row["type"], marked(row["body"].replace('"seed"', f'"{CENTRE}"').encode())) for row in rows
        ]
    await connection.close()
    each = sum(len(told) for told in lines.values())
    copies = max(1, events // each)
    for first in range(0, copies, SIDE_BY_SIDE):
        numbers = range(first, min(first + SIDE_BY_SIDE, copies))
        year = FIRST_YEAR + first // SIDE_BY_SIDE  # one block after the other, as time goes
        for told in lines.values():
            copies_told = [(kind, copy_of(body, number, year=year)) for kind, body in told for number in numbers]
            await _publish_all(client, copies_told)
    return each * copies


async def _publish_all(client: Client, told: Sequence[tuple[str, bytes]]) -> None:
    jetstream = client.jetstream(timeout=30)
    for begin in range(0, len(told), BATCH):
        batch = told[begin : begin + BATCH]
        for kind, body in batch[:-1]:
            await client.publish(event_subject(CENTRE, kind), body)
        kind, body = batch[-1]
        await jetstream.publish(event_subject(CENTRE, kind), body)  # the stream has all before it by then


async def _sums(database_url: str) -> dict[str, tuple[str, int]]:
    connection = await asyncpg.connect(database_url, command_timeout=600)
    try:
        rows = {table: await connection.fetchrow(SUMS.format(table=table)) for table in TABLES}
        return {table: (row["sum"], row["rows"]) for table, row in rows.items()}
    finally:
        await connection.close()


def main() -> None:
    configure_logs(level=logging.WARNING)
    parser = argparse.ArgumentParser(prog="benchmarks.replay", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--inbox-events", type=int, default=WAY_OF_INBOX)
    print(json.dumps(measure(**vars(parser.parse_args())), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
