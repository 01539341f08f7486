"""A platform push of many cases: how many a second, and how long from registration until the case's clock is armed.

Takes the real messages where they lie beside the checkout, else as many invented ones.
"""

import asyncio
import csv
import json
import subprocess
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

import asyncpg

from benchmarks.product import MUSTER, data_folder, environment, running
from deploy.databases import with_database
from deploy.embedded.servers import find_running

ROOT = Path(__file__).parents[1]
MESSAGES = ROOT.parent / "shared" / "data" / "messages.csv"
PACK = ROOT / "tests" / "packs" / "lettered-places"
CENTRE = "lp"
INVENTED_ROWS = 5_839
ARMED_MAX_S = 120.0

LATENCY = """
    select extract(epoch from armed.at - registered.at) * 1000 as ms
    from intake.event registered
    join escalation.event armed on armed.subject = registered.subject and armed.type = 'escalation.clock.armed'
    where registered.type = 'intake.case.registered' and armed.envelope->'data'->>'stage' = $1"""
UNARMED = """
    select count(*) from intake."case" c
    where not exists (select 1 from escalation.clock k where k.case_id = c.case_id and k.stage = 'dispatch')"""


def measure() -> dict[str, Any]:
    with data_folder() as data:
        data.parent.mkdir(exist_ok=True)
        file = MESSAGES if MESSAGES.exists() else invented(data.parent / "rows.csv")
        with running(data, "--centre", CENTRE, "--pack", str(PACK)):
            return _import(data, file)


def _import(data: Path, file: Path) -> dict[str, Any]:
    began = time.monotonic()
    command = [*MUSTER, "import", str(file), "--centre", CENTRE, "--json"]
    done = subprocess.run(command, env=environment(data), capture_output=True, text=True, check=False)
    registered_s = time.monotonic() - began
    if done.returncode not in (0, 1):  # 1: rows were refused
        raise RuntimeError(done.stderr)
    report = json.loads(done.stdout)
    address = find_running(data)
    assert address is not None
    armed_s, latencies = asyncio.run(_until_armed(with_database(address.database_url, f"muster_{CENTRE}"), began))
    return {
        "rows": report["rows"],
        "registered": report["registered"],
        "refused": report["refused"],
        "real_messages": file == MESSAGES,
        "registered_per_s": round(report["registered"] / registered_s, 1),
        "registered_and_armed_per_s": round(report["registered"] / armed_s, 1),
        "registration_to_clock_armed_ms": latencies,
        "seconds_to_all_armed": round(armed_s, 1),
    }


async def _until_armed(database_url: str, began: float) -> tuple[float, dict[str, dict[str, float]]]:
    connection = await asyncpg.connect(database_url)
    try:
        while await connection.fetchval(UNARMED):
            if time.monotonic() - began > ARMED_MAX_S:
                raise TimeoutError("clocks are missing")
            await asyncio.sleep(0.05)
        armed_s = time.monotonic() - began
        stages = ("accept", "dispatch")
        return armed_s, {stage: percentiles(await connection.fetch(LATENCY, stage)) for stage in stages}
    finally:
        await connection.close()


def percentiles(rows: list[asyncpg.Record]) -> dict[str, float]:
    cuts = quantiles([float(row["ms"]) for row in rows], n=100)
    return {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1), "p99": round(cuts[98], 1)}


def invented(path: Path) -> Path:
    """As many rows as the real file has, of our own words."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["reference", "matter", "category", "received_at"])
        for number in range(INVENTED_ROWS):
            matter = f"A{number % 9 + 1}区 小区门口路灯不亮，第 {number} 次反映，夜间出行不便，请派人查看。"
            writer.writerow([f"B{number}", matter * 6, "城乡建设" if number % 15 == 0 else "", "2026-01-05 09:30:00"])
    return path
