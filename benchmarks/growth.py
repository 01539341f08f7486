"""What a case costs with many cases in history, against few: CPU and seconds for each of a flood, in one product.

A small centre lived first; the product is started over its database, publishes and shows what happened there, and then
the rows of all services are multiplied where they lie, once to few cases and once to many.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.lived import FINISHED, live
from benchmarks.multiplied import Template, fill, templates_of
from benchmarks.product import MUSTER, data_folder
from benchmarks.throughput import CENTRE, PACK, apply_pack_of, flood, processes, spent_cpu, until
from deploy.embedded.running import ServerAddresses
from deploy.session import Place, make_servers
from deploy.vault_keys import vault_key_file
from shared.centre.load import load_pack
from shared.contracts.subjects import EVERY_SERVICE, SERVICES
from shared.infra.messaging import ADMINISTRATOR

FEW, MANY, CASES = 10_000, 200_000, 500
LIVED, AT_ONCE, WARM = 24, 32, 300
WANTED = 1.2
UNPUBLISHED = " + ".join(f"(select count(*) from {service}.unsent)" for service in SERVICES)
BEHIND = f"""select {UNPUBLISHED} + (select count(*) from console.board_case where announced < version)
    + (select count(*) from intake."case") - (select count(*) from console.figure_case where over_at is not null)"""
UNARMED = """select $1 - count(*) from escalation.event where position > $2
    and type = 'escalation.clock.armed' and envelope->'data'->>'stage' = 'sign_off'"""


def measure(*, few: int = FEW, many: int = MANY, cases: int = CASES) -> dict[str, Any]:
    with data_folder() as data:
        data.parent.mkdir(exist_ok=True)
        servers = make_servers(Place(data, CENTRE))
        addresses = servers.start()
        try:
            keys = vault_key_file(data)
            url = asyncio.run(live(addresses, keys, CENTRE, cases=LIVED, pack=load_pack(PACK)))
            commands = [[*MUSTER, "serve", name, "--centre", CENTRE, "--data", str(data)] for name in EVERY_SERVICE]
            with processes(commands, data, "runs for centre") as own:
                return asyncio.run(_measured(data, addresses, url, own, few, many, cases))
        finally:
            servers.stop()


async def _measured(
    data: Path, addresses: ServerAddresses, url: str, own: Sequence[Any], few: int, many: int, cases: int
) -> dict[str, Any]:
    await apply_pack_of(data)
    nats_url = addresses.nats_urls[ADMINISTRATOR]
    connection = await asyncpg.connect(url, command_timeout=600)
    try:
        await until(connection, BEHIND)
        each = await connection.fetchval(f"select count(*) from ({FINISHED}) as finished")
        templates = await templates_of(connection, EVERY_SERVICE)
        found: dict[str, Any] = {"cases": cases, "rows_per_case": round(_rows(templates) / each, 1)}
        filled = 0
        for name, history in (("at_few", few), ("at_many", many)):
            copies = range(filled, max(filled, history // each))
            began = time.monotonic()
            await fill(url, templates, copies)
            filled, filled_s = copies.stop, round(time.monotonic() - began)
            found[name] = {
                "history": filled * each,
                "filled_s": filled_s,
                **await _flooded(connection, nats_url, own, cases),
            }
        return {**found, "many_to_few": _ratios(found["at_few"], found["at_many"]), "wanted": {"many_to_few": WANTED}}
    finally:
        await connection.close()


async def _flooded(connection: Any, nats_url: str, own: Sequence[Any], cases: int) -> dict[str, Any]:
    await _flood(connection, nats_url, WARM)
    before = spent_cpu(own)
    took = await _flood(connection, nats_url, cases)
    spent = {name: round((after - before[name]) / cases * 1000, 2) for name, after in spent_cpu(own).items()}
    return {
        "ms_per_case": round(took / cases * 1000, 2),
        "cpu_ms_per_case": round(sum(spent.values()), 2),
        "cpu_ms": spent,
    }


async def _flood(connection: Any, nats_url: str, cases: int) -> float:
    head = await connection.fetchval("select coalesce(max(position), 0) from escalation.event")
    began = time.monotonic()
    await flood(CENTRE, nats_url, cases, AT_ONCE, 0.0)
    await until(connection, UNARMED, cases, head)
    return time.monotonic() - began


def _rows(templates: Sequence[Template]) -> int:
    return sum(template.rows.count(b"\n") for template in templates)


def _ratios(few: dict[str, Any], many: dict[str, Any]) -> dict[str, float]:
    return {name: round(many[name] / few[name], 2) for name in ("ms_per_case", "cpu_ms_per_case")}


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.growth", description=__doc__)
    parser.add_argument("--few", type=int, default=FEW)
    parser.add_argument("--many", type=int, default=MANY)
    parser.add_argument("--cases", type=int, default=CASES)
    print(json.dumps(measure(**vars(parser.parse_args())), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
