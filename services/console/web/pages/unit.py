"""部门办理: what is due from this unit, by clock; several signed off at once; its summonses answered."""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.queries.board import board_rows
from services.console.web.desk import actor_of, ask, desk_of
from services.console.web.fields import several
from services.console.web.pages.front import text
from services.console.web.pages.live import sight_for
from services.console.web.pages.page import Page, answer, part_of, to
from services.console.web.pages.unit_order import ROUTES, require_unit
from services.console.web.security import post
from services.console.web.unit_acts import OF_SUMMONSES, answers_of
from services.console.web.unit_inbox import BOXES, STACKS, Calls, Item, as_dispatch_has_them, unit_line
from shared.contracts.actors import UNIT_ROLES
from shared.contracts.dispatch import ListWorkOrders, Responsible, SignOffWorkOrder, WhoIsResponsible
from shared.errors import Refused, Unavailable, not_found


@dataclass(frozen=True, slots=True)
class NotSigned:
    code: str
    fault: Refused


@dataclass(slots=True)
class Signed:
    """What became of each that was ticked."""

    taken: list[str] = field(default_factory=list[str])
    refused: list[NotSigned] = field(default_factory=list[NotSigned])


async def unit(request: Request) -> Response:
    return await _inbox(request)


async def _inbox(request: Request, *, fault: Refused | None = None, signed: Signed | None = None) -> Response:
    """The number first, then the rows: whatever changes in between is in the stream after that number."""
    require_unit(request)
    desk, actor = desk_of(request), actor_of(request)
    number = desk.hub.number
    orders, rows, duty = await asyncio.gather(
        ask(request, ListWorkOrders, unit=actor.unit, limit=1000),
        board_rows(desk.work, await sight_for(desk, actor)),
        _on_duty(request),
    )
    pack, now = await desk.pack(), desk.clock.now()
    lines = [unit_line(live, actor.unit, pack, now) for live in rows.rows]
    items: list[Item] = as_dispatch_has_them(lines, orders.work_orders, pack)
    called: list[Calls] = sorted(
        (line.calls for line in lines if line.calls.calls), key=lambda calls: (calls.rank, calls.key)
    )
    return await answer(
        request,
        "unit/rows.html" if part_of(request) == "live" else "unit/inbox.html",
        status=422 if fault is not None or (signed is not None and signed.refused) else 200,
        number=number,
        items=items,
        called=called,
        boxes=BOXES,
        stacks=STACKS,
        summons_acts=answers_of(actor),
        duty=duty,
        signed=signed,
        key=secrets.token_hex(16),
        fault=fault,
    )


async def _on_duty(request: Request) -> Responsible | None:
    try:
        return await ask(request, WhoIsResponsible, unit=actor_of(request).unit, kind="liaison")
    except (Refused, Unavailable):
        return None  # the work does not wait for the rota


async def signing_off(request: Request, form: FormData) -> Response:
    """Several at once: each is an act of its own, so what one of them is refused does not hold up the others."""
    require_unit(request)
    key, signed = text(form, "key") or secrets.token_hex(16), Signed()
    listed = await ask(request, ListWorkOrders, unit=actor_of(request).unit, limit=1000)
    codes = {str(one.work_order_id): one.case_code for one in listed.work_orders}
    for order in several(form, "orders"):
        try:
            await ask(request, SignOffWorkOrder, work_order_id=order, idempotency_key=f"{key}:{order}"[:200])
            signed.taken.append(codes.get(order, order[:8]))
        except Refused as fault:
            signed.refused.append(NotSigned(codes.get(order, order[:8]), fault))
    return await _inbox(request, signed=signed)


async def answering_summons(request: Request, form: FormData) -> Response:
    act = OF_SUMMONSES.get(request.path_params["act"])
    if act is None:
        raise not_found("act", request.path_params["act"])
    try:
        await ask(
            request,
            act.request,
            idempotency_key=text(form, "key") or secrets.token_hex(16),
            summons_id=request.path_params["summons"],
            **act.fields(form, _no_time),
        )
    except Refused as fault:
        return await _inbox(request, fault=fault)
    return to("/unit")


def _no_time(typed: str) -> datetime:
    raise AssertionError("an answer to a summons has no typed time")


PAGE = Page(
    name="unit",
    path="/unit",
    title="部门办理",
    roles=UNIT_ROLES,
    home_of=UNIT_ROLES,
    routes=(
        Route("/unit", unit),
        Route("/unit/sign-off", unit),
        post("/unit/sign-off", signing_off),
        *ROUTES,
        post("/unit/summonses/{summons:uuid}/{act}", answering_summons),
    ),
)
