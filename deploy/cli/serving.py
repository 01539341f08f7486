"""`muster serve`, `muster provision`, `muster republish`: for running services one by one."""

import asyncio
import signal
from typing import Annotated
from uuid import uuid4

import typer

from deploy.cli.doctor import CentreOption, DataOption
from deploy.cli.words import err, fail, out, run_async
from deploy.long_running import settle_memory
from deploy.session import Place, asking, servers
from deploy.vault_keys import vault_key_file
from shared.clock import WallClock
from shared.contracts.actors import OPERATOR
from shared.contracts.common import Republished, RepublishEvents
from shared.contracts.subjects import CONSOLE, EVERY_SERVICE, SERVICES
from shared.infra.logs import configure_logs
from shared.infra.messaging import ADMINISTRATOR, connect, provision

LONG_S = 3_600.0
PORT = 8080
PortOption = Annotated[int, typer.Option("--port", envvar="MUSTER_CONSOLE_PORT", help="where the console listens")]


def serve(
    service: Annotated[str, typer.Argument(help=", ".join(EVERY_SERVICE))],
    data: DataOption = None,
    centre: CentreOption = None,
    port: PortOption = PORT,
) -> None:
    """Runs one service; as many copies as wanted may run beside each other."""
    if service not in EVERY_SERVICE:
        fail(f"there is no service {service!r}: {', '.join(EVERY_SERVICE)}", code=2)
    from deploy.stack import Stack

    configure_logs()

    async def work() -> None:
        place = Place.here(data, centre)
        async with servers(place) as addresses:
            stack = Stack(
                addresses,
                WallClock(),
                centre=place.centre,
                vault_key_file=vault_key_file(place.data),
                data=place.data,
                names=(service,),
                console_port=port if service == CONSOLE else None,
            )
            async with stack:
                settle_memory()
                where = f" on {address_of(stack.console.port)}" if stack.console else ""
                err.print(f"{service} runs for centre {place.centre}{where}; Ctrl-C stops it")
                await until_told_to_stop()

    run_async(work())


def address_of(port: int | None) -> str:
    return f"http://127.0.0.1:{port}"


async def until_told_to_stop() -> None:
    """Ctrl-C, a terminal that closes, or a polite end from the system. Told once, it is told for good."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, told.set)
    await told.wait()


def provision_streams(data: DataOption = None, centre: CentreOption = None) -> None:
    """Makes or updates the streams and consumers on the broker (by its administrator's address); safe to repeat."""

    async def work() -> None:
        place = Place.here(data, centre)
        async with servers(place) as addresses:
            client = await connect(addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
            try:
                await provision(client, place.centre)
            finally:
                await client.close()

    run_async(work())
    out.print("[green]✓[/] streams and consumers are in place")


def republish(data: DataOption = None, centre: CentreOption = None) -> None:
    """Publishes every recorded event again: for a broker that lost its data. What is known already is skipped."""

    async def work() -> int:
        total = 0
        async with asking(Place.here(data, centre)) as asker:
            for service in SERVICES:
                command = RepublishEvents(actor=OPERATOR, idempotency_key=uuid4().hex)
                total += (await asker.ask(command, Republished, service=service, timeout_s=LONG_S)).events
        return total

    out.print(f"{run_async(work())} event(s) will be published again")
