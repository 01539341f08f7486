"""值班指挥: what needs me now? Lanes, the queue with everything due first on top, arrival clocks in their own place."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.queries.board import board_rows
from services.console.web.desk import actor_of, desk_of
from services.console.web.pages.live import sight_for
from services.console.web.pages.page import Page, answer, part_of, view_of
from services.console.web.words import LANES
from shared.contracts.actors import CENTRE_ROLES, UNIT_ROLES, Role

HEARS = frozenset({Role.DISPATCHER, Role.DUTY_DIRECTOR, Role.COMMANDER, Role.DEPUTY_COMMANDER})
"""Who must act on what the board tells: for them it makes itself heard."""


async def board(request: Request) -> Response:
    """The number first, then the rows: whatever changes in between is in the stream after that number."""
    desk, view = desk_of(request), view_of(request)
    number, now = desk.hub.number, desk.clock.now()
    sight = await sight_for(desk, actor_of(request))
    found = await board_rows(desk.work, sight)
    pack = await desk.pack()
    lines = view.lines(found.rows, pack, now)
    lane = request.query_params.get("lane", "all")
    template = "board/rows.html" if part_of(request) == "live" else "board/board.html"
    return await answer(
        request,
        template,
        packed=True,
        number=number,
        lines=lines,
        called=view.called(lines),
        total=found.total,
        lane=lane if lane in LANES else "all",
        hears=actor_of(request).role in HEARS,
    )


PAGE = Page(
    name="board",
    path="/board",
    title="值班指挥",
    roles=CENTRE_ROLES | UNIT_ROLES | {Role.COMMAND_ROOM, Role.GRID_WORKER},
    home_of=frozenset({Role.DISPATCHER, Role.DUTY_DIRECTOR, Role.ADMINISTRATOR}),
    routes=(Route("/board", board),),
)
