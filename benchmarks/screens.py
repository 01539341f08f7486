"""What the board costs: its page with 500 rows, and its stream with 500 viewers and 20 changes a second.

Measured in the process that would serve it, without sockets: templates, ring, cursors and bytes are the real ones.
"""

import asyncio
import gzip
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from deploy.packs import default_pack
from services.console.policy.board import LiveRow, Row
from services.console.policy.sight import Sight
from services.console.web.assets import FOLDER, Assets
from services.console.web.live import Frame, Hub
from services.console.web.pages.page import PACKING
from services.console.web.stream import Viewer, frames
from services.console.web.view import View
from shared.contracts.actors import Actor, Role

ROWS, VIEWERS, CHANGES_A_SECOND, SECONDS = 500, 500, 20, 10
NOW = datetime(2026, 11, 30, 1, tzinfo=UTC)
DIRECTOR = Actor(staff="director.1", role=Role.DUTY_DIRECTOR)


def rows(version: int = 1) -> list[LiveRow]:
    pack = default_pack()
    categories, places, units = pack.leaf_categories, pack.places, pack.units
    return [
        LiveRow(
            id=UUID(int=number + 1),
            version=version,
            row=Row(
                code=f"26-{number:07d}-0",
                level=("I", "II", "III", "IV")[number % 4],
                category=categories[number % len(categories)].code,
                place=places[number % len(places)].code,
                unit=units[number % len(units)].code,
                stage="handle",
                due_at=NOW + timedelta(minutes=number - 60),
                due_stage="report_back",
                shown=True,
            ),
        )
        for number in range(ROWS)
    ]


def measure() -> dict[str, Any]:
    return {"page": page(), "stream": asyncio.run(stream())}


def page() -> dict[str, Any]:
    view, pack, found = View("zh", Assets()), default_pack(), rows()
    facts: dict[str, Any] = {"number": "x-1", "total": ROWS, "called": [], "now": NOW}
    view.render("board/rows.html", lines=view.lines(tuple(found), pack, NOW), **facts)
    begun = time.process_time()
    html = view.render("board/rows.html", lines=view.lines(tuple(found), pack, NOW), **facts)
    took = time.process_time() - begun
    files = [path for path in FOLDER.iterdir() if path.suffix in {".js", ".css"}]
    return {
        "rows": ROWS,
        "milliseconds_of_cpu": round(took * 1000, 1),
        "kilobytes": round(len(html.encode()) / 1024, 1),
        "kilobytes_packed": round(len(gzip.compress(html.encode(), PACKING)) / 1024, 1),
        "scripts_and_styles_packed_once": round(sum(len(gzip.compress(p.read_bytes(), 9)) for p in files) / 1024, 1),
    }


async def stream() -> dict[str, Any]:
    hub, view, pack = Hub(), View("zh", Assets()), default_pack()
    hub.begin("x", 0)
    draining, rendered, sent = asyncio.Event(), 0, 0

    def render(frame: Frame, gone: bool) -> bytes:
        nonlocal rendered
        rendered += 1
        return view.fragment(frame, "board", pack, NOW, gone=gone, whose=DIRECTOR)

    async def still_there() -> bool:
        return True

    async def look() -> None:
        nonlocal sent
        viewer = Viewer(Sight(everything=True), render, still_there, lambda: NOW, 1.0)
        async for chunk in frames(hub, "x-0", viewer, draining):
            sent += len(chunk)

    looking = [asyncio.create_task(look()) for _ in range(VIEWERS)]
    await asyncio.sleep(0.5)
    begun, found = time.process_time(), rows()
    for number in range(SECONDS * CHANGES_A_SECOND):
        one = found[number % ROWS]
        hub.add(number + 1, one.model_copy(update={"version": number + 2}))
        await asyncio.sleep(1 / CHANGES_A_SECOND)
    used = time.process_time() - begun
    draining.set()
    hub.close()
    await asyncio.gather(*looking)
    return {
        "viewers": VIEWERS,
        "changes_a_second": CHANGES_A_SECOND,
        "percent_of_a_core": round(100 * used / SECONDS, 1),
        "frames_handed_out": rendered,
        "megabytes_handed_out": round(sent / 1e6, 1),
    }
