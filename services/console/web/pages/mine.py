"""我的登记: what this window answers for to the end; who is to be asked now, and what may be closed."""

import secrets
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.queries.board import rows_of_window
from services.console.web.board_lines import Line, short_of
from services.console.web.desk import actor_of, ask, desk_of
from services.console.web.pages.front import text
from services.console.web.pages.page import Page, answer, to, view_of
from services.console.web.security import post
from shared.contracts.actors import Role
from shared.contracts.dispatch import ReadResults, ReportedResult
from shared.contracts.intake import CloseCase, FollowUpCase, MaskedCase, ReadCase
from shared.errors import Refused
from shared.story import Story

TO_ASK, TO_CLOSE = "follow_up", "close"
ATTEMPTS = 3
"""So many calls that reached nobody, and the case may be closed as unreachable; intake decides it in the end."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The case somebody is about to be asked about, with what its units reported."""

    line: Line
    case: MaskedCase
    results: tuple[ReportedResult, ...]


async def mine(request: Request) -> Response:
    return await _page(request, wanted=request.query_params.get("case"), done=request.query_params.get("done", ""))


async def following_up(request: Request, form: FormData) -> Response:
    """What the requester answered; dissatisfied with the unit's work, the case goes back to it."""
    code = text(form, "case")
    try:
        await ask(request, FollowUpCase, case_code=code, idempotency_key=_key(form), **_answers(form))
    except Refused as fault:
        return await _page(request, wanted=code, typed=form, fault=fault, status=422)
    return to("/desk/mine?done=asked")


async def closing(request: Request, form: FormData) -> Response:
    try:
        await ask(request, CloseCase, case_code=text(form, "case"), idempotency_key=_key(form))
    except Refused as fault:
        return await _page(request, wanted=text(form, "case"), fault=fault, status=422)
    return to("/desk/mine?done=closed")


def _key(form: FormData) -> str:
    return text(form, "key") or secrets.token_hex(16)


def _answers(form: FormData) -> dict[str, Any]:
    """Nobody was reached: nothing else was said."""
    contacted = text(form, "contacted") == "yes"
    yes_or_no = {"yes": True, "no": False}
    solved, responded = (yes_or_no.get(text(form, name)) for name in ("solved", "responded"))
    satisfaction = text(form, "satisfaction") or None
    return {
        "kind": text(form, "kind"),
        "contacted": contacted,
        "solved": solved if contacted else None,
        "satisfaction": satisfaction if contacted else None,
        "cause": text(form, "cause") or None if contacted and satisfaction == "dissatisfied" else None,
        "missed": None if contacted else text(form, "missed") or None,
        "responded": responded if contacted else None,
        "note": text(form, "note").strip() or None,
    }


async def _page(
    request: Request,
    *,
    wanted: str | None = None,
    done: str = "",
    typed: FormData | None = None,
    fault: Refused | None = None,
    status: int = 200,
) -> Response:
    desk, actor = desk_of(request), actor_of(request)
    pack = await desk.pack()
    rows = await rows_of_window(desk.work, window=actor.window, staff=actor.staff)
    lines = view_of(request).lines(rows, pack, desk.clock.now())
    due = [line for line in lines if line.row.stage in {TO_ASK, TO_CLOSE}]
    chosen = next((line for line in due if line.row.code == wanted), next(iter(due), None))
    return await answer(
        request,
        "desk/mine.html",
        status=status,
        lines=lines,
        due=due,
        asked=await _asked(request, chosen),
        typed=typed or FormData(),
        fault=fault,
        done=done,
        key=secrets.token_hex(16),
        may_close=chosen is not None and (chosen.row.stage == TO_CLOSE or chosen.row.attempts >= ATTEMPTS),
        names=Story(pack),
        short=partial(short_of, pack),
    )


async def _asked(request: Request, chosen: Line | None) -> Asked | None:
    if chosen is None:
        return None
    case = await ask(request, ReadCase, case_code=chosen.row.code)
    if chosen.row.unit is None:
        return Asked(chosen, case, ())  # the window answered it itself
    results = await ask(request, ReadResults, case_code=chosen.row.code)
    return Asked(chosen, case, results.results)


PAGE = Page(
    name="mine",
    path="/desk/mine",
    title="我的登记",
    roles=frozenset({Role.INTAKE_CLERK}),
    routes=(
        Route("/desk/mine", mine),
        post("/desk/mine/follow-up", following_up),
        post("/desk/mine/close", closing),
    ),
)
