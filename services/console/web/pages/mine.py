"""我的登记: what this window answers for to the end; who is asked now, what is owed in writing, what was promised."""

import asyncio
import secrets
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.policy.after_asking import aftermath
from services.console.policy.typed_times import read_time
from services.console.queries.board import rows_of_window
from services.console.web.board_lines import Line, short_of
from services.console.web.desk import actor_of, ask, desk_of, may
from services.console.web.fields import words
from services.console.web.pages.front import text
from services.console.web.pages.page import Page, answer, part_of, to, view_of
from services.console.web.security import post
from shared.centre.working_time import calendar_of
from shared.contracts.actors import Role
from shared.contracts.dispatch import CaseResults, ReadResults
from shared.contracts.intake import (
    CloseCase,
    ExplainCase,
    ExplainDelay,
    FollowUpCase,
    ListPromises,
    MaskedCase,
    ReadCase,
)
from shared.errors import Refused

TO_ASK, TO_CLOSE = "follow_up", "close"
REACHED = "reached"
DONE = {"asked": "回访已记录", "closed": "已办结", "explained": "书面答复已记录", "promised": "承诺已记录"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The case somebody has open here, with what its units reported."""

    line: Line
    case: MaskedCase
    results: CaseResults | None


async def mine(request: Request) -> Response:
    return await _page(request, wanted=request.query_params.get("case"), done=request.query_params.get("done", ""))


async def following_up(request: Request, form: FormData) -> Response:
    """What the requester answered; dissatisfied with the unit's work, the case goes back to it."""
    return await _act(request, form, FollowUpCase, _answers(form), done="asked")


async def explaining(request: Request, form: FormData) -> Response:
    """书面答复: owed where the requester stays dissatisfied and the case is not reopened."""
    fields = {"explanation": words(form, "explanation"), "given_by": words(form, "given_by")}
    return await _act(request, form, ExplainCase, fields, done="explained")


async def promising(request: Request, form: FormData) -> Response:
    """暂不能办结: explained to the requester, with a date typed as people say it."""
    code = text(form, "case")
    try:
        desk = desk_of(request)
        calendar = calendar_of(await desk.pack())
        promised_for = read_time(text(form, "time"), now=desk.clock.now(), calendar=calendar).at
    except Refused as fault:
        return await _page(request, wanted=code, typed=form, fault=fault, status=422)
    told = {"explanation": words(form, "explanation"), "given_by": words(form, "given_by")}
    return await _act(request, form, ExplainDelay, {**told, "promised_for": promised_for}, done="promised")


async def closing(request: Request, form: FormData) -> Response:
    return await _act(request, form, CloseCase, {}, done="closed")


async def _act(request: Request, form: FormData, kind: Any, fields: dict[str, Any], *, done: str) -> Response:
    code = text(form, "case")
    try:
        await ask(request, kind, case_code=code, idempotency_key=_key(form), **fields)
    except Refused as fault:
        return await _page(request, wanted=code, typed=form, fault=fault, status=422)
    return to(f"/desk/mine?done={done}")


def _key(form: FormData) -> str:
    return text(form, "key") or secrets.token_hex(16)


def _answers(form: FormData) -> dict[str, Any]:
    """`reached`: that somebody was, or why nobody was; then nothing else was said."""
    reached = text(form, "reached")
    contacted = reached == REACHED
    yes_or_no = {"yes": True, "no": False}
    solved, responded = (yes_or_no.get(text(form, name)) for name in ("solved", "responded"))
    satisfaction = text(form, "satisfaction") or None
    return {
        "kind": text(form, "kind"),
        "contacted": contacted,
        "solved": solved if contacted else None,
        "satisfaction": satisfaction if contacted else None,
        "cause": text(form, "cause") or None if contacted and satisfaction == "dissatisfied" else None,
        "missed": None if contacted else reached or None,
        "responded": responded if contacted else None,
        "note": text(form, "note").strip() or None,
    }


def shared_out(lines: list[Line], staff: str) -> tuple[list[Line], list[Line]]:
    """What is this person's to ask about or to close, and what a colleague asks: not whoever handled or verified."""
    due = [line for line in lines if line.row.stage in {TO_ASK, TO_CLOSE}]
    others = [line for line in due if line.row.stage == TO_ASK and staff in line.row.hands]
    return [line for line in due if line not in others], others


async def _page(
    request: Request,
    *,
    wanted: str | None = None,
    done: str = "",
    typed: FormData | None = None,
    fault: Refused | None = None,
    status: int = 200,
) -> Response:
    """The number first, then the rows: whatever changes in between is in the stream after that number."""
    desk, actor, view = desk_of(request), actor_of(request), view_of(request)
    number = desk.hub.number
    pack, now = await desk.pack(), desk.clock.now()
    rows, promises = await asyncio.gather(
        rows_of_window(desk.work, window=actor.window, staff=actor.staff),
        ask(request, ListPromises, limit=1000),
    )
    lines = view.lines(rows, pack, now)
    due, others = shared_out(lines, actor.staff)
    chosen = next((line for line in lines if line.row.code == wanted), next(iter(due), None))
    rule = pack.follow_up_for(chosen.row.category, chosen.row.level) if chosen else None
    return await answer(
        request,
        "desk/mine_rows.html" if part_of(request) == "live" else "desk/mine.html",
        status=status,
        number=number,
        lines=lines,
        due=due,
        others=others,
        promises=[one for one in promises.promises if one.case_code in {line.row.code for line in lines}],
        chosen=await _chosen(request, chosen),
        mine_to_ask=chosen is not None and actor.staff not in chosen.row.hands,
        rule=rule,
        after=aftermath(pack, chosen.row, now=now) if chosen else None,
        bounds=pack.closed_loop,
        typed=typed or FormData(),
        fault=fault,
        done=DONE.get(done),
        key=secrets.token_hex(16),
        may_close=chosen is not None
        and rule is not None
        and (chosen.row.stage == TO_CLOSE or chosen.row.attempts >= rule.attempts),
        names=view.story(pack),
        short=partial(short_of, pack),
    )


async def _chosen(request: Request, line: Line | None) -> Chosen | None:
    if line is None:
        return None
    case = await ask(request, ReadCase, case_code=line.row.code)
    if line.row.unit is None or not may(actor_of(request), ReadResults):
        return Chosen(line, case, None)  # the window answered it itself
    try:
        return Chosen(line, case, await ask(request, ReadResults, case_code=line.row.code))
    except Refused:
        return Chosen(line, case, None)


PAGE = Page(
    name="mine",
    path="/desk/mine",
    title="我的登记",
    roles=frozenset({Role.INTAKE_CLERK}),
    routes=(
        Route("/desk/mine", mine),
        post("/desk/mine/follow-up", following_up),
        post("/desk/mine/explain", explaining),
        post("/desk/mine/promise", promising),
        post("/desk/mine/close", closing),
    ),
)
