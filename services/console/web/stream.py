"""What one viewer is sent: frames after its cursor as far as it may see them, and the time every 15 seconds."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import randbelow

from services.console.policy.sight import Sight
from services.console.web.live import Frame, Hub

CLOCK_S = 15.0
WRITE_EVERY_S = 0.25
RETRY_MS = 1_500
DRAIN_JITTER_MS = 4_000
Render = Callable[[Frame, bool], bytes]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: what they see, how it is rendered for them, and whether they are still signed in."""

    sight: Sight
    render: Render
    still_there: Callable[[], Awaitable[bool]]
    now: Callable[[], datetime]
    rate: float
    mode: Callable[[], Awaitable[str]]
    """The words of a surge, as the viewer reads them; none in normal mode."""


async def frames(hub: Hub, cursor: str, viewer: Viewer, draining: asyncio.Event) -> AsyncIterator[bytes]:
    """Ends when the viewer is signed out or the program stops; then the browser comes again after a random while."""
    hub.viewers += 1
    try:
        loop = asyncio.get_running_loop()
        yield f"retry: {RETRY_MS}\n\n".encode() + await clock_event(viewer, cursor)
        told_time = loop.time()
        while not draining.is_set():
            found = hub.after(cursor)
            if found is None:
                cursor = hub.number
                yield f"id: {cursor}\nevent: resync\ndata: {{}}\n\n".encode()
            elif found:
                cursor = f"{hub.number.rpartition('-')[0]}-{found[-1].sequence}"
                chunk = b"".join(event_of(frame, viewer, cursor) for frame in found)
                if chunk:
                    yield chunk
            if loop.time() - told_time >= CLOCK_S:
                if not await viewer.still_there():
                    yield b"event: bye\ndata: {}\n\n"
                    return
                told_time = loop.time()
                yield await clock_event(viewer, cursor)
            await asyncio.sleep(WRITE_EVERY_S)
            if not hub.after(cursor) and not draining.is_set():
                await hub.changed(max(0.0, CLOCK_S - (loop.time() - told_time)))
        yield f"retry: {RETRY_MS + randbelow(DRAIN_JITTER_MS)}\n\n".encode()
    finally:
        hub.viewers -= 1


def event_of(frame: Frame, viewer: Viewer, cursor: str) -> bytes:
    """The frame as this viewer sees it: the row, that it is gone, or nothing."""
    row = frame.live.row
    if not viewer.sight.saw(row):
        return b""
    sees = viewer.sight.sees(row) and (row.shown or bool(row.arrivals))
    epoch = cursor.rpartition("-")[0]
    head = f"id: {epoch}-{frame.sequence}\nevent: row\ndata: ".encode()
    return head + viewer.render(frame, not sees) + b"\n\n"


async def clock_event(viewer: Viewer, cursor: str) -> bytes:
    """The centre's own time, how fast it runs beside the wall (a demo's runs faster), and its mode."""
    told = json.dumps({"now": milliseconds(viewer.now()), "rate": viewer.rate, "mode": await viewer.mode()})
    return f"id: {cursor}\nevent: clock\ndata: {told}\n\n".encode()


def milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


def rate_of(real_seconds: Callable[[timedelta], float]) -> float:
    """1 for a clock that runs with the wall; 60 for a demo's hour in a minute; 0 for one that stands."""
    second = real_seconds(timedelta(seconds=60)) / 60
    return 1.0 if second <= 0 else round(1 / second, 3) if second < 30 else 0.0
