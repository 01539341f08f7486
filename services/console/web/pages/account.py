"""My account: the password, the second factor."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.errors import PasswordTooWeak, SignInFailed
from services.console.operations.accounts import change_own_password
from services.console.web.desk import desk_of, signed_in
from services.console.web.pages.front import text
from services.console.web.pages.page import answer
from services.console.web.security import post
from shared.errors import Refused


async def account_page(request: Request) -> Response:
    return await _page(request)


async def _page(request: Request, *, fault: Refused | None = None, done: bool = False, status: int = 200) -> Response:
    signed_in(request)
    return await answer(request, "front/account.html", fault=fault, done=done, status=status)


async def changing_password(request: Request, form: FormData) -> Response:
    who = signed_in(request)
    try:
        await change_own_password(
            desk_of(request).work,
            who.account.staff,
            old=text(form, "old"),
            new=text(form, "new"),
            keep=who.token_hash,
        )
    except (PasswordTooWeak, SignInFailed) as fault:
        return await _page(request, fault=fault, status=422)
    return await _page(request, done=True)


ROUTES = (Route("/account", account_page), post("/account/password", changing_password))
