"""交接班: the watch goes over with all that is open and a note; from the acceptance on the next director answers."""

import asyncio
import secrets
from datetime import datetime
from functools import partial

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.web.board_lines import short_of
from services.console.web.desk import actor_of, ask, desk_of, may
from services.console.web.fields import words
from services.console.web.pages.front import text
from services.console.web.pages.page import Page, answer, to
from services.console.web.security import post
from shared.contracts.actors import Role
from shared.contracts.dispatch import (
    AcceptHandover,
    HandoverView,
    ListDeferrals,
    ListRosters,
    ListSummonses,
    ListTriage,
    OfferHandover,
    ReadWatch,
    WhoIsResponsible,
)
from shared.contracts.intake import ListOpenCases
from shared.errors import Refused

WATCHES_SHOWN = 12


async def handover(request: Request) -> Response:
    return await _page(request)


async def offering(request: Request, form: FormData) -> Response:
    incoming = words(form, "other") or words(form, "incoming")
    key = text(form, "key") or secrets.token_hex(16)
    try:
        await ask(request, OfferHandover, incoming=incoming, note=words(form, "note"), idempotency_key=key)
    except Refused as fault:
        return await _page(request, typed=form, fault=fault, status=422)
    return to("/handover")


async def accepting(request: Request, form: FormData) -> Response:
    """What was taken over is shown at once: from here on it is this director's."""
    key = text(form, "key") or secrets.token_hex(16)
    try:
        taken = await ask(request, AcceptHandover, handover_id=text(form, "handover") or None, idempotency_key=key)
    except Refused as fault:
        return await _page(request, fault=fault, status=422)
    return await _page(request, taken=taken)


async def _page(
    request: Request,
    *,
    typed: FormData | None = None,
    taken: HandoverView | None = None,
    fault: Refused | None = None,
    status: int = 200,
) -> Response:
    actor, now = actor_of(request), desk_of(request).clock.now()
    triage, summonses, deferrals, opened = await asyncio.gather(
        ask(request, ListTriage, limit=1000),
        ask(request, ListSummonses),
        ask(request, ListDeferrals, limit=1000),
        ask(request, ListOpenCases, limit=1),
    )
    watch = await ask(request, ReadWatch, limit=WATCHES_SHOWN)
    on_watch = next((one for one in watch.watches if one.ended_at is None), None)
    return await answer(
        request,
        "duty/handover.html",
        status=status,
        watch=watch,
        on_watch=on_watch,
        mine=on_watch is not None and on_watch.director == actor.staff,
        for_me=watch.offered is not None and watch.offered.incoming == actor.staff,
        may_act=may(actor, OfferHandover),
        next_directors=await _next_directors(request, now, besides=actor.staff),
        open_list={
            "all": opened.total,
            "triage": triage.total,
            "summons": len(summonses.summonses),
            "deferral": len(deferrals.deferrals),
        },
        typed=typed or FormData(),
        taken=taken,
        fault=fault,
        key=secrets.token_hex(16),
        short=partial(short_of, await desk_of(request).pack()),
    )


async def _next_directors(request: Request, now: datetime, *, besides: str) -> list[str]:
    """Who stands in the rota, whoever is on duty now by the rota first."""
    rosters, due = await asyncio.gather(
        ask(request, ListRosters, kind="duty_director"), ask(request, WhoIsResponsible, kind="duty_director", at=now)
    )
    members = [one.staff for roster in rosters.rosters for turn in roster.rotations for one in turn.members]
    return [staff for staff in dict.fromkeys([*(one.staff for one in due.on_duty), *members]) if staff != besides]


PAGE = Page(
    name="handover",
    path="/handover",
    title="交接班",
    roles=frozenset({Role.DUTY_DIRECTOR, Role.DISPATCHER, Role.COMMANDER, Role.DEPUTY_COMMANDER}),
    routes=(Route("/handover", handover), post("/handover/offer", offering), post("/handover/accept", accepting)),
)
