"""The front door: signing in and out, the first page of each role, the language."""

from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.console.errors import SecondFactorNeeded, SignInDelayed, SignInFailed
from services.console.operations.accounts import choose_language
from services.console.operations.signing_in import SignedIn, sign_in, sign_in_by_provider, sign_out
from services.console.web.carried import given_back
from services.console.web.desk import desk_of, signed_in
from services.console.web.oidc import UNDER_WAY_MAX_S, Provider
from services.console.web.pages.page import answer, menu, part_of, to
from services.console.web.security import BEFORE_COOKIE, SESSION_COOKIE, post, set_cookie
from shared.contracts.actors import Role
from shared.errors import Refused, not_found

AGAIN = "again"
PROVIDER_COOKIE = "muster_provider"


async def home(request: Request) -> Response:
    """Each role has its first page."""
    from services.console.web.pages import PAGES

    role = Role(signed_in(request).account.role)
    mine = next((page for page in PAGES if role in page.home_of), None) or next(iter(menu(request)), None)
    return to(mine.path if mine else "/account")


async def sign_in_page(request: Request) -> Response:
    """In part: for the dialog over a page whose session is over; it is told, too, where another tab has done it."""
    who: SignedIn | None = request.state.signed_in
    if who is not None:
        return await _signed_in_again(request, who) if part_of(request) == AGAIN else to("/")
    return await sign_in_form(request, to_path=inside(request.query_params.get("to")))


async def _signed_in_again(request: Request, who: SignedIn) -> Response:
    """What the page's forms have to bring from now on."""
    return await answer(request, "front/again_done.html", again=who)


async def sign_in_form(
    request: Request,
    *,
    to_path: str,
    staff: str = "",
    carried: str = "",
    fault: Refused | None = None,
    status: int = 200,
) -> Response:
    code_wanted = isinstance(fault, SecondFactorNeeded)
    page = await answer(
        request,
        "front/again.html" if part_of(request) == AGAIN else "front/sign_in.html",
        status=status,
        to_path=inside(to_path),
        carried=carried,
        staff=staff,
        fault=fault,
        code_wanted=code_wanted,
        provider=desk_of(request).provider,
    )
    set_cookie(request, page, BEFORE_COOKIE, request.state.before)
    return page


async def signing_in(request: Request, form: FormData) -> Response:
    desk = desk_of(request)
    staff, to_path = text(form, "staff"), inside(text(form, "to"))
    carried = text(form, "carried")
    try:
        token, who = await sign_in(
            desk.work,
            staff=staff[:80],
            password=text(form, "password")[:200],
            code=text(form, "code")[:40] or None,
            address=request.client.host if request.client else "?",
            replaces=request.cookies.get(SESSION_COOKIE),
            now=desk.wall.now(),
        )
    except (SignInFailed, SignInDelayed, SecondFactorNeeded) as fault:
        status = 429 if isinstance(fault, SignInDelayed) else 422
        return await sign_in_form(request, to_path=to_path, staff=staff, carried=carried, fault=fault, status=status)
    kept = given_back(request, carried, who.account.staff)
    if part_of(request) == AGAIN:
        response = await _signed_in_again(request, who)
    elif kept is not None:
        response = await answer(request, "front/carried.html", kept=kept, csrf=who.csrf, code=None)
    else:
        response = to(to_path)
    set_cookie(request, response, SESSION_COOKIE, token)
    response.delete_cookie(BEFORE_COOKIE, path="/")
    return response


async def to_provider(request: Request) -> Response:
    provider = _provider(request)
    address, kept = await provider.begin(inside(request.query_params.get("to")))
    response = RedirectResponse(address, 303)
    set_cookie(request, response, PROVIDER_COOKIE, kept, max_age_s=UNDER_WAY_MAX_S)
    return response


async def from_provider(request: Request) -> Response:
    """Comes back from another site by a link: the signed cookie says that it began here."""
    desk, asked = desk_of(request), request.query_params
    now = desk.wall.now()
    try:
        staff, subject, to_path = await _provider(request).end(
            code=asked.get("code", ""),
            state=asked.get("state", ""),
            kept=request.cookies.get(PROVIDER_COOKIE, ""),
            now=now,
        )
        replaces = request.cookies.get(SESSION_COOKIE)
        token, _ = await sign_in_by_provider(desk.work, staff=staff, subject=subject, replaces=replaces, now=now)
    except SignInFailed as fault:
        return await sign_in_form(request, to_path="/", fault=fault, status=422)
    response = to(inside(to_path))
    set_cookie(request, response, SESSION_COOKIE, token)
    response.delete_cookie(PROVIDER_COOKIE, path="/")
    return response


def _provider(request: Request) -> Provider:
    provider = desk_of(request).provider
    if provider is None:
        raise not_found("identity provider", "none")
    return provider


async def signing_out(request: Request, form: FormData) -> Response:
    token = request.cookies.get(SESSION_COOKIE)
    if token:
        await sign_out(desk_of(request).work, token)
    response = to("/sign-in")
    response.delete_cookie(SESSION_COOKIE, path="/")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


async def choosing_language(request: Request, form: FormData) -> Response:
    language = "en" if text(form, "language") == "en" else "zh"
    response = to(inside(text(form, "to")))
    if request.state.signed_in is not None:
        await choose_language(desk_of(request).work, signed_in(request).account.staff, language)
    set_cookie(request, response, "muster_language", language, max_age_s=365 * 86_400)
    return response


def text(form: FormData, name: str) -> str:
    """A field as text; empty where it is missing or a file."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def inside(path: str | None) -> str:
    """Only back into this console: another site's address is not followed."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")) or urlsplit(path).netloc:
        return "/"
    return path


ROUTES = (
    Route("/", home),
    Route("/sign-in", sign_in_page),
    post("/sign-in", signing_in),
    post("/sign-out", signing_out),
    Route("/oidc/begin", to_provider),
    Route("/oidc/back", from_provider),
    post("/language", choosing_language),
)
