"""One summons: who was called, notified, answered, on the way, there; approved, checked in and stood down from here."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.errors import CaseChangedMeanwhile
from services.console.policy.board import LiveRow
from services.console.queries.board import row_of_summons
from services.console.web.board_lines import Line, line_of, short_of
from services.console.web.desk import actor_of, ask, desk_of, may
from services.console.web.fields import words
from services.console.web.pages.front import text
from services.console.web.pages.page import Page, answer, part_of, to
from services.console.web.reach import Called, Reach, called, reach_of
from services.console.web.security import post
from shared.contracts.actors import CENTRE_ROLES, Role
from shared.contracts.base import Command
from shared.contracts.dispatch import (
    ApproveSummons,
    CheckInArrival,
    DrillResult,
    ListSummonses,
    ReadDrill,
    ReadRoomCode,
    RefuseSummons,
    StandDownSummons,
    SummonsView,
)
from shared.errors import NotAllowed, Refused, not_found
from shared.story import Story

Fields = dict[str, Any]
AWAITED = frozenset({"called", "acknowledged", "on_the_way", "substitute_sent", "cannot_come"})
DRILL_LEVEL = "IV"


@dataclass(frozen=True, slots=True)
class SummonsAct:
    """`state`: of the summons it fits."""

    title: str
    request: type[Command[Any]]
    state: str
    fields: Callable[[FormData], Fields]


def _nothing(form: FormData) -> Fields:
    return {}


def _reason(form: FormData) -> Fields:
    return {"reason": words(form, "reason")}


SUMMONS_PAGE_ACTS: Mapping[str, SummonsAct] = {
    "approve": SummonsAct("批准召集", ApproveSummons, "asked", _nothing),
    "refuse": SummonsAct("不批准召集", RefuseSummons, "asked", _reason),
    "arrive": SummonsAct("到场登记", CheckInArrival, "running", lambda form: {"unit": words(form, "unit")}),
    "stand-down": SummonsAct("撤销召集", StandDownSummons, "running", _reason),
}


@dataclass(frozen=True, slots=True)
class Muster:
    """A summons with what stands around it. `line`: its row, as the stream tells it."""

    view: SummonsView
    live: LiveRow | None
    line: Line | None
    due_at: datetime | None
    reach: tuple[Reach, ...]
    told: Called | None
    room_code: str | None
    drill: DrillResult | None

    @property
    def mark(self) -> str:
        seen = (self.view.state, [(one.unit, one.state.value) for one in self.view.units])
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:12]


async def read_muster(request: Request, summons_id: UUID, *, reached: bool = True) -> Muster:
    found = (await ask(request, ListSummonses, summons_id=summons_id, only_running=False)).summonses
    if not found:
        raise not_found("summons", summons_id)
    view, desk = found[0], desk_of(request)
    live = await row_of_summons(desk.work, summons_id, view.case_code, drill=view.drill)
    pack, now = await desk.pack(), desk.clock.now()
    clocks = [one for one in live.row.arrivals if one.summons_id == str(summons_id)] if live else []
    reach: tuple[Reach, ...] = ()
    if reached and view.state in {"asked", "running"}:
        plans = {one.unit: one.why for one in view.units}
        reach = tuple(replace(one, plan=plans[one.unit]) for one in await reach_of(request, plans))
    told = None
    if view.state == "asked" and reach:
        mode, row = await desk.mode.read(), live.row if live else None
        level = row.level if row and not view.drill else DRILL_LEVEL
        told = called(pack, reach, row.category if row else None, level, mode.mode if mode else "normal", now=now)
    return Muster(
        view=view,
        live=live,
        line=line_of(live, Story(pack), pack, now) if live else None,
        due_at=clocks[0].due_at if clocks else None,
        reach=reach,
        told=told,
        room_code=await _room_code(request, view),
        drill=await _drill(request, view),
    )


async def _room_code(request: Request, view: SummonsView) -> str | None:
    if view.state != "running" or not may(actor_of(request), ReadRoomCode):
        return None
    try:
        return (await ask(request, ReadRoomCode, summons_id=view.summons_id)).room_code
    except Refused:
        return None  # it has just ended


async def _drill(request: Request, view: SummonsView) -> DrillResult | None:
    if not view.drill or view.approved_at is None or not may(actor_of(request), ReadDrill):
        return None
    return await ask(request, ReadDrill, summons_id=view.summons_id)


async def summons(request: Request) -> Response:
    return await _page(request)


async def _page(
    request: Request, *, typed: FormData | None = None, fault: Refused | None = None, status: int = 200
) -> Response:
    number = desk_of(request).hub.number
    muster = await read_muster(request, request.path_params["summons"])
    actor, state = actor_of(request), muster.view.state
    parts = {None: "summons/page.html", "live": "summons/mirror.html"}
    pack = await desk_of(request).pack()
    return await answer(
        request,
        parts.get(part_of(request), "summons/part.html"),
        status=status,
        number=number,
        muster=muster,
        acts={
            name: act
            for name, act in SUMMONS_PAGE_ACTS.items()
            if may(actor, act.request) and (act.state == state or (name == "stand-down" and state == "asked"))
        },
        awaited=AWAITED,
        typed=typed or FormData(),
        fault=fault,
        key=secrets.token_hex(16),
        names=Story(pack),
        short=partial(short_of, pack),
    )


async def acting(request: Request, form: FormData) -> Response:
    """409 where anything about the summons changed that decides: who approves sees what is approved."""
    act = SUMMONS_PAGE_ACTS.get(request.path_params["act"])
    if act is None:
        raise not_found("act", request.path_params["act"])
    if not may(actor_of(request), act.request):
        raise NotAllowed(f"a {actor_of(request).role} may not ask for {act.request.NAME}", field="actor.role")
    wanted: UUID = request.path_params["summons"]
    if act.state == "asked":
        seen = await read_muster(request, wanted, reached=False)
        if text(form, "version") != seen.mark:
            fault = CaseChangedMeanwhile("the summons changed since you opened it", summons=str(wanted))
            return await _page(request, typed=form, fault=fault, status=409)
    try:
        key = text(form, "key") or secrets.token_hex(16)
        await ask(request, act.request, summons_id=wanted, idempotency_key=key, **act.fields(form))
    except Refused as fault:
        return await _page(request, typed=form, fault=fault, status=422)
    back = text(form, "back")
    return to(back if back in BACK else f"/summonses/{wanted}")


BACK = frozenset({"/room", "/waiting"})
"""Pages that an act may have been started from."""

PAGE = Page(
    name="summons",
    path="/summonses",
    roles=CENTRE_ROLES | {Role.COMMAND_ROOM},
    routes=(Route("/summonses/{summons:uuid}", summons), post("/summonses/{summons:uuid}/{act}", acting)),
)
