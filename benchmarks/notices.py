"""A whistle for fifty units at once: how long from the commander's approval until each unit's notice is handed over.

The whole stack in one process over embedded servers, with a real webhook for every liaison: an HTTP server in a process
of its own notes when each call came in. Each round is a case of its own; nothing is warmed up but by the first rounds.
"""

import asyncio
import json
import multiprocessing
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from typing import Any, Protocol
from uuid import UUID

from deploy.broker_users import nats_users
from deploy.embedded.running import ServerAddresses
from deploy.embedded.servers import EmbeddedServers
from deploy.packs import default_pack
from shared.centre.pack import CentrePack
from shared.clock import WallClock
from shared.contracts.actors import OPERATOR
from shared.contracts.base import Done
from shared.contracts.dispatch import ApproveSummons, SummonsStarted
from shared.contracts.notification import SetContact
from shared.infra.logs import configure_logs
from tests.support.centre import CentreUnderTest, key

UNITS = 50
ROUNDS = 20
WAIT_MAX_S = 30.0

HANDED_OVER = """
    select extract(epoch from handed.at) as at, handed.envelope->'data'->>'unit' as unit
    from notification.event handed
    where handed.type = 'notification.notice.handed_over' and handed.envelope->'data'->>'summons_id' = $1"""


class Pipe(Protocol):
    """One end of a pipe between two processes."""

    def send(self, obj: Any, /) -> None: ...

    def recv(self) -> Any: ...

    def poll(self, timeout: float | None = 0.0, /) -> bool: ...


def measure() -> dict[str, Any]:
    configure_logs(level=30)
    ours, theirs = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        Path(folder).chmod(0o755)  # as root, PostgreSQL runs as somebody else who must reach its folder
        hooks = multiprocessing.get_context("spawn").Process(target=listen, args=(theirs,), daemon=True)
        hooks.start()
        servers = EmbeddedServers(Path(folder) / "servers", nats_users())
        servers.start()
        try:
            return asyncio.run(_measure(servers.addresses, Path(folder), ours))
        finally:
            servers.stop()
            hooks.terminate()
            hooks.join()


async def _measure(addresses: ServerAddresses, folder: Path, hooks: Pipe) -> dict[str, Any]:
    port = hooks.recv()
    pack = wide(default_pack(), UNITS)
    centre = CentreUnderTest(addresses, "bench", folder / "vault.keys", clock=WallClock())
    centre.pack = pack
    try:
        await centre.open()
        units = [unit.code for unit in pack.units[:UNITS]]
        await _set_contacts(centre, units, port)
        recorded: list[float] = []
        webhook: list[float] = []
        firsts: list[float] = []
        for number in range(ROUNDS):
            handed, called = await _one_round(centre, units, hooks)
            recorded += handed
            webhook += called
            firsts.append(min(called))
            print(f"round {number + 1}: slowest unit {max(called):.0f} ms", file=sys.stderr)
    finally:
        await centre.close()
    return {
        "units_at_once": UNITS,
        "rounds": ROUNDS,
        "approval_to_handed_over_ms": percentiles(recorded),
        "approval_to_webhook_called_ms": percentiles(webhook),
        "approval_to_first_webhook_called_ms": percentiles(firsts),
    }


async def _one_round(centre: CentreUnderTest, units: list[str], hooks: Pipe) -> tuple[list[float], list[float]]:
    """Milliseconds from asking for the approval, for each unit: on record as handed over, and called on its webhook."""
    receipt = await centre.window_receives()
    summons = await centre.director_summons(receipt.case_code, *units)
    while hooks.poll():
        hooks.recv()  # calls about the case itself, of before
    began = time.time()
    command = ApproveSummons(actor=centre.commander, idempotency_key=key(), summons_id=summons)
    await centre.ask(command, SummonsStarted)
    called = await asyncio.to_thread(_wait_for_calls, hooks, units)
    handed = await _handed(centre, summons, units)
    return [1000 * (at - began) for at in handed], [1000 * (at - began) for at in called.values()]


def _wait_for_calls(hooks: Pipe, units: list[str]) -> dict[str, float]:
    """The first whistle for each unit."""
    first: dict[str, float] = {}
    deadline = time.monotonic() + WAIT_MAX_S
    while len(first) < len(units):
        if not hooks.poll(max(0.0, deadline - time.monotonic())):
            raise TimeoutError(f"{len(units) - len(first)} units were not called")
        unit, at = hooks.recv()
        first.setdefault(unit, at)
    return first


async def _handed(centre: CentreUnderTest, summons: UUID, units: list[str]) -> list[float]:
    async with asyncio.timeout(WAIT_MAX_S):
        while True:
            rows = await centre.fetch(HANDED_OVER, str(summons))
            first: dict[str, float] = {}
            for row in sorted(rows, key=lambda one: one["at"]):
                first.setdefault(row["unit"], float(row["at"]))
            if set(first) == set(units):
                return list(first.values())
            await asyncio.sleep(0.1)


async def _set_contacts(centre: CentreUnderTest, units: list[str], port: int) -> None:
    for unit in units:
        liaison = next(one.liaison.code for one in centre.pack.units if one.code == unit)
        command = SetContact(
            actor=OPERATOR,
            idempotency_key=key(),
            staff=liaison,
            channel="webhook",
            address=f"http://127.0.0.1:{port}/{unit}",
        )
        await centre.ask(command, Done)


def wide(pack: CentrePack, units: int) -> CentrePack:
    """The pack with as many units as are to be called; the added ones copy the first."""
    first = pack.units[0]
    added = [
        first.model_copy(
            update={
                "code": f"added-{number}",
                "name": f"增设单位{number}",
                "short": f"增设{number}",
                "aliases": (),
                "kind": "department",
                "liaison": first.liaison.model_copy(update={"code": f"added-{number}.liaison"}),
                "lead": first.lead.model_copy(update={"code": f"added-{number}.lead"}),
            }
        )
        for number in range(units - len(pack.units))
    ]
    return pack.model_copy(update={"units": (*pack.units, *added)})


def percentiles(values: list[float]) -> dict[str, float]:
    cuts = quantiles(values, n=100, method="inclusive")
    return {
        "p50": round(cuts[49], 1),
        "p95": round(cuts[94], 1),
        "p99": round(cuts[98], 1),
        "max": round(max(values), 1),
    }


def listen(to: Pipe) -> None:
    """Answers every POST with 204 and tells its path and the instant at which it came in."""
    asyncio.run(_listen(to))


async def _listen(to: Pipe) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        at = time.time()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = await reader.readexactly(int(fields.get("content-length", "0")))
        if json.loads(body)["links"]:  # only a whistle has links to answer by; work orders are told here too
            to.send((head.split(" ")[1].lstrip("/"), at))
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1_000)
    to.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()
