"""An hour of cases at half of what the product bears: does memory rise, or how long a case takes to be watched?

The whole product as processes of its own, as in `throughput`. Each minute: proportional set size of each process and of
the servers, milliseconds from registration to the armed clock of the cases registered in it, and how many wait.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from typing import Any

import asyncpg
import psutil

from benchmarks.arithmetic import judged, percentiles
from benchmarks.keeping import RESULTS
from benchmarks.product import MUSTER, data_folder
from benchmarks.throughput import CENTRE, apply_pack_of, flood, processes
from deploy.databases import with_database
from deploy.embedded.running import ServerAddresses
from deploy.session import Place, make_servers
from shared.contracts.subjects import EVERY_SERVICE
from shared.infra.messaging import ADMINISTRATOR

MINUTES, AT_ONCE, WARM, WINDOW = 60, 64, 300, 10
MINUTE_S = 60.0
RATE_WITHOUT_RESULT = 30.0
HALF = 0.5
SERVERS = ("nats-server", "postgres")

LATENCY = """
    select extract(epoch from armed.at - registered.at) * 1000 as ms
    from intake.event registered
    join escalation.event armed on armed.subject = registered.subject and armed.type = 'escalation.clock.armed'
    where registered.type = 'intake.case.registered' and armed.envelope->'data'->>'stage' = 'sign_off'
    and registered.position > $1 and registered.position <= $2"""
LAST = "select coalesce(max(position), 0) from intake.event"
"""A minute's cases are named by their places: asked by time, each minute's look would read the whole record."""

BACKLOG = """select count(*) from intake.event registered
    where registered.type = 'intake.case.registered' and registered.position > $1 and not exists (
        select from escalation.event armed where armed.subject = registered.subject
        and armed.type = 'escalation.clock.armed' and armed.envelope->'data'->>'stage' = 'sign_off')"""


def sustained_rate() -> float:
    """Half of the sustained throughput, as its result file has it."""
    path = RESULTS / "throughput.json"
    if not path.exists():
        return RATE_WITHOUT_RESULT
    figures = json.loads(path.read_text(encoding="utf-8"))["figures"]
    return round(figures["closed_loop"]["armed_per_s"] * HALF, 1)


def measure(*, minutes: int = MINUTES, rate: float | None = None) -> dict[str, Any]:
    rate = rate or sustained_rate()
    with data_folder() as data:
        data.parent.mkdir(exist_ok=True)
        servers = make_servers(Place(data, CENTRE))
        addresses = servers.start()
        try:
            commands = [[*MUSTER, "serve", name, "--centre", CENTRE, "--data", str(data)] for name in EVERY_SERVICE]
            with processes(commands, data, "runs for centre") as own:
                asyncio.run(apply_pack_of(data))
                told = asyncio.run(_soaked(addresses, own, minutes, rate))
        finally:
            servers.stop()
    return {"minutes": minutes, "rate_per_s": rate, **told, "wanted": {"last_to_first": 1.1}}


async def _soaked(addresses: ServerAddresses, own: Sequence[Any], minutes: int, rate: float) -> dict[str, Any]:
    connection = await asyncpg.connect(with_database(addresses.database_url, f"muster_{CENTRE}"), command_timeout=120)
    nats_url = addresses.nats_urls[ADMINISTRATOR]
    try:
        await flood(CENTRE, nats_url, WARM, AT_ONCE, 0.0)
        began, since = time.monotonic(), await connection.fetchval(LAST)
        flooding = asyncio.create_task(flood(CENTRE, nats_url, round(minutes * MINUTE_S * rate), AT_ONCE, rate))
        series: list[dict[str, Any]] = []
        for number in range(1, minutes + 1):
            await asyncio.sleep(max(0.0, began + number * MINUTE_S - time.monotonic()))
            if flooding.done():
                flooding.result()
            until = await connection.fetchval(LAST)
            backlog = await connection.fetchval(BACKLOG, since)
            latencies = [float(row["ms"]) for row in await connection.fetch(LATENCY, since, until)]
            series.append({"pss_mb": _sizes(own), "backlog": backlog, "registered_to_armed_ms": percentiles(latencies)})
            print(json.dumps(series[-1]), file=sys.stderr)
            since = until
        answers = await flooding
    finally:
        await connection.close()
    return {"flood": answers, "by_minute": series, "slope": judged(_lines(series), window=WINDOW)}


def _lines(series: Sequence[dict[str, Any]]) -> dict[str, list[float]]:
    """What must not rise. Minutes in which nothing was armed have no latency; the backlog tells of them."""
    sizes = {f"pss_mb of {name}": [one["pss_mb"][name] for one in series] for name in series[0]["pss_mb"]}
    timed = [one["registered_to_armed_ms"] for one in series if one["registered_to_armed_ms"]]
    return {
        **sizes,
        "pss_mb": [sum(one["pss_mb"].values()) for one in series],
        **{f"{part}_ms": [one[part] for one in timed] for part in ("p50", "p99")},
    }


def _sizes(own: Sequence[Any]) -> dict[str, float]:
    names = {process.pid: name for process, name in zip(own, EVERY_SERVICE, strict=True)}
    sizes = dict.fromkeys((*EVERY_SERVICE, *SERVERS), 0.0)
    for process in psutil.process_iter(["name"]):
        try:
            name = names.get(process.pid) or next((one for one in SERVERS if one in (process.info["name"] or "")), None)
            if name is not None and _is_ours(process, name):
                sizes[name] += process.memory_full_info().pss / 1e6
        except psutil.Error:
            continue
    return {name: round(size, 1) for name, size in sizes.items()}


def _is_ours(process: psutil.Process, name: str) -> bool:
    """Servers of this run: others may run on the machine."""
    return name in EVERY_SERVICE or psutil.Process() in process.parents()


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=int, default=MINUTES)
    parser.add_argument("--rate", type=float, default=None, help="cases a second; half of the sustained throughput")
    print(json.dumps(measure(**vars(parser.parse_args())), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
