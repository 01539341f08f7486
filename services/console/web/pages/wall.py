"""大屏: what the room must do now, huge and read-only, by an address of its own. No session, no name, no free word."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from services.console.errors import WallUnknown
from services.console.operations.walls import wall_of
from services.console.policy.sight import Sight
from services.console.queries.walls import read_wall, titles_of
from services.console.web.desk import Desk, ask_as, desk_of
from services.console.web.live import Frame
from services.console.web.pages.live import STREAM_HEADERS, VIEWERS_MAX
from services.console.web.pages.page import answer, part_of, view_of
from services.console.web.security import TooFast
from services.console.web.stream import Viewer, frames, milliseconds
from services.console.web.wall_view import Post, posts_of, wall_of_facts
from shared.contracts.actors import system
from shared.contracts.dispatch import WhoIsResponsible
from shared.contracts.subjects import CONSOLE
from shared.duty import OnDuty
from shared.errors import Refused, Unavailable

HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
KINDS = ("duty_director", "leader")
DUTY_FRESH_S = 20.0
CHANGED = b"{}"
"""All that the stream tells a wall: something changed. It then asks for its part anew, once a second at most."""


@dataclass(frozen=True, slots=True)
class DutyTold:
    """Asked of dispatch now and then only, however many walls look."""

    at: float
    on_duty: dict[str, tuple[OnDuty, ...]]


async def wall(request: Request) -> Response:
    try:
        await _check(request)
    except Refused as fault:
        return await _dark(request, fault)
    desk, view = desk_of(request), view_of(request)
    number, now = desk.hub.number, desk.clock.now()
    pack = await desk.pack()
    midnight = datetime.combine(now.astimezone(ZoneInfo(pack.timezone)).date(), time(), ZoneInfo(pack.timezone))
    units = frozenset(one.code for one in pack.units)
    facts = await read_wall(desk.work, units=units, midnight=midnight, now=now)
    shown = wall_of_facts(facts, await _duty(request), view, pack, now)
    template = "wall/part.html" if part_of(request) == "wall" else "wall/wall.html"
    return _own(await answer(request, template, wall=shown, number=number, path=request.url.path))


async def wall_stream(request: Request) -> Response:
    """The board's own stream, without its rows; ends where the address is revoked."""
    try:
        await _check(request)
    except Refused as fault:
        return JSONResponse({"code": fault.as_dict()["code"]}, 404, HEADERS)
    desk, token = desk_of(request), request.path_params["token"]
    if desk.hub.viewers >= VIEWERS_MAX:
        return JSONResponse({"code": "too_many_viewers"}, 503, {"Retry-After": "10"})

    def render(frame: Frame, gone: bool) -> bytes:
        return CHANGED

    async def still_there() -> bool:
        return await wall_of(desk.work, token) is not None

    async def mode() -> str:
        return ""  # the wall is drawn anew by itself

    cursor = request.headers.get("last-event-id") or request.query_params.get("after", "")
    viewer = Viewer(Sight(everything=True), render, still_there, desk.clock.now, request.app.state.rate, mode)
    stream: AsyncIterator[bytes] = frames(desk.hub, cursor, viewer, desk.draining)
    return StreamingResponse(stream, media_type="text/event-stream", headers={**STREAM_HEADERS, **HEADERS})


async def wall_state(request: Request) -> Response:
    """Asked by a wall whose stream broke: is it the line, or may nobody look any more? 401 as for a session."""
    try:
        await _check(request)
    except Refused as fault:
        return JSONResponse({"code": fault.as_dict()["code"]}, 401, HEADERS)
    desk = desk_of(request)
    return JSONResponse({"now": milliseconds(desk.clock.now()), "number": desk.hub.number}, headers=HEADERS)


async def _check(request: Request) -> None:
    """Raises WallUnknown; and TooFast where one place tries many addresses that are none."""
    desk = desk_of(request)
    if await wall_of(desk.work, request.path_params["token"]) is not None:
        return
    if not desk.tries_at_links.admits(request.client.host if request.client else "?"):
        raise TooFast("too many addresses were tried from here; wait a minute")
    raise WallUnknown("this wall is unknown, or was revoked")


async def _duty(request: Request) -> tuple[Post, ...]:
    """By the rosters; while dispatch is away, what it said last, or nothing."""
    desk, pack = desk_of(request), await desk_of(request).pack()
    told = await _told(request, desk)
    roles = await titles_of(desk.work, {one.staff for each in told.values() for one in each})
    return tuple(posts_of(kind, told.get(kind, ()), roles, view_of(request), pack) for kind in KINDS)


async def _told(request: Request, desk: Desk) -> dict[str, tuple[OnDuty, ...]]:
    at, before = asyncio.get_running_loop().time(), desk.duty_told
    if isinstance(before, DutyTold) and at - before.at < DUTY_FRESH_S:
        return before.on_duty
    asked = (ask_as(request, system(CONSOLE), WhoIsResponsible, kind=kind) for kind in KINDS)
    try:
        answers = await asyncio.gather(*asked)
    except (Unavailable, Refused):
        return before.on_duty if isinstance(before, DutyTold) else {}
    on_duty = {kind: one.on_duty for kind, one in zip(KINDS, answers, strict=True)}
    desk.duty_told = DutyTold(at, on_duty)
    return on_duty


async def _dark(request: Request, fault: Refused) -> Response:
    code = fault.as_dict()["code"]
    status = 429 if code == "too_fast" else 404
    return _own(await answer(request, "wall/dark.html", status=status, code=code, said=fault.message))


def _own(response: Response) -> Response:
    """The address is the key: no other place learns it, nobody keeps the page."""
    response.headers.update(HEADERS)
    return response


ROUTES = (
    Route("/wall/{token}", wall),
    Route("/wall/{token}/live", wall_stream),
    Route("/wall/{token}/state", wall_state),
)
