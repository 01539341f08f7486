"""窗口登记: is it complete? One form for the keyboard; what it thinks of stands beside it and is never in its way."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.errors import AlreadyRegistered
from services.console.policy.typed_times import read_time
from services.console.web.board_lines import short_of
from services.console.web.choices import categories_of, flags_of, places_of
from services.console.web.desk import actor_of, ask, desk_of, may
from services.console.web.pages.aids import draft_of, draft_was_sent
from services.console.web.pages.front import text
from services.console.web.pages.page import Page, answer, part_of, to
from services.console.web.registering import FORWARD, Typed, register
from services.console.web.security import post
from shared.centre.jurisdiction import Route as Routed
from shared.centre.jurisdiction import route
from shared.centre.nouns import LEVELS, Level
from shared.centre.working_time import calendar_of
from shared.contracts.actors import Role
from shared.contracts.intake import (
    FindSimilarCases,
    MaskedCase,
    ReadCase,
    RegisterCase,
    SimilarCases,
    SuggestCategories,
    Suggestions,
)
from shared.errors import NotAllowed, Refused, Unavailable
from shared.story import Story

DRAFT = "window"
LOOK, CLEAR = "look", "clear"
MATTER_MIN = 4
"""Fewer characters say nothing about a matter."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Who would answer, and what is near: nothing of it is forced, and none of it holds up the registration."""

    routed: Routed | None = None
    similar: SimilarCases | None = None


async def window(request: Request) -> Response:
    _require_right(request)
    saved = None
    if request.query_params.get("saved"):
        saved = await ask(request, ReadCase, case_code=request.query_params["saved"])
    return await _page(request, Typed(await draft_of(request, DRAFT)), saved=saved)


async def registering(request: Request, form: FormData) -> Response:
    """422: the same form with everything that was typed. Saved: the code, and an empty form ready for the next."""
    _require_right(request)
    typed, ending, key = Typed.of(form), text(form, "act") or FORWARD, text(form, "key") or secrets.token_hex(16)
    if ending == CLEAR:
        await draft_was_sent(request, DRAFT, form)
        return to("/desk")
    if ending == LOOK:
        return await _page(request, typed, key=key, suggested=await _suggested(request, typed))
    try:
        received_at = await _received(request, typed)
        receipt = await register(partial(ask, request), typed, ending, key, received_at=received_at)
    except AlreadyRegistered as fault:
        saved = await ask(request, ReadCase, case_code=fault.facts["case_code"])
        return await _page(request, typed, saved=saved, fault=fault, status=422)  # its key is used up: a new one
    except Refused as fault:
        return await _page(request, typed, key=key, fault=fault, status=422)
    await draft_was_sent(request, DRAFT, form)
    return to(f"/desk?saved={receipt.case_code}")


async def _received(request: Request, typed: Typed) -> datetime | None:
    """When it came in, typed as people say it; now, where nothing was typed. Raises TimeUnread."""
    if not typed.one("received"):
        return None
    desk = desk_of(request)
    calendar = calendar_of(await desk.pack())
    return read_time(typed.one("received"), now=desk.clock.now(), calendar=calendar, past=True).at


async def suggesting(request: Request, form: FormData) -> Response:
    _require_right(request)
    typed = Typed.of(form)
    return await answer(request, "desk/suggested.html", suggested=await _suggested(request, typed), typed=typed)


async def nearing(request: Request, form: FormData) -> Response:
    _require_right(request)
    typed, pack = Typed.of(form), await desk_of(request).pack()
    beside = await _beside(request, typed)
    short = partial(short_of, pack)
    return await answer(request, "desk/near.html", typed=typed, beside=beside, names=Story(pack), short=short)


def _require_right(request: Request) -> None:
    if not may(actor_of(request), RegisterCase):
        raise NotAllowed(f"a {actor_of(request).role} may not ask for {RegisterCase.NAME}", field="actor.role")


async def _suggested(request: Request, typed: Typed) -> Suggestions | None:
    if len(typed.one("matter")) < MATTER_MIN:
        return None
    try:
        return await ask(request, SuggestCategories, matter=typed.one("matter"))
    except (Refused, Unavailable):
        return None  # a suggestion that cannot be had is none: the person chooses


async def _beside(request: Request, typed: Typed) -> Beside:
    """The route as the table in force decides it now; dispatch decides it again when the case is accepted."""
    desk, category, place = desk_of(request), typed.one("category"), typed.one("place")
    if not (category and place):
        return Beside()
    wanted = typed.one("level")
    level: Level = wanted if wanted in LEVELS else "IV"
    routed = route(
        await desk.pack(),
        category=category,
        place=place,
        source=typed.one("source"),
        level=level,
        flags=tuple(typed.several("flags")),
        at=desk.clock.now(),
    )
    try:
        similar = await ask(request, FindSimilarCases, category=category, place=place)
    except (Refused, Unavailable):
        return Beside(routed)  # what is near cannot be had just now: the case is registered by itself
    return Beside(routed, similar)


async def _page(
    request: Request,
    typed: Typed,
    *,
    key: str | None = None,
    saved: MaskedCase | None = None,
    suggested: Suggestions | None = None,
    fault: Refused | None = None,
    status: int = 200,
) -> Response:
    pack = await desk_of(request).pack()
    return await answer(
        request,
        "desk/form.html" if part_of(request) == "form" else "desk/window.html",
        status=status,
        typed=typed,
        key=key or secrets.token_hex(16),
        saved=saved,
        suggested=suggested,
        beside=await _beside(request, typed),
        fault=fault,
        categories=categories_of(pack),
        places=places_of(pack),
        flags=flags_of(pack),
        names=Story(pack),
        short=partial(short_of, pack),
    )


PAGE = Page(
    name="desk",
    path="/desk",
    title="窗口登记",
    roles=frozenset({Role.INTAKE_CLERK}),
    home_of=frozenset({Role.INTAKE_CLERK}),
    routes=(
        Route("/desk", window),
        post("/desk", registering),
        post("/desk/suggest", suggesting),
        post("/desk/near", nearing),
    ),
)
