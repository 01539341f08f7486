"""The receipt, and what whoever holds one may see of the case: words of its steps and their dates, nothing else."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.errors import ReceiptUnknown, TooManyLooks
from services.console.web.desk import actor_of, ask, desk_of, may
from services.console.web.pages.front import text
from services.console.web.pages.page import answer
from services.console.web.qr import qr_picture
from services.console.web.receipts import belongs, check_phrase
from services.console.web.security import BEFORE_COOKIE, Pace, post, set_cookie
from services.console.web.words import PROGRESS
from shared.codes import CodeWrong, parse_case_code, spoken
from shared.contracts.actors import Actor, Role
from shared.contracts.common import ReadTimeline, Timeline
from shared.contracts.intake import ReadCase, RegisterCase
from shared.errors import NotAllowed, Refused, not_found
from shared.story import Story

ASKER = Actor(staff="progress", role=Role.SYSTEM)
"""Nobody is signed in on the public page: it asks as itself."""

TOLD_BY = ("intake", "dispatch", "escalation")
OF_ONE_CASE = Pace(per_minute=1, burst=6)
OF_ONE_PLACE = Pace(per_minute=10, burst=20)
"""For eight digits: at one try a minute no phrase is found by trying, no list of cases by going through codes."""


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    type: str


async def receipt(request: Request) -> Response:
    """To be printed: the code, the check phrase, and a QR of the public address with nothing but the code in it."""
    if not may(actor_of(request), RegisterCase):
        raise NotAllowed(f"a {actor_of(request).role} prints no receipts", field="actor.role")
    desk = desk_of(request)
    case = await ask(request, ReadCase, case_code=request.path_params["code"])
    if desk.keys is None:
        raise not_found("receipt", case.case_code)
    pack = await desk.pack()
    window = pack.window(case.window) if case.window else None
    base = str(request.base_url).rstrip("/")
    return await answer(
        request,
        "desk/receipt.html",
        case=case,
        spoken=spoken(case.case_code),
        phrase=check_phrase(desk.keys, case.case_code),
        address=f"{base}/p",
        picture=qr_picture(f"{base}/p?code={case.case_code}", scale=4),
        names=Story(pack),
        window=window.name if window else case.window or "—",
    )


async def progress(request: Request) -> Response:
    return await _page(request, code=_shown(request.query_params.get("code", "")))


async def looking(request: Request, form: FormData) -> Response:
    """The phrase is typed by the person and is never in an address; a wrong one and an unknown code read alike."""
    code = text(form, "case")[:40]
    try:
        known = _known(request, code, text(form, "phrase")[:40])
    except (ReceiptUnknown, TooManyLooks) as fault:
        status = 429 if isinstance(fault, TooManyLooks) else 422
        return await _page(request, code=_shown(code), fault=fault, status=status)
    return await _page(request, code=known, steps=await _steps(request, known))


def _known(request: Request, code: str, phrase: str) -> str:
    """Raises TooManyLooks and ReceiptUnknown."""
    keys = desk_of(request).keys
    _require_patience(request, code)
    known = belongs(keys, code, phrase) if keys is not None else None
    if known is None:
        raise ReceiptUnknown("code and phrase do not belong together")
    return known


def _require_patience(request: Request, code: str) -> None:
    address = request.client.host if request.client else "?"
    if not (OF_ONE_PLACE.admits(address) and OF_ONE_CASE.admits(_shown(code) or address)):
        raise TooManyLooks("too many questions; try again in some minutes")


def _shown(code: str) -> str:
    """Only what is a case code comes back into the page."""
    try:
        return parse_case_code(code)
    except CodeWrong:
        return ""


async def _steps(request: Request, code: str) -> list[Step]:
    """Raises Unavailable."""
    asker = desk_of(request).asker
    asked = (asker.ask(ReadTimeline(actor=ASKER, case_code=code), Timeline, service=one) for one in TOLD_BY)
    entries = [entry for told in await asyncio.gather(*asked) for entry in told.entries if entry.type in PROGRESS]
    entries.sort(key=lambda entry: (entry.at, TOLD_BY.index(entry.service), entry.sequence))
    return [Step(entry.at, entry.type) for entry in entries]


async def _page(
    request: Request, *, code: str, steps: list[Step] | None = None, fault: Refused | None = None, status: int = 200
) -> Response:
    page = await answer(request, "front/progress.html", status=status, code=code, steps=steps, fault=fault)
    if request.state.signed_in is None:
        set_cookie(request, page, BEFORE_COOKIE, request.state.before)
    return page


ROUTES = (Route("/desk/receipt/{code}", receipt), Route("/p", progress), post("/p", looking))
