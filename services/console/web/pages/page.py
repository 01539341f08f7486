"""What a page is, and how one is answered: whole for a browser, in part where a script asks for a part."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.routing import BaseRoute

from services.console.web.desk import desk_of
from services.console.web.view import View
from shared.contracts.actors import Role
from shared.infra.packs import NoCentrePack

PART_HEADER = "x-muster-part"
PACKING = 7


@dataclass(frozen=True, slots=True)
class Page:
    """`title` is what the menu says (a message); without one the page is not in the menu.

    `counted`: the address that tells how many things wait there, for the menu.
    """

    name: str
    path: str
    roles: frozenset[Role]
    routes: Sequence[BaseRoute]
    title: str | None = None
    home_of: frozenset[Role] = field(default_factory=frozenset[Role])
    counted: str | None = None


def part_of(request: Request) -> str | None:
    """Which part of a page a script asks for; None for a whole page."""
    return request.headers.get(PART_HEADER)


def language_of(request: Request) -> str:
    who = request.state.signed_in
    if who is not None:
        return "en" if who.account.language == "en" else "zh"
    chosen = request.cookies.get("muster_language")
    return chosen if chosen in {"zh", "en"} else "zh"


def view_of(request: Request) -> View:
    return desk_of(request).views[language_of(request)]


def menu(request: Request) -> list[Page]:
    from services.console.web.pages import PAGES

    who = request.state.signed_in
    if who is None:
        return []
    return [page for page in PAGES if page.title is not None and Role(who.account.role) in page.roles]


def current_page(request: Request) -> Page | None:
    """The one of the menu whose address the reader is under; of two (`/desk`, `/desk/mine`) the nearer one."""
    under = [page for page in menu(request) if f"{request.url.path}/".startswith(f"{page.path}/")]
    return max(under, key=lambda page: len(page.path), default=None)


async def answer(
    request: Request, template: str, *, status: int = 200, packed: bool = False, **facts: Any
) -> HTMLResponse:
    """Renders a template with what every one of them needs.

    `packed`: with gzip. Only for pages that give nothing of a request back: there a length could tell the form's token.
    """
    desk = desk_of(request)
    who = request.state.signed_in
    title, version = await centre_in_force(request)
    html = view_of(request).render(
        template,
        **{
            "who": who,
            "csrf": who.csrf if who is not None else request.state.before,
            "menu": menu(request),
            "current": current_page(request),
            "here": request.url.path,
            "now": desk.clock.now(),
            "rate": request.app.state.rate,
            "mode": await desk.mode.read() if who is not None else None,
            "part": part_of(request),
            "centre_title": title,
            "index": f"/index/{version}.json" if who is not None and version else None,
            **facts,
        },
    )
    if packed and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(html.encode(), PACKING)
        return HTMLResponse(body, status, headers={"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})
    return HTMLResponse(html, status)


async def centre_in_force(request: Request) -> tuple[str, str | None]:
    """The centre's name and its pack's version; before there is a pack, the product's name."""
    try:
        pack = await desk_of(request).pack()
    except NoCentrePack:
        return "吹哨报到", None
    return pack.title, pack.version


def to(path: str) -> RedirectResponse:
    """After a form: the page anew by GET, so that reloading it sends nothing twice."""
    return RedirectResponse(path, 303)
