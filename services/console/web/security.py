"""What every answer carries and every request must: headers, its own origin, a size, a measured pace, a token."""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import FormData, Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.console.errors import TooLarge
from shared.errors import Refused

POLICY = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(self), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SESSION_COOKIE = "muster_session"
BEFORE_COOKIE = "muster_before"
"""Held before anybody is signed in: what the sign-in form must bring back."""

BODY_BYTES_MAX = 1024 * 1024
UPLOAD_BYTES_MAX = 24 * 1024 * 1024
UPLOADS = ("/upload",)
"""Only what is sent to such an address may be as large as photos are, and only from somebody who is signed in."""

FIELDS_MAX, FILES_MAX = 200, 10
BY_LINK = "/a/"
"""Pages opened by an answer link never say where they came from, so a browser's Origin is `null` there."""
TOO_LARGE = (
    "内容过大：照片一次合计不超过 24 MB，其他内容不超过 1 MB。请返回，少选几张照片或改小后再试。\n"
    "Too large: photos have 24 MB together at most, anything else 1 MB. Go back, take fewer or smaller ones.\n"
    "too_large"
)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
TRACKED_MAX = 10_000


class NotSignedIn(Exception):
    """Nobody is signed in (any more): to the sign-in page, and back afterwards."""


class ForgedRequest(Refused):
    code = "forged_request"
    rule = "what changes something comes from a page of this console"


class TooFast(Refused):
    code = "too_fast"
    rule = "no more than two changes a second from one place"


class Guard:
    """The outermost layer. Nothing personal is ever cached: only files under /static are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._of_browsers = Pace(per_minute=120, burst=60)
        self._of_addresses = Pace(per_minute=1_200, burst=300)  # a whole office may come from one

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        answer = _with_headers(send, secure=scope.get("scheme") == "https", static=scope["path"].startswith("/static/"))
        if refusal is not None:
            await refusal(scope, receive, answer)
            return
        limit = UPLOAD_BYTES_MAX if scope["path"].endswith(UPLOADS) else BODY_BYTES_MAX
        await self._app(scope, _bounded(receive, limit), answer)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if scope["method"] in SAFE:
            return None
        if not same_origin(headers) and not _by_link(scope["path"], headers):
            return PlainTextResponse("forged_request", 403)
        limit = UPLOAD_BYTES_MAX if scope["path"].endswith(UPLOADS) else BODY_BYTES_MAX
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > limit:
            return PlainTextResponse(TOO_LARGE, 413, {"Connection": "close"})
        address = str((scope.get("client") or ("?", 0))[0])
        browser = f"{address} {headers.get('cookie', '')}"
        if not (self._of_addresses.admits(address) and self._of_browsers.admits(browser)):
            return PlainTextResponse("too_fast", 429, {"Retry-After": "2"})
        return None


def same_origin(headers: Headers) -> bool:
    """Browsers send Origin with every POST; where one does not, it says where the form came from."""
    host = headers.get("host")
    if not host:
        return False
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == host
    if headers.get("sec-fetch-site") == "same-origin":
        return True
    return urlsplit(headers.get("referer", "")).netloc == host


def _by_link(path: str, headers: Headers) -> bool:
    """No-referrer hides the origin of a form, too. What protects here is the link itself, and the form's own token."""
    return path.startswith(BY_LINK) and headers.get("origin") == "null"


class Pace:
    """A bucket for each key: bursts are fine, a flood is not."""

    def __init__(self, *, per_minute: int, burst: int) -> None:
        self._per_s, self._burst = per_minute / 60, float(burst)
        self._buckets: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def admits(self, key: str) -> bool:
        now = asyncio.get_running_loop().time()
        place = hash(key)  # the key itself has a cookie in it
        tokens, since = self._buckets.pop(place, (self._burst, now))
        tokens = min(self._burst, tokens + (now - since) * self._per_s)
        self._buckets[place] = (max(0.0, tokens - 1), now)
        if len(self._buckets) > TRACKED_MAX:
            self._buckets.popitem(last=False)
        return tokens >= 1


def _bounded(receive: Receive, limit: int) -> Receive:
    """Ends a body that is longer than it may be, whatever it said of its length."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                raise TooLarge("this is more than may be sent at once", field="body")
        return message

    return bounded


def _with_headers(send: Send, *, secure: bool, static: bool) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if secure:
                headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            if not static:
                headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return answer


Act = Callable[[Request, FormData], Awaitable[Response]]


class PostRoute(Route):
    """A route whose token is checked; a test looks that there is no other that changes anything."""


def post(path: str, act: Act, *, name: str | None = None) -> Route:
    """The one way to make a route that changes something: without the page's token it is refused."""

    async def guarded(request: Request) -> Response:
        if path.endswith(UPLOADS) and request.state.signed_in is None and not _is_short(request):
            raise NotSignedIn  # before a byte of it is read
        form = await request.form(max_fields=FIELDS_MAX, max_files=FILES_MAX)
        request.state.form = form
        try:
            check_token(request, form)
            return await act(request, form)
        finally:
            await form.close()

    return PostRoute(path, guarded, methods=["POST"], name=name or act.__name__)


def _is_short(request: Request) -> bool:
    """As long as any form may be: its words are kept for whoever has to sign in again first."""
    length = request.headers.get("content-length", "")
    return length.isdigit() and int(length) <= BODY_BYTES_MAX


def check_token(request: Request, form: FormData) -> None:
    """Raises ForgedRequest. Signed in: the session's own token; before that: the cookie of the sign-in page.

    Raises NotSignedIn where there was a session, and it is over.
    """
    who = request.state.signed_in
    expected = who.csrf if who is not None else request.cookies.get(BEFORE_COOKIE, "")
    given = form.get("csrf") or request.headers.get("x-csrf", "")
    if not expected or not isinstance(given, str) or not secrets.compare_digest(expected.encode(), given.encode()):
        if who is None and request.cookies.get(SESSION_COOKIE):
            raise NotSignedIn
        raise ForgedRequest("this form is from another session: load the page again; what you typed is kept")


def set_cookie(request: Request, response: Response, name: str, value: str, *, max_age_s: int | None = None) -> None:
    """For this site and this browser only; no script reads it."""
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, max_age=max_age_s, path="/", httponly=True, samesite="lax", secure=secure)
