"""How many cases a second go from registration over routing to armed clocks, everything durable, and what that is
against the bare parts of the same stack, measured in the same run on the same servers.

Each service is a process of its own, as are the servers and the flood. `python -m benchmarks.throughput --cases N`.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from benchmarks.importing import percentiles
from benchmarks.product import MUSTER, data_folder, environment
from benchmarks.yardsticks.raw import echoed, per_second, published_with_acks, ratio, rows_and_commits
from deploy.databases import with_database
from deploy.embedded.running import ServerAddresses
from deploy.packs import apply_pack
from deploy.session import Place, asking, make_servers
from shared.centre.load import load_pack
from shared.contracts.subjects import EVERY_SERVICE
from shared.infra.messaging import ADMINISTRATOR

ROOT = Path(__file__).parents[1]
PACK = ROOT / "tests" / "packs" / "lettered-places"
CENTRE = "lp"
CASES, AT_ONCE, RATE, PACED_S = 2_000, 128, 300.0, 5.0
ANY_PORT = {"MUSTER_CONSOLE_PORT": "0"}
READY_MAX_S, ARMED_MAX_S = 180.0, 300.0

UNARMED = """select $1 - count(*) from escalation.event where type = 'escalation.clock.armed'
    and envelope->'data'->>'stage' = 'sign_off'"""
LATENCY = """
    select extract(epoch from armed.at - registered.at) * 1000 as ms
    from intake.event registered
    join escalation.event armed on armed.subject = registered.subject and armed.type = 'escalation.clock.armed'
    where registered.type = 'intake.case.registered' and armed.envelope->'data'->>'stage' = 'sign_off'
    and registered.at >= $1"""
ROWS = "select sum(n_tup_ins + n_tup_upd) from pg_stat_user_tables"
COMMITS = "select xact_commit from pg_stat_database where datname = current_database()"
EVENTS = """select count(*) as events, avg(octet_length(envelope::text)) as size from (
    select envelope from intake.event union all select envelope from dispatch.event
    union all select envelope from escalation.event union all select envelope from notification.event) as told"""


def measure(*, cases: int = CASES, at_once: int = AT_ONCE, rate: float = RATE) -> dict[str, Any]:
    with data_folder() as data:
        data.parent.mkdir(exist_ok=True)
        servers = make_servers(Place(data, CENTRE))
        addresses = servers.start()
        try:
            return _measure(data, addresses, cases, at_once, rate)
        finally:
            servers.stop()


def _measure(data: Path, addresses: ServerAddresses, cases: int, at_once: int, rate: float) -> dict[str, Any]:
    commands = [[*MUSTER, "serve", name, "--centre", CENTRE, "--data", str(data)] for name in EVERY_SERVICE]
    product_url = with_database(addresses.database_url, f"muster_{CENTRE}")
    with processes(commands, data, "runs for centre") as own:
        asyncio.run(apply_pack_of(data))
        product = asyncio.run(_product(addresses, product_url, own, cases, at_once, rate))
    print(json.dumps(product, ensure_ascii=False), file=sys.stderr)
    per_case = product.pop("per_case")
    skeleton_url = asyncio.run(_database(addresses, "skeleton"))
    nats_url = addresses.nats_urls[ADMINISTRATOR]
    module = [sys.executable, "-m", "benchmarks.yardsticks.skeleton", skeleton_url, nats_url]
    with processes([[*module, "intake", "relay"], [*module, "dispatch"], [*module, "escalation"]], data, "ready"):
        skeleton = asyncio.run(_skeleton(nats_url, skeleton_url, cases * 2, at_once, rate))
    rows, commits = round(per_case["rows"] * cases), max(1, round(per_case["commits"] * cases))
    postgres = asyncio.run(rows_and_commits(skeleton_url, rows=rows, commits=commits, size=400))
    events = round(per_case["events"] * cases)
    jetstream = asyncio.run(published_with_acks(nats_url, events=events, size=round(per_case["event_bytes"])))
    echo = asyncio.run(echoed(nats_url, requests=cases * 2, size=600))
    armed = product["closed_loop"]["armed_per_s"]
    yardsticks = {
        "skeleton_armed_per_s": skeleton["closed_loop"]["armed_per_s"],
        "raw_postgres_cases_per_s": per_second(cases, postgres),
        "raw_jetstream_cases_per_s": per_second(cases, jetstream),
        "bare_faststream_echo_per_s": per_second(cases * 2, echo),
    }
    return {
        "cases": cases,
        "at_once": at_once,
        **product,
        "per_case": per_case,
        "skeleton": skeleton,
        "yardsticks": yardsticks,
        "ratio_to": {name: ratio(armed, figure) for name, figure in yardsticks.items()},
        "wanted": {"armed_per_s": 1_000, "paced_p50_ms": 20, "paced_p99_ms": 120},
    }


async def apply_pack_of(data: Path) -> None:
    async with asking(Place(data, CENTRE)) as asker:
        await apply_pack(asker, load_pack(PACK))


async def _product(
    addresses: ServerAddresses, url: str, own: Sequence["subprocess.Popen[str]"], cases: int, at_once: int, rate: float
) -> dict[str, Any]:
    connection = await asyncpg.connect(url)
    nats_url = addresses.nats_urls[ADMINISTRATOR]
    await flood(CENTRE, nats_url, 300, 16, 0.0)  # warm: statements prepared, code loaded
    await until(connection, UNARMED, 300)
    before = {"rows": await connection.fetchval(ROWS), "commits": await connection.fetchval(COMMITS)}
    told, cpu = await connection.fetchrow(EVENTS), spent_cpu(own)
    began = time.monotonic()
    flooded = await flood(CENTRE, nats_url, cases, at_once, 0.0)
    await until(connection, UNARMED, 300 + cases)
    took = time.monotonic() - began
    spent = {name: round((after - cpu[name]) / cases * 1000, 2) for name, after in spent_cpu(own).items()}
    await asyncio.sleep(1.5)  # statistics are written a moment later
    rows = await connection.fetchval(ROWS) - before["rows"]
    commits = await connection.fetchval(COMMITS) - before["commits"]
    since = await connection.fetchrow(EVENTS)
    events = since["events"] - told["events"]
    paced_at = await connection.fetchval("select clock_timestamp()")
    many = round(rate * PACED_S)
    paced = await flood(CENTRE, nats_url, many, at_once, rate)
    await until(connection, UNARMED, 300 + cases + many)
    latencies = percentiles(await connection.fetch(LATENCY, paced_at))
    await connection.close()
    per_case = {
        "rows": round(float(rows) / cases, 1),
        "commits": round(float(commits) / cases, 2),
        "events": round(events / cases, 2),
        "event_bytes": round(float(since["size"])),
        "cpu_ms": spent,
    }
    return {
        "closed_loop": {
            **flooded,
            "armed_per_s": per_second(cases, took),
            "accepted_per_s": per_second(cases, flooded["seconds"]),
        },
        "paced": {
            "rate_per_s": rate,
            "entered_per_s": per_second(many, paced["seconds"]),
            **paced,
            "registered_to_armed_ms": latencies,
        },
        "per_case": per_case,
    }


async def _skeleton(nats_url: str, url: str, cases: int, at_once: int, rate: float) -> dict[str, Any]:
    connection = await asyncpg.connect(url)
    count = "select $1 - count(*) from skeleton.deadline"
    latency = """select extract(epoch from armed_at - at) * 1000 as ms
        from skeleton.receipt join skeleton.deadline using (id) where at >= $1"""
    await flood("skeleton", nats_url, 300, 16, 0.0)
    await until(connection, count, 300)
    began = time.monotonic()
    flooded = await flood("skeleton", nats_url, cases, at_once, 0.0)
    await until(connection, count, 300 + cases)
    took = time.monotonic() - began
    paced_at = await connection.fetchval("select clock_timestamp()")
    paced = await flood("skeleton", nats_url, round(rate * PACED_S), at_once, rate)
    await until(connection, count, 300 + cases + round(rate * PACED_S))
    latencies = percentiles(await connection.fetch(latency, paced_at))
    await connection.close()
    return {
        "closed_loop": {**flooded, "armed_per_s": per_second(cases, took)},
        "paced": {"rate_per_s": rate, **paced, "registered_to_armed_ms": latencies},
    }


async def flood(target: str, nats_url: str, count: int, at_once: int, rate: float) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        "benchmarks.flood",
        target,
        nats_url,
        str(count),
        str(at_once),
        str(rate),
    ]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("the flood failed")
    figures: dict[str, Any] = json.loads(out)
    if figures["failed"]:
        raise RuntimeError(f"{figures['failed']} registrations were refused")
    return figures


async def until(connection: asyncpg.Connection, query: str, *arguments: object) -> None:
    began = time.monotonic()
    while await connection.fetchval(query, *arguments) > 0:
        if time.monotonic() - began > ARMED_MAX_S:
            raise TimeoutError("clocks are missing")
        await asyncio.sleep(0.02)


async def _database(addresses: ServerAddresses, name: str) -> str:
    connection = await asyncpg.connect(addresses.database_url)
    await connection.execute(f"create database {name}")
    await connection.close()
    return with_database(addresses.database_url, name)


def spent_cpu(own: Sequence["subprocess.Popen[str]"], names: Sequence[str] = EVERY_SERVICE) -> dict[str, float]:
    """Seconds spent so far, by what runs. `names`: the service that each process of our own is."""
    ours = {process.pid: name for process, name in zip(own, names, strict=True)}
    spent: dict[str, float] = {}
    for process in psutil.process_iter(["name"]):
        try:
            name = ours.get(process.pid) or next(
                (word for word in ("nats-server", "postgres") if word in (process.info["name"] or "")), None
            )
            if name is not None:
                times = process.cpu_times()
                spent[name] = spent.get(name, 0.0) + times.user + times.system
        except psutil.Error:
            continue
    return spent


@contextmanager
def processes(commands: Sequence[Sequence[str]], data: Path, ready: str) -> Generator[list["subprocess.Popen[str]"]]:
    """All of them once each has said that it is ready; ended politely, by their own pids."""
    log = (data.parent / "output.txt").open("w+", encoding="utf-8")
    started = [
        subprocess.Popen(command, cwd=ROOT, env=ANY_PORT | environment(data), stdout=log, stderr=log, text=True)
        for command in commands
    ]
    try:
        _wait_for(lambda: Path(log.name).read_text(encoding="utf-8").count(ready) >= len(started))
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(30)
        log.close()


def _wait_for(come: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not come():
        if time.monotonic() - began > READY_MAX_S:
            raise TimeoutError("a process did not get ready")
        time.sleep(0.05)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.throughput", description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--at-once", type=int, default=AT_ONCE)
    parser.add_argument("--rate", type=float, default=RATE)
    print(json.dumps(measure(**vars(parser.parse_args())), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
