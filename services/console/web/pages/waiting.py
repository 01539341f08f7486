"""待办: one page for whoever decides. On a phone as well as at the desk."""

from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.console.queries.board import board_rows
from services.console.web.board_lines import leaf_of, short_of
from services.console.web.desk import actor_of, desk_of
from services.console.web.pages.live import sight_for
from services.console.web.pages.page import Page, answer, part_of
from services.console.web.waiting import Item, gather, waiting_for
from shared.centre.pack import CentrePack
from shared.contracts.actors import Role
from shared.errors import NotAllowed
from shared.story import Story

DECIDERS = frozenset({Role.DISPATCHER, Role.DUTY_DIRECTOR, Role.COMMANDER, Role.DEPUTY_COMMANDER})


async def waiting(request: Request) -> Response:
    """`?kind=`: only these. Every number opens its list."""
    number = desk_of(request).hub.number
    items = await _items(request)
    kinds: dict[str, int] = {}
    for item in items:
        kinds[item.kind] = kinds.get(item.kind, 0) + 1
    kind = request.query_params.get("kind")
    pack = await desk_of(request).pack()
    return await answer(
        request,
        "waiting/page.html" if part_of(request) is None else "waiting/part.html",
        number=number,
        items=[item for item in items if kind not in kinds or item.kind == kind],
        kinds=kinds,
        kind=kind if kind in kinds else None,
        total=len(items),
        names=Story(pack),
        leaf=partial(_leaf, pack),
        short=partial(short_of, pack),
    )


def _leaf(pack: CentrePack, category: str | None) -> str:
    return leaf_of(pack, category, Story(pack))


async def waiting_count(request: Request) -> Response:
    """For the menu: how many wait, how many of them are late. Looking is no sign of life."""
    actor = actor_of(request)
    if actor.role not in DECIDERS:
        raise NotAllowed(f"nothing waits here for a {actor.role}", field="actor.role")
    now = desk_of(request).clock.now()
    items = await _items(request)
    late = sum(item.due is not None and item.due <= now for item in items)
    return JSONResponse({"count": len(items), "late": late})


async def _items(request: Request) -> list[Item]:
    desk, actor = desk_of(request), actor_of(request)
    rows = await board_rows(desk.work, await sight_for(desk, actor))
    return waiting_for(actor, await gather(request, rows.rows))


PAGE = Page(
    name="waiting",
    path="/waiting",
    title="待办",
    roles=DECIDERS,
    home_of=frozenset({Role.COMMANDER, Role.DEPUTY_COMMANDER}),
    counted="/live/waiting",
    routes=(Route("/waiting", waiting), Route("/live/waiting", waiting_count)),
)
