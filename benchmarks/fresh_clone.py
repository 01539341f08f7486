"""From a fresh clone to the first routed case with `make run`, as a newcomer would."""

import asyncio
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.product import data_folder, environment
from deploy.databases import with_database
from deploy.embedded.servers import find_running

ROOT = Path(__file__).parents[1]
WAIT_MAX_S = 600.0


def measure() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="muster-clone-") as folder, data_folder() as data:
        Path(folder).chmod(0o755)
        clone = Path(folder) / "muster"
        began = time.monotonic()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        clean = {key: value for key, value in environment(data).items() if key != "VIRTUAL_ENV"}
        process = subprocess.Popen(
            ["make", "run", "ARGS=--plain"],
            cwd=clone,
            env=clean,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            routed_s = asyncio.run(_first_routed(data, began))
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(60)
    return {"fresh_clone_to_first_routed_case_s": round(routed_s, 1), "wanted": {"s": 120}}


async def _first_routed(data: Path, began: float) -> float:
    while time.monotonic() - began < WAIT_MAX_S:
        address = find_running(data)
        if address is not None and await _is_routed(with_database(address.database_url, "muster_qz")):
            return time.monotonic() - began
        await asyncio.sleep(0.2)
    raise TimeoutError("no case was routed")


async def _is_routed(database_url: str) -> bool:
    try:
        connection = await asyncpg.connect(database_url, timeout=5)
    except (asyncpg.PostgresError, OSError):
        return False
    try:
        if await connection.fetchval("select to_regclass('dispatch.event')") is None:
            return False
        return bool(
            await connection.fetchval("select exists (select 1 from dispatch.event where type='dispatch.case.routed')")
        )
    finally:
        await connection.close()
