"""Puts the web side together: routes, who is signed in, and what every kind of failure says."""

import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from services.console.operations.signing_in import who_is
from services.console.web.assets import Assets
from services.console.web.carried import came_from, carried_by, to_send_again
from services.console.web.desk import Desk
from services.console.web.pages import ROUTES
from services.console.web.pages.front import sign_in_form
from services.console.web.pages.page import answer, part_of
from services.console.web.security import BEFORE_COOKIE, SESSION_COOKIE, Guard, NotSignedIn
from services.console.web.stream import rate_of
from shared.errors import Refused, Unavailable
from shared.infra.database import as_unavailable, describe
from shared.infra.logs import get_log

STATUS = {
    "not_found": 404,
    "not_allowed": 403,
    "forged_request": 403,
    "case_changed_meanwhile": 409,
    "sheet_changed_meanwhile": 409,
    "too_fast": 429,
    "too_large": 413,
}
CODE_LENGTH = 8
SENT_AGAIN = frozenset({"forged_request", "unavailable"})
"""Nothing was done, and nothing is wrong with what was sent."""

TOLD_SHORTLY = ("/live", "/drafts/", "/time")
"""Asked by scripts only: the status is all they want to know."""


LOOKS = "x-muster-looks"
"""A page that follows by itself says so: nobody's own doing, and no reason to stay signed in."""


class WhoIsThere:
    """Looks up the session of every request but those for files; `state.signed_in` is None for nobody."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        state = scope.setdefault("state", {})
        state["signed_in"], state["before"] = None, request.cookies.get(BEFORE_COOKIE) or secrets.token_urlsafe(24)
        token = request.cookies.get(SESSION_COOKIE)
        if token and not scope["path"].startswith("/static/"):
            desk: Desk = scope["app"].state.desk
            acts = not scope["path"].startswith("/live") and LOOKS not in request.headers
            state["signed_in"] = await who_is(desk.work, token, now=desk.wall.now(), acts=acts)
        await self._app(scope, receive, send)


def make_app(desk: Desk, assets: Assets) -> Starlette:
    app = Starlette(
        routes=[Route("/static/{digest}/{name:path}", assets.serve), *ROUTES],
        middleware=[Middleware(Guard), Middleware(Net), Middleware(WhoIsThere)],
        exception_handlers=HANDLERS,
    )
    app.state.desk = desk
    app.state.rate = rate_of(desk.clock.real_seconds)
    return app


class Net:
    """The last net: whatever nobody expected becomes words and a code; the log has the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Any) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            return  # whoever asked has gone on to another page: nobody waits for the answer
        except Exception as bug:
            code = secrets.token_hex(CODE_LENGTH // 2)
            away = as_unavailable(bug)
            log = get_log("web")
            if away is not None:
                log.warning("unavailable", path=_route_of(scope), code=code, trouble=type(bug).__name__)
            else:
                log.error("page failed", path=_route_of(scope), code=code, trouble=describe(bug), exc_info=bug)  # noqa: TRY400
            if begun:
                raise
            response = PlainTextResponse(f"暂时无法完成，请稍后再试。代码 {code}", 503 if away else 500)
            await response(scope, receive, send)


def _route_of(scope: Scope) -> str:
    """The pattern of the address, never the address: what somebody typed into it stays out of the log."""
    endpoint = scope.get("endpoint")
    return getattr(endpoint, "__name__", "?")


async def refused(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Refused)
    code = fault.as_dict()["code"]
    return await _fault(request, STATUS.get(code, 422), code=code, said=fault.message)


async def unavailable(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, Unavailable)
    response = await _fault(request, 503, code="unavailable", said=fault.message)
    response.headers["Retry-After"] = str(max(1, round(fault.retry_after_s)))
    return response


async def http_error(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    code = {404: "not_found", 405: "not_found"}.get(fault.status_code, "bad_request")
    return await _fault(request, fault.status_code, code=code, said="")


async def _fault(request: Request, status: int, *, code: str, said: str) -> HTMLResponse:
    if not hasattr(request.state, "signed_in"):
        return HTMLResponse(code, status)
    if part_of(request) is not None:  # a script has what it sent still
        return await answer(request, "front/fault_part.html", status=status, code=code, said=said)
    if code in SENT_AGAIN and (kept := to_send_again(request)) is not None:
        csrf, why = request.state.signed_in.csrf, code if code == "unavailable" else None
        return await answer(request, "front/carried.html", status=status, kept=kept, csrf=csrf, code=why, said=said)
    return await answer(request, "front/fault.html", status=status, code=code, said=said)


async def sign_in_first(request: Request, fault: Exception) -> Response:
    """A browser goes to the sign-in page and comes back; a script is told, and says so over what was typed.

    What a form without scripts had in it goes through the sign-in page, sealed, and comes back after it.
    """
    if part_of(request) is not None or request.url.path.startswith(TOLD_SHORTLY):
        return PlainTextResponse("not_signed_in", 401)
    if request.method != "GET":
        return await sign_in_form(request, to_path=came_from(request), carried=await carried_by(request), status=401)
    return RedirectResponse(f"/sign-in?to={quote(request.url.path)}", 303)


HANDLERS: dict[Any, Callable[[Request, Exception], Any]] = {
    Refused: refused,
    Unavailable: unavailable,
    HTTPException: http_error,
    NotSignedIn: sign_in_first,
}
