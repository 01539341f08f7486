"""Acts on a case: a form that says what will happen, and the act itself. Nobody overwrites what they have not seen."""

import secrets
from dataclasses import dataclass, replace
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
from services.console.web.case_act import CaseAct
from services.console.web.case_acts import BY_NAME
from services.console.web.case_facts import CaseFacts, read_case_facts
from services.console.web.choices import categories_of, flags_of, places_of, units_of
from services.console.web.desk import actor_of, ask, desk_of, may
from services.console.web.fields import several, words
from services.console.web.pages.front import text
from services.console.web.pages.live import sight_for
from services.console.web.pages.page import answer, part_of, to
from services.console.web.reach import called, reach_of
from services.console.web.security import post
from shared.centre.nouns import Stage
from shared.centre.pack import CentrePack
from shared.contracts.dispatch import PlanSummons, SummonsPlan
from shared.contracts.intake import FindSimilarCases, SimilarCase
from shared.contracts.notification import ReadTelephone, Telephones
from shared.errors import NotAllowed, Refused, Unavailable, is_key_reused, not_found
from shared.story import Story, limit_words


@dataclass(frozen=True, slots=True)
class Seen:
    """The case as whoever acts sees it. `version` changes with what anybody did to it and with what waits on it."""

    live: LiveRow
    facts: CaseFacts

    @property
    def version(self) -> str:
        return f"{self.live.row.mark}.{self.facts.mark}"


async def act_page(request: Request) -> Response:
    act, seen = await _act_and_case(request)
    return await _form(request, act, seen, FormData())


async def acting(request: Request, form: FormData) -> Response:
    """409 where the case changed since the form was shown: both are shown, and what was typed is kept. The key is, too:
    where it was this very form that changed the case, and its answer was lost, sending it again does nothing twice."""
    act, seen = await _act_and_case(request)
    code = request.path_params["code"]
    if text(form, "version") != seen.version:
        fault = CaseChangedMeanwhile("the case changed since you opened it", version=seen.live.version)
        return await _form(request, act, seen, form, fault=fault, status=409)
    try:
        fields: dict[str, Any] = {**act.fields(form), **({"case_code": code} if act.of_case else {})}
        await ask(request, act.request, idempotency_key=text(form, "key") or secrets.token_hex(16), **fields)
    except Refused as fault:
        return await _form(request, act, seen, form, fault=fault, status=422)
    return to(f"/cases/{code}")


async def _act_and_case(request: Request) -> tuple[CaseAct, Seen]:
    act = BY_NAME.get(request.path_params["act"])
    if act is None:
        raise not_found("act", request.path_params["act"])
    if not may(actor_of(request), act.request):
        raise NotAllowed(f"a {actor_of(request).role} may not ask for {act.request.NAME}", field="actor.role")
    live = await _seen(request)
    return act, Seen(live, await read_case_facts(request, live.row.code))


async def _form(
    request: Request,
    act: CaseAct,
    seen: Seen,
    form: FormData,
    *,
    fault: Refused | None = None,
    status: int = 200,
) -> Response:
    pack, live = await desk_of(request).pack(), seen.live
    template = "case/act_part.html" if part_of(request) is not None else "case/act.html"
    return await answer(
        request,
        template,
        status=status,
        act=act,
        live=live,
        facts=seen.facts,
        version=seen.version,
        typed=form,
        chosen=partial(several, form),
        key=_key_of(form, fault),
        fault=fault,
        units=units_of(pack),
        categories=categories_of(pack),
        places=places_of(pack),
        flags=flags_of(pack),
        pack=pack,
        **await _summoning(request, act, live, form),
        near=await _near(request, act, live),
        limit_of=partial(_limit_of, pack, live),
        names=Story(pack),
        short=partial(short_of, pack),
    )


def _key_of(form: FormData, fault: Refused | None) -> str:
    """A new one where the form's own has been used up: what stands in it now is another act."""
    own = "" if fault is not None and is_key_reused(fault) else text(form, "key")
    return own or secrets.token_hex(16)


