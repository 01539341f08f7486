"""What a second copy of every service costs: the same even stream of cases with one copy of each and two, in turns.

A second copy is there for safety (it takes over from one that is gone) and must not make anything slower.
`python -m benchmarks.copies --rate N --seconds N`.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import argparse
import asyncio
import json
from collections.abc import Callable
from typing import Any

import asyncpg

from benchmarks.arithmetic import median_of
from benchmarks.importing import percentiles
from benchmarks.product import MUSTER, data_folder
from benchmarks.throughput import CENTRE, LATENCY, UNARMED, apply_pack_of, flood, processes, spent_cpu, until
from benchmarks.yardsticks.raw import ratio
from deploy.databases import with_database
from deploy.embedded.running import ServerAddresses
from deploy.session import Place, make_servers
from shared.contracts.subjects import EVERY_SERVICE
from shared.infra.messaging import ADMINISTRATOR

RATE, SECONDS = 10.0, 20.0
TURNS = (1, 2, 2, 1)
WARM = 300


def measure(*, rate: float = RATE, seconds: float = SECONDS) -> dict[str, Any]:
    runs = [(copies, _with(copies, rate, seconds)) for copies in TURNS]
    one, two = (median_of([run for copies, run in runs if copies == number]) for number in (1, 2))
    took = (two["registered_to_armed_ms"], one["registered_to_armed_ms"])
    return {
        "rate_per_s": rate,
        "cases": round(rate * seconds),
        "one_copy": one,
        "two_copies": two,
        "two_to_one": {
            **{name: ratio(*(each[name] for each in took)) for name in ("p50", "p99")},
            "cpu": ratio(two["cpu_ms_per_case"], one["cpu_ms_per_case"]),
        },
        "wanted": {"two_to_one": 1.2},
    }


def _with(copies: int, rate: float, seconds: float) -> dict[str, Any]:
    names = EVERY_SERVICE * copies
    with data_folder() as data:
        data.parent.mkdir(exist_ok=True)
        servers = make_servers(Place(data, CENTRE))
        addresses = servers.start()
        commands = [[*MUSTER, "serve", name, "--centre", CENTRE, "--data", str(data)] for name in names]
        try:
            with processes(commands, data, "runs for centre") as own:
                asyncio.run(apply_pack_of(data))
                return asyncio.run(_paced(addresses, lambda: sum(spent_cpu(own, names).values()), rate, seconds))
        finally:
            servers.stop()


async def _paced(
    addresses: ServerAddresses, spent_s: Callable[[], float], rate: float, seconds: float
) -> dict[str, Any]:
    connection = await asyncpg.connect(with_database(addresses.database_url, f"muster_{CENTRE}"))
    nats_url, cases = addresses.nats_urls[ADMINISTRATOR], round(rate * seconds)
    await flood(CENTRE, nats_url, WARM, 16, 0.0)  # warm: statements prepared, code loaded
    await until(connection, UNARMED, WARM)
    since, before_s = await connection.fetchval("select clock_timestamp()"), spent_s()
    flooded = await flood(CENTRE, nats_url, cases, 1, rate)
    await until(connection, UNARMED, WARM + cases)
    after_s, latencies = spent_s(), percentiles(await connection.fetch(LATENCY, since))
    await connection.close()
    return {
        "registered_to_armed_ms": latencies,
        "answer_ms": flooded["answer_ms"],
        "cpu_ms_per_case": round((after_s - before_s) / cases * 1000, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.copies", description=__doc__)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    print(json.dumps(measure(**vars(parser.parse_args())), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
