"""One work order of a unit: reported with photos, returned with a ground, more time asked for, supervision answered."""

import secrets
from functools import partial

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.policy.typed_times import read_time
from services.console.queries.board import row_of_case
from services.console.web.board_lines import leaf_of, short_of
from services.console.web.choices import units_of
from services.console.web.desk import actor_of, ask, desk_of, may
from services.console.web.pages.aids import draft_of, draft_was_sent
from services.console.web.pages.front import text
from services.console.web.pages.page import answer, part_of, to
from services.console.web.photos import photos_of
from services.console.web.registering import Typed
from services.console.web.security import post
from services.console.web.unit_acts import OF_ORDERS, ORDER_ACTS
from services.console.web.unit_order import read_order
from shared.centre.working_time import calendar_of
from shared.errors import NotAllowed, Refused, not_found
from shared.story import Story

ENDS = frozenset({"report", "return"})
"""Acts after which there is nothing more to do here."""


def require_unit(request: Request) -> None:
    if actor_of(request).unit is None:
        raise NotAllowed("this page is for the staff of a unit", field="actor.unit")


async def order_page(request: Request) -> Response:
    return await _order(request, chosen=request.path_params.get("act"))


async def _order(
    request: Request, *, chosen: str | None, fault: Refused | None = None, form: FormData | None = None
) -> Response:
    require_unit(request)
    desk, code = desk_of(request), request.path_params["code"]
    number = desk.hub.number
    live = await row_of_case(desk.work, code)
    file = await read_order(request, code)
    actor, pack, standing = actor_of(request), await desk.pack(), file.standing
    kept = Typed(await draft_of(request, draft_name(code)))
    return await answer(
        request,
        "unit/changed.html" if part_of(request) == "live" else "unit/order.html",
        status=200 if fault is None else 422,
        number=number,
        version=live.version if live else 0,
        file=file,
        title=leaf_of(pack, file.order.category, Story(pack)),
        names=Story(pack),
        short=partial(short_of, pack),
        acts=[act for act in ORDER_ACTS if may(actor, act.request) and act.states <= standing],
        chosen=chosen,
        units=units_of(pack),
        typed=form or FormData(),
        kept=kept,
        draft=draft_name(code),
        photos_max=pack.closed_loop.photos_max,
        key=secrets.token_hex(16),
        fault=fault,
    )


def draft_name(code: str) -> str:
    return f"report-{code}"


async def acting(request: Request, form: FormData) -> Response:
    """Refused, the same page comes back with what was typed; photos are chosen again, as browsers want it."""
    require_unit(request)
    code, name = request.path_params["code"], request.path_params.get("act", "report")
    act = OF_ORDERS.get(name)
    if act is None:
        raise not_found("act", name)
    desk = desk_of(request)
    pack = await desk.pack()
    try:
        now = desk.clock.now()
        fields = act.fields(form, lambda typed: read_time(typed, now=now, calendar=calendar_of(pack)).at)
        if name == "report":
            fields["photos"] = await photos_of(form, most=pack.closed_loop.photos_max)
        if act.of_order:
            fields["work_order_id"] = text(form, "order")
        await ask(request, act.request, idempotency_key=text(form, "key") or secrets.token_hex(16), **fields)
    except Refused as fault:
        return await _order(request, chosen=name, fault=fault, form=form)
    if name == "report":
        await draft_was_sent(request, draft_name(code), form)
    return to("/unit" if name in ENDS else f"/unit/orders/{code}")


ROUTES = (
    Route("/unit/orders/{code}", order_page),
    Route("/unit/orders/{code}/{act}", order_page),
    post("/unit/orders/{code}/report/upload", acting),
    post("/unit/orders/{code}/{act}", acting),
)
