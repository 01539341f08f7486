"""The stream of changed rows, and whether it can be had."""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from services.console.operations.signing_in import who_is
from services.console.policy.sight import Sight, sight_of
from services.console.web.desk import Desk, actor_of, desk_of, signed_in
from services.console.web.live import Frame
from services.console.web.pages.page import view_of
from services.console.web.security import SESSION_COOKIE
from services.console.web.stream import Viewer, frames, milliseconds
from services.console.web.view import SHAPES
from shared.contracts.actors import Actor

VIEWERS_MAX = 2_000
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


async def live(request: Request) -> Response:
    """`?after=` or Last-Event-ID: the number of the page or of the last frame; `?shape=`: what a row looks like."""
    desk, who = desk_of(request), signed_in(request)
    shape = request.query_params.get("shape", "board")
    if shape not in SHAPES:
        return JSONResponse({"code": "not_found"}, 404)
    if desk.hub.viewers >= VIEWERS_MAX:
        return JSONResponse({"code": "too_many_viewers"}, 503, {"Retry-After": "10"})
    cursor = request.headers.get("last-event-id") or request.query_params.get("after", "")
    pack, view = await desk.pack(), view_of(request)

    def render(frame: Frame, gone: bool) -> bytes:
        return view.fragment(frame, shape, pack, desk.clock.now(), gone=gone, whose=who.account.actor)

    async def still_there() -> bool:
        token = request.cookies.get(SESSION_COOKIE, "")
        return await who_is(desk.work, token, now=desk.wall.now(), acts=False) is not None

    async def mode() -> str:
        return view.surge_words(await desk.mode.read())

    sight = await sight_for(desk, who.account.actor)
    viewer = Viewer(sight, render, still_there, desk.clock.now, request.app.state.rate, mode)
    stream: AsyncIterator[bytes] = frames(desk.hub, cursor, viewer, desk.draining)
    return StreamingResponse(stream, media_type="text/event-stream", headers=STREAM_HEADERS)


async def live_state(request: Request) -> Response:
    """Asked by a script whose stream broke: still signed in, and what time is it?"""
    actor_of(request)
    desk = desk_of(request)
    return JSONResponse({"now": milliseconds(desk.clock.now()), "number": desk.hub.number})


async def sight_for(desk: Desk, actor: Actor) -> Sight:
    places: set[str] = set()
    if actor.grid is not None:
        pack = await desk.pack()
        own = pack.place(actor.grid)
        township = own.chain[-1] if own else actor.grid
        places = {place.code for place in pack.places if township in place.chain}
    return sight_of(actor, frozenset(places))


ROUTES = (Route("/live", live), Route("/live/state", live_state))
