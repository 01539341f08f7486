"""Acts on a case: a form that says what will happen, and the act itself. Nobody overwrites what they have not seen."""

import secrets
from functools import partial
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.errors import CaseChangedMeanwhile
from services.console.policy.board import LiveRow
from services.console.queries.board import row_of_case
from services.console.web.board_lines import short_of
from services.console.web.case_acts import BY_NAME, CaseAct, several
from services.console.web.choices import categories_of, units_of
from services.console.web.desk import actor_of, ask, desk_of, may
from services.console.web.pages.front import text
from services.console.web.pages.page import answer, part_of, to
from services.console.web.security import post
from shared.contracts.dispatch import PlanSummons, SummonsPlan
from shared.errors import NotAllowed, Refused, not_found
from shared.story import Story, limit_words


async def act_page(request: Request) -> Response:
    act, live = await _act_and_case(request)
    return await _form(request, act, live, FormData())


async def acting(request: Request, form: FormData) -> Response:
    """409 where the case changed since the form was shown: both are shown, and what was typed is kept."""
    act, live = await _act_and_case(request)
    code = request.path_params["code"]
    if text(form, "version") != str(live.version):
        fault = CaseChangedMeanwhile("the case changed since you opened it", version=live.version)
        return await _form(request, act, live, form, fault=fault, status=409)
    fields: dict[str, Any] = {**act.fields(form), **({"case_code": code} if act.of_case else {})}
    try:
        await ask(request, act.request, idempotency_key=text(form, "key") or secrets.token_hex(16), **fields)
    except Refused as fault:
        return await _form(request, act, live, form, fault=fault, status=422)
    return to(f"/cases/{code}")


async def _act_and_case(request: Request) -> tuple[CaseAct, LiveRow]:
    act = BY_NAME.get(request.path_params["act"])
    if act is None:
        raise not_found("act", request.path_params["act"])
    if not may(actor_of(request), act.request):
        raise NotAllowed(f"a {actor_of(request).role} may not ask for {act.request.NAME}", field="actor.role")
    live = await row_of_case(desk_of(request).work, request.path_params["code"])
    if live is None:
        raise not_found("case", request.path_params["code"])
    return act, live


async def _form(
    request: Request,
    act: CaseAct,
    live: LiveRow,
    form: FormData,
    *,
    fault: Refused | None = None,
    status: int = 200,
) -> Response:
    pack = await desk_of(request).pack()
    template = "case/act_part.html" if part_of(request) is not None else "case/act.html"
    arrival = pack.limit_for("arrival", live.row.category, live.row.level)
    return await answer(
        request,
        template,
        status=status,
        act=act,
        live=live,
        typed=form,
        chosen=partial(several, form),
        key=secrets.token_hex(16),
        fault=fault,
        units=units_of(pack),
        categories=categories_of(pack),
        plan=await _plan(request, act, live),
        arrival_limit=limit_words(f"{arrival.amount} {arrival.unit}"),
        names=Story(pack),
        short=partial(short_of, pack),
    )


async def _plan(request: Request, act: CaseAct, live: LiveRow) -> SummonsPlan | None:
    """Whom the response plans would call; nothing is called by looking."""
    if act.name != "summon":
        return None
    try:
        return await ask(request, PlanSummons, case_code=live.row.code)
    except Refused:
        return None


ROUTES = (Route("/cases/{code}/act/{act}", act_page), post("/cases/{code}/act/{act}", acting))
