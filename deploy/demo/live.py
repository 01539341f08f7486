"""Showing a centre at work: the view, drawn again and again, and the endless demo beside it."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from secrets import randbelow

from nats.aio.client import Client
from rich.console import Console
from rich.live import Live

from deploy.demo.board import Lookout
from deploy.demo.day import OnLeap, Progress, live_on, nobody
from deploy.demo.floor import Asking
from deploy.demo.view import plain_line, render
from deploy.demo.words import Words
from shared.centre.pack import CentrePack
from shared.clock import Clock

DRAW_S = 1.0
PLAIN_S = 5.0


@dataclass(slots=True)
class Note:
    """A word in the corner of the page, written by whoever drives the day."""

    text: str = ""


async def show(lookout: Lookout, pack: CentrePack, console: Console, note: Note, *, plain: bool) -> None:
    """Until cancelled: a page in a terminal, else one line every few seconds."""
    words, limit = Words(pack), arrival_limit(pack)
    if plain or not console.is_terminal:
        while True:
            console.print(plain_line(await lookout.look(), words, note=note.text), markup=False, soft_wrap=True)
            await asyncio.sleep(PLAIN_S)
    with Live(console=console, screen=True, auto_refresh=False) as live:
        while True:
            page = render(await lookout.look(), words, arrival_limit=limit, height=console.height, note=note.text)
            live.update(page, refresh=True)
            await asyncio.sleep(DRAW_S)


async def live_centre(
    asker: Asking,
    admin: Client,
    pack: CentrePack,
    clock: Clock,
    *,
    plain: bool,
    centre: str | None = None,
    console: Console | None = None,
    on_leap: OnLeap = nobody,
    corner: str = "",
) -> None:
    """A lively centre and its view, until cancelled. `centre` is the subjects' token: the pack's, where not given.

    `corner` is said beside what the demo says of itself.
    """
    lookout, note = Lookout(asker, admin, clock, centre or pack.centre), Note()
    a_minute_s = clock.real_seconds(timedelta(minutes=1))
    speed = f"演示，{60 / a_minute_s:g} 倍速" if a_minute_s else "演示"

    def tell(progress: Progress) -> None:
        note.text = f"{speed} · 本次到件 {progress.entered}{corner}"

    await lookout.open()
    living = asyncio.create_task(live_on(asker, pack, clock, randbelow(1_000_000), on_progress=tell, on_leap=on_leap))
    showing = asyncio.create_task(show(lookout, pack, console or Console(highlight=False), note, plain=plain))
    try:
        await asyncio.wait({living, showing}, return_when=asyncio.FIRST_COMPLETED)
        for task in (living, showing):
            if task.done():
                task.result()
    finally:
        await end(living, showing)
        await lookout.close()


async def end(*tasks: "asyncio.Task[None]") -> None:
    """Cancels and waits; what they raise has been looked at already."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def arrival_limit(pack: CentrePack) -> timedelta:
    """The 20 minutes, as the pack has them."""
    limit = pack.limit_for("arrival", None, "IV")
    return timedelta(hours=limit.amount) if limit.unit == "hour" else timedelta(minutes=limit.amount)
