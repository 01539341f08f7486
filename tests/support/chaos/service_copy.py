"""One copy of one service as a process of its own: `python -m tests.support.chaos.service_copy PLACE SERVICE`.

What `muster serve` runs, on a shared clock. It ends politely when told, or when whoever started it is gone.
"""

import asyncio
import os
import signal
import sys
import threading
from pathlib import Path

import typer

from deploy.cli.words import run_async
from deploy.long_running import settle_memory
from deploy.stack import Stack
from shared.contracts.subjects import CONSOLE
from shared.infra.logs import configure_logs
from tests.support.chaos.place import Place
from tests.support.chaos.shared_clock import SharedClock

LOOK_S = 0.1


async def serve(place: Place, service: str) -> None:
    clock = SharedClock(place.clock_file)
    stack = Stack(
        place.addresses,
        clock,
        centre=place.centre,
        vault_key_file=place.key_file,
        names=(service,),
        console_port=0 if service == CONSOLE else None,
    )
    async with stack:
        settle_memory()
        following = asyncio.create_task(nudge_after_leaps(clock, stack))
        await told_to_stop()
        following.cancel()


async def nudge_after_leaps(clock: SharedClock, stack: Stack) -> None:
    """Nobody waits out a night that was leapt over."""
    seen = clock.changes
    while True:
        await asyncio.sleep(LOOK_S)
        clock.now()
        if clock.changes != seen:
            seen = clock.changes
            stack.nudge()


async def told_to_stop() -> None:
    """By a signal, or by the end of standard input: the starter holds its other end."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)

    def listen() -> None:
        while os.read(0, 1):
            continue
        loop.call_soon_threadsafe(told.set)

    threading.Thread(target=listen, daemon=True).start()
    await told.wait()


if __name__ == "__main__":
    configure_logs()
    try:
        run_async(serve(Place.read(Path(sys.argv[1])), sys.argv[2]))
    except typer.Exit as told:
        sys.exit(told.exit_code)
