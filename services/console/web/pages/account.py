"""My account: the password, the second factor."""

from pyotp import random_base32
from pyotp.totp import TOTP
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.errors import PasswordTooWeak, SignInFailed
from services.console.operations.accounts import change_own_password
from services.console.operations.second_factor import SECRET_FORM, begin_second_factor, end_second_factor
from services.console.web.desk import desk_of, signed_in
from services.console.web.pages.front import text
from services.console.web.pages.page import answer
from services.console.web.qr import qr_picture
from services.console.web.security import post
from shared.errors import Refused


async def account_page(request: Request) -> Response:
    return await _page(request)


async def _page(request: Request, *, fault: Refused | None = None, done: str = "", status: int = 200) -> Response:
    who = signed_in(request)
    has_factor = who.account.totp_secret is not None and done != "factor_off"
    return await answer(request, "front/account.html", fault=fault, done=done, has_factor=has_factor, status=status)


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
    return await _page(request, done="password")


async def second_factor_page(request: Request) -> Response:
    return await _factor(request, random_base32())


async def _factor(request: Request, secret: str, *, fault: Refused | None = None) -> Response:
    """The secret goes to the device by the picture and comes back with the first code; until then nothing is kept."""
    account = signed_in(request).account
    title = (await desk_of(request).pack()).title
    address = TOTP(secret).provisioning_uri(name=account.staff, issuer_name=title)
    return await answer(
        request,
        "front/second_factor.html",
        status=422 if fault else 200,
        secret=secret,
        picture=qr_picture(address),
        fault=fault,
        codes=None,
    )


async def beginning_second_factor(request: Request, form: FormData) -> Response:
    desk, account = desk_of(request), signed_in(request).account
    secret = text(form, "secret")
    if not SECRET_FORM.fullmatch(secret):
        return await _factor(request, random_base32(), fault=SignInFailed("the secret is not one of ours"))
    try:
        codes = await begin_second_factor(
            desk.work, account.staff, secret, text(form, "code")[:20], now=desk.wall.now()
        )
    except SignInFailed as fault:
        return await _factor(request, secret, fault=fault)
    return await answer(request, "front/second_factor.html", codes=codes, secret="", picture="", fault=None)


async def ending_second_factor(request: Request, form: FormData) -> Response:
    account = signed_in(request).account
    try:
        await end_second_factor(desk_of(request).work, account.staff, password=text(form, "password"))
    except SignInFailed as fault:
        return await _page(request, fault=fault, status=422)
    return await _page(request, done="factor_off")


ROUTES = (
    Route("/account", account_page),
    post("/account/password", changing_password),
    Route("/account/second-factor", second_factor_page),
    post("/account/second-factor", beginning_second_factor),
    post("/account/second-factor/end", ending_second_factor),
)
