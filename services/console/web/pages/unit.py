"""部门办理: what is due from this unit, by clock; signed off, reported, returned, and its summonses answered."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.policy.board import LiveRow
from services.console.queries.board import board_rows
from services.console.web.board_lines import leaf_of
from services.console.web.case_act import several
from services.console.web.choices import units_of
from services.console.web.desk import actor_of, ask, desk_of, may
from services.console.web.pages.front import text
from services.console.web.pages.live import sight_for
from services.console.web.pages.page import Page, answer, to
from services.console.web.security import post
from services.console.web.unit_acts import OF_ORDERS, OF_SUMMONSES, ORDER_ACTS, SUMMONS_ACTS, UnitAct
from shared.centre.pack import CentrePack
from shared.contracts.actors import UNIT_ROLES
from shared.contracts.dispatch import (
    ListSummonses,
    ListWorkOrders,
    SignOffWorkOrder,
    SummonedUnit,
    SummonsView,
    WorkOrderView,
)
from shared.contracts.escalation import ListSupervision
from shared.errors import NotAllowed, Refused, not_found
from shared.story import Story

BOXES = ("dispatched", "supervised", "reopened", "in_hand")


@dataclass(frozen=True, slots=True)
class Item:
    order: WorkOrderView
    box: str
    title: str
    place: str
    due: datetime | None
    lamp: str


@dataclass(frozen=True, slots=True)
class Call:
    summons: SummonsView
    unit: SummonedUnit
    title: str | None
    place: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Inbox:
    items: tuple[Item, ...]
    calls: tuple[Call, ...]

    def of(self, box: str) -> list[Item]:
        return [item for item in self.items if item.box == box]


async def read_inbox(request: Request) -> Inbox:
    """Asked at once, as whoever is signed in; each box has what is due first on top."""
    desk, actor = desk_of(request), actor_of(request)
    orders, supervision, summonses, rows = await asyncio.gather(
        ask(request, ListWorkOrders, unit=actor.unit, limit=1000),
        ask(request, ListSupervision, unit=actor.unit),
        ask(request, ListSummonses),
        board_rows(desk.work, await sight_for(desk, actor)),
    )
    pack, now = await desk.pack(), desk.clock.now()
    by_code = {live.row.code: live for live in rows.rows}
    pressed = {one.case_code for one in supervision.orders}
    items = [_item(one, by_code.get(one.case_code), pressed, pack, now) for one in orders.work_orders]
    items.sort(key=lambda item: (item.due is None, item.due or item.order.dispatched_at))
    calls = [
        _call(summons, unit, by_code.get(summons.case_code), pack)
        for summons in summonses.summonses
        for unit in summons.units
        if unit.unit == actor.unit and unit.called_at is not None
    ]
    return Inbox(tuple(items), tuple(calls))


def _item(order: WorkOrderView, live: LiveRow | None, pressed: set[str], pack: CentrePack, now: datetime) -> Item:
    owed = live is not None and live.row.owes in {order.unit, None}
    due = live.row.due_at if live and owed else None
    late = due is not None and due <= now
    return Item(
        order=order,
        box=_box(order, pressed),
        title=leaf_of(pack, order.category, Story(pack)),
        place=Story(pack).place(order.place),
        due=due,
        lamp="late" if late else (live.row.lamp if live and owed else "calm"),
    )


def _box(order: WorkOrderView, pressed: set[str]) -> str:
    if order.state == "dispatched":
        return "dispatched"
    if order.case_code in pressed:
        return "supervised"
    return "reopened" if order.round > 1 else "in_hand"


def _call(summons: SummonsView, unit: SummonedUnit, live: LiveRow | None, pack: CentrePack) -> Call:
    clocks = [one for one in live.row.arrivals if one.summons_id == str(summons.summons_id)] if live else []
    return Call(
        summons=summons,
        unit=unit,
        title=leaf_of(pack, live.row.category, Story(pack)) if live and not summons.drill else None,
        place=Story(pack).place(live.row.place) if live else "",
        due=clocks[0].due_at if clocks else None,
    )


async def unit(request: Request) -> Response:
    return await _inbox(request)


async def _inbox(request: Request, *, fault: Refused | None = None) -> Response:
    actor = actor_of(request)
    _of_a_unit(request)
    return await answer(
        request,
        "unit/inbox.html",
        status=200 if fault is None else 422,
        inbox=await read_inbox(request),
        boxes=BOXES,
        summons_acts=[act for act in SUMMONS_ACTS if may(actor, act.request)],
        key=secrets.token_hex(16),
        fault=fault,
    )


def _of_a_unit(request: Request) -> None:
    if actor_of(request).unit is None:
        raise NotAllowed("this page is for the staff of a unit", field="actor.unit")


async def signing_off(request: Request, form: FormData) -> Response:
    """Several at once: each is an act of its own, so what one of them is refused does not hold up the others."""
    key, fault = text(form, "key") or secrets.token_hex(16), None
    for order in several(form, "orders"):
        try:
            await ask(request, SignOffWorkOrder, work_order_id=order, idempotency_key=f"{key}:{order}"[:200])
        except Refused as refused:
            fault = refused
    return to("/unit") if fault is None else await _inbox(request, fault=fault)


async def order_page(request: Request) -> Response:
    return await _order(request)


async def _order(request: Request, *, fault: Refused | None = None, form: FormData | None = None) -> Response:
    _of_a_unit(request)
    inbox = await read_inbox(request)
    wanted = request.path_params["order"]
    item = next((one for one in inbox.items if one.order.work_order_id == wanted), None)
    if item is None:
        raise not_found("work order", wanted)
    actor = actor_of(request)
    return await answer(
        request,
        "unit/order.html",
        status=200 if fault is None else 422,
        item=item,
        acts=[act for act in ORDER_ACTS if may(actor, act.request) and item.order.state in act.states],
        chosen=request.path_params.get("act"),
        units=units_of(await desk_of(request).pack()),
        typed=form or FormData(),
        key=secrets.token_hex(16),
        fault=fault,
    )


async def acting_on_order(request: Request, form: FormData) -> Response:
    order = request.path_params["order"]
    act = _act(OF_ORDERS, request)
    try:
        await _ask(request, act, form, work_order_id=order)
    except Refused as fault:
        return await _order(request, fault=fault, form=form)
    return to("/unit" if act.name in {"report", "return"} else f"/unit/orders/{order}")


async def answering_summons(request: Request, form: FormData) -> Response:
    try:
        await _ask(request, _act(OF_SUMMONSES, request), form, summons_id=request.path_params["summons"])
    except Refused as fault:
        return await _inbox(request, fault=fault)
    return to("/unit")


def _act(acts: Any, request: Request) -> UnitAct:
    act: UnitAct | None = acts.get(request.path_params["act"])
    if act is None:
        raise not_found("act", request.path_params["act"])
    return act


async def _ask(request: Request, act: UnitAct, form: FormData, **of: UUID) -> None:
    pack = await desk_of(request).pack()
    fields = act.fields(form, ZoneInfo(pack.timezone))
    await ask(request, act.request, idempotency_key=text(form, "key") or secrets.token_hex(16), **of, **fields)


PAGE = Page(
    name="unit",
    path="/unit",
    title="部门办理",
    roles=UNIT_ROLES,
    home_of=UNIT_ROLES,
    routes=(
        Route("/unit", unit),
        post("/unit/sign-off", signing_off),
        Route("/unit/orders/{order:uuid}", order_page),
        post("/unit/orders/{order:uuid}/{act}", acting_on_order),
        post("/unit/summonses/{summons:uuid}/{act}", answering_summons),
    ),
)
