"""召集令 by signed link: the page a notice leads to. No sign-in; the link is the whole right, for one kind of answer.

Opening it answers nothing (a messenger that fetches a preview opens it, too): only the form does.
"""

import secrets
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.errors import SummonsEnded
from services.console.policy.board import LiveRow
from services.console.queries.board import row_of_summons
from services.console.web.board_lines import leaf_of, short_of
from services.console.web.desk import ask_as, desk_of
from services.console.web.fields import words
from services.console.web.pages.front import text
from services.console.web.pages.page import answer, to
from services.console.web.security import BEFORE_COOKIE, TooFast, post, set_cookie
from shared.contracts.actors import Actor, Role, system
from shared.contracts.dispatch import AnswerByLink, ListSummonses, SummonedUnit, SummonsView
from shared.contracts.subjects import CONSOLE
from shared.errors import Refused
from shared.links import AnswerLink, LinkUnsigned
from shared.story import Story

GONE = {
    "link_expired": 410,
    "link_used": 410,
    "summons_ended": 410,
    "summons_over": 410,
    "unit_given_up": 410,
    "too_fast": 429,
}
HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
MINUTES = (5, 10, 15, 20, 30, 45)
SETTLED = {
    "acknowledge": frozenset({"acknowledged", "on_the_way", "substitute_sent", "cannot_come", "arrived"}),
    "on_the_way": frozenset({"on_the_way", "substitute_sent", "arrived"}),
    "cannot_come": frozenset({"cannot_come", "arrived"}),
}
"""In which states of the unit a link of that purpose has nothing more to say."""


@dataclass(frozen=True, slots=True)
class Called:
    """What the link is about: no more than the summons, the unit's own state and where to go."""

    link: AnswerLink
    summons: SummonsView
    unit: SummonedUnit
    live: LiveRow | None

    @property
    def open(self) -> bool:
        return self.unit.state not in SETTLED[self.link.purpose]


async def opened(request: Request) -> Response:
    try:
        called = await _called(request)
    except Refused as fault:
        return await _closed(request, fault)
    return await _page(request, called)


async def answering(request: Request, form: FormData) -> Response:
    """Whoever holds the link answers; dispatch judges it, once. What is missing is asked for again, on this page."""
    try:
        called = await _called(request)
    except Refused as fault:
        return await _closed(request, fault)
    token = request.path_params["token"]
    try:
        await ask_as(
            request,
            system(CONSOLE),
            AnswerByLink,
            token=token,
            arrives_in_minutes=words(form, "minutes"),
            reason=words(form, "reason"),
            idempotency_key=text(form, "key") or secrets.token_hex(16),
        )
    except Refused as fault:
        if fault.as_dict()["code"] in GONE:
            return await _closed(request, fault)
        return await _page(request, called, fault=fault, typed=form)
    return _own(to(f"/a/{token}"))


async def _called(request: Request) -> Called:
    """Raises Refused: not made here, its time is up, its summons is over; and too many tries from one place."""
    desk = desk_of(request)
    address = request.client.host if request.client else "?"
    if not desk.tries_at_links.admits(address):
        raise TooFast("too many links were opened from here; wait a minute")
    if desk.signer is None:
        raise LinkUnsigned("this console reads no links", field="token")
    link = desk.signer.read(request.path_params["token"], now=desk.clock.now())
    holder = Actor(staff=link.staff, role=Role(link.role), unit=link.unit)
    found = await ask_as(request, holder, ListSummonses, summons_id=link.summons_id, only_running=True)
    summons = next(iter(found.summonses), None)
    unit = next((one for one in summons.units if one.unit == link.unit), None) if summons else None
    if summons is None or unit is None or unit.called_at is None:
        raise SummonsEnded("this summons is over", field="token")
    live = await row_of_summons(desk.work, summons.summons_id, summons.case_code, drill=summons.drill)
    return Called(link, summons, unit, live)


async def _page(
    request: Request, called: Called, *, fault: Refused | None = None, typed: FormData | None = None
) -> Response:
    pack = await desk_of(request).pack()
    row = called.live.row if called.live else None
    clocks = [one.due_at for one in row.arrivals if one.summons_id == str(called.summons.summons_id)] if row else []
    page = await answer(
        request,
        "link/summons.html",
        status=200 if fault is None else 422,
        packed=fault is None,  # what was typed is given back only after a mistake
        link=called.link,
        summons=called.summons,
        unit=called.unit,
        row=row,
        open=called.open,
        due=next(iter(clocks), None),
        title=leaf_of(pack, row.category, Story(pack)) if row and not called.summons.drill else None,
        place=Story(pack).place(row.place) if row and row.place else None,
        short=short_of(pack, called.link.unit),
        token=request.path_params["token"],
        minutes=MINUTES,
        key=secrets.token_hex(16),
        typed=typed or FormData(),
        fault=fault,
    )
    set_cookie(request, page, BEFORE_COOKIE, request.state.before)  # the form must bring it back
    return _own(page)


async def _closed(request: Request, fault: Refused) -> Response:
    code = fault.as_dict()["code"]
    status = GONE.get(code, 404)
    return _own(await answer(request, "link/closed.html", status=status, code=code, said=fault.message))


def _own(response: Response) -> Response:
    """The address is the key: no other place learns it, nobody keeps the page."""
    response.headers.update(HEADERS)
    return response


ROUTES = (Route("/a/{token}", opened), post("/a/{token}", answering))