async def _summoning(request: Request, act: CaseAct, live: LiveRow, form: FormData) -> dict[str, Any]:
    """Whom a summons calls and how they are reached; nothing is called by looking."""
    if act.name not in {"summon", "approve"}:
        return {"plan": None, "reach": (), "told": None}
    plan = await _plan(request, live) if act.name == "summon" else None
    if act.name == "approve":
        asked = [one for one in live.row.arrivals if one.state == "asked"]
        units = [called.unit for one in asked[:1] for called in one.units]
    else:
        by_plan = plan is not None and (not form or words(form, "by_plan") is not None)
        units = [*(one.unit for one in plan.units if by_plan)] if plan else []
        units += several(form, "units")
    return {"plan": plan, **await _reached(request, live, units, plan)}


async def _reached(request: Request, live: LiveRow, units: list[str], plan: SummonsPlan | None) -> dict[str, Any]:
    desk = desk_of(request)
    why = {one.unit: one.why for one in plan.units} if plan else {}
    reach = [replace(one, plan=why.get(one.unit)) for one in await reach_of(request, units)]
    row, mode = live.row, await desk.mode.read()
    told = called(
        await desk.pack(), reach, row.category, row.level, mode.mode if mode else "normal", now=desk.clock.now()
    )
    return {"reach": reach, "told": told}


async def _plan(request: Request, live: LiveRow) -> SummonsPlan | None:
    """Whom the response plans would call."""
    try:
        return await ask(request, PlanSummons, case_code=live.row.code)
    except Refused:
        return None


async def reaching(request: Request, form: FormData) -> Response:
    """What the dialog shows beside the choice, anew whenever the choice changes."""
    act, seen = BY_NAME["summon"], await _seen(request)
    if not may(actor_of(request), act.request):
        raise NotAllowed(f"a {actor_of(request).role} may not ask for {act.request.NAME}", field="actor.role")
    facts = await _summoning(request, act, seen, form)
    return await answer(
        request, "case/reach_part.html", short=partial(short_of, await desk_of(request).pack()), **facts
    )


async def calling(request: Request) -> Response:
    """电话: who is on duty in each unit of the case, and how the post is reached."""
    return await _call(request, await _seen(request))


async def telephoning(request: Request, form: FormData) -> Response:
    """The number of one post, whole; that it was looked up is on record."""
    live = await _seen(request)
    try:
        told = await ask(
            request,
            ReadTelephone,
            idempotency_key=secrets.token_hex(16),
            case_code=live.row.code,
            staff=text(form, "staff"),
        )
    except Refused as fault:
        return await _call(request, live, fault=fault, status=422)
    return await _call(request, live, told=told)


async def _call(
    request: Request, live: LiveRow, *, told: Telephones | None = None, fault: Refused | None = None, status: int = 200
) -> Response:
    units = [unit for unit in (live.row.unit, *live.row.supporters) if unit]
    return await answer(
        request,
        "case/call_part.html" if part_of(request) is not None else "case/call.html",
        status=status,
        live=live,
        told=told,
        fault=fault,
        asks=may(actor_of(request), ReadTelephone),
        reach=await reach_of(request, units),
        short=partial(short_of, await desk_of(request).pack()),
    )


async def _seen(request: Request) -> LiveRow:
    live = await row_of_case(desk_of(request).work, request.path_params["code"])
    if live is None or not (await sight_for(desk_of(request), actor_of(request))).sees(live.row):
        raise not_found("case", request.path_params["code"])
    return live


async def _near(request: Request, act: CaseAct, live: LiveRow) -> tuple[SimilarCase, ...]:
    """Open cases of the same matter nearby; none where it is not known what and where, or nobody answers."""
    row = live.row
    if act.name != "join" or row.category is None or row.place is None:
        return ()
    try:
        found = await ask(request, FindSimilarCases, category=row.category, place=row.place)
    except (Refused, Unavailable):
        return ()  # a code can still be typed by hand
    return tuple(one for one in found.cases if one.open and one.case_code != row.code)


def _limit_of(pack: CentrePack, live: LiveRow, stage: Stage) -> str:
    limit = pack.limit_for(stage, live.row.category, live.row.level)
    return limit_words(f"{limit.amount} {limit.unit}")


ROUTES = (
    Route("/cases/{code}/act/{act}", act_page),
    post("/cases/{code}/act/{act}", acting),
    post("/cases/{code}/reach", reaching),
    Route("/cases/{code}/call", calling),
    post("/cases/{code}/call", telephoning),
)
