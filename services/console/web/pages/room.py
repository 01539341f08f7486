"""指挥大厅: who is awaited in the room, checked in by a touch; the code on the wall. Large, for a tablet there."""

import asyncio
import secrets
from functools import partial

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.web.board_lines import short_of
from services.console.web.desk import actor_of, ask, desk_of, may
from services.console.web.pages.front import text
from services.console.web.pages.page import Page, answer, part_of, to
from services.console.web.pages.summons import AWAITED, read_muster
from services.console.web.security import post
from shared.contracts.actors import Role
from shared.contracts.dispatch import CheckInArrival, ListSummonses
from shared.errors import Refused
from shared.story import Story

LISTED_MAX = 30


async def room(request: Request) -> Response:
    return await _page(request)


async def _page(request: Request, *, fault: Refused | None = None, status: int = 200) -> Response:
    number = desk_of(request).hub.number
    listed = (await ask(request, ListSummonses, limit=LISTED_MAX)).summonses
    running = [one.summons_id for one in reversed(listed) if one.state == "running"]
    musters = await asyncio.gather(*(read_muster(request, one, reached=False) for one in running))
    pack = await desk_of(request).pack()
    parts = {None: "room/page.html", "live": "room/mirror.html"}
    return await answer(
        request,
        parts.get(part_of(request), "room/part.html"),
        status=status,
        number=number,
        musters=sorted(musters, key=lambda one: (one.due_at is None, one.due_at)),
        awaited=AWAITED,
        may_check_in=may(actor_of(request), CheckInArrival),
        fault=fault,
        key=secrets.token_hex(16),
        names=Story(pack),
        short=partial(short_of, pack),
    )


async def checking_in(request: Request, form: FormData) -> Response:
    try:
        await ask(
            request,
            CheckInArrival,
            summons_id=text(form, "summons"),
            unit=text(form, "unit"),
            idempotency_key=text(form, "key") or secrets.token_hex(16),
        )
    except Refused as fault:
        return await _page(request, fault=fault, status=422)
    return to("/room")


PAGE = Page(
    name="room",
    path="/room",
    title="指挥大厅",
    roles=frozenset({Role.COMMAND_ROOM, Role.DUTY_DIRECTOR, Role.COMMANDER, Role.DEPUTY_COMMANDER}),
    home_of=frozenset({Role.COMMAND_ROOM}),
    routes=(Route("/room", room), post("/room/check-in", checking_in)),
)
