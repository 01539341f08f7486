"""演练: a marked test summons of no case; asked by the director, approved like any other, and what it measured."""

import asyncio
import secrets
from functools import partial

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.web.board_lines import short_of
from services.console.web.choices import units_of
from services.console.web.desk import actor_of, ask, desk_of, may
from services.console.web.fields import several, words
from services.console.web.pages.front import text
from services.console.web.pages.page import Page, answer, to
from services.console.web.security import post
from shared.contracts.actors import Role
from shared.contracts.dispatch import AskDrill, DrillResult, ListSummonses, ReadDrill, SummonsView
from shared.errors import Refused

LOOKED_THROUGH, LISTED_MAX = 1_000, 20


async def drills(request: Request) -> Response:
    return await _page(request)


async def asking(request: Request, form: FormData) -> Response:
    try:
        asked = await ask(
            request,
            AskDrill,
            units=several(form, "units"),
            reason=words(form, "reason"),
            idempotency_key=text(form, "key") or secrets.token_hex(16),
        )
    except Refused as fault:
        return await _page(request, typed=form, fault=fault, status=422)
    return to(f"/summonses/{asked.summons_id}")


async def _page(
    request: Request, *, typed: FormData | None = None, fault: Refused | None = None, status: int = 200
) -> Response:
    listed = (await ask(request, ListSummonses, only_running=False, limit=LOOKED_THROUGH)).summonses
    found = [one for one in listed if one.drill][:LISTED_MAX]
    pack = await desk_of(request).pack()
    form = typed or FormData()
    return await answer(
        request,
        "drills/page.html",
        status=status,
        drills=await asyncio.gather(*(_with_result(request, one) for one in found)),
        may_ask=may(actor_of(request), AskDrill),
        units=units_of(pack),
        typed=form,
        chosen=several(form, "units"),
        fault=fault,
        key=secrets.token_hex(16),
        short=partial(short_of, pack),
    )


async def _with_result(request: Request, view: SummonsView) -> tuple[SummonsView, DrillResult | None]:
    if view.approved_at is None:
        return view, None
    return view, await ask(request, ReadDrill, summons_id=view.summons_id)


PAGE = Page(
    name="drills",
    path="/drills",
    title="演练",
    roles=frozenset({Role.DUTY_DIRECTOR, Role.COMMANDER, Role.DEPUTY_COMMANDER}),
    routes=(Route("/drills", drills), post("/drills", asking)),
)
