"""账号: who signs in as which post; the first password is shown once."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.web.choices import Choice, places_of, units_of
from services.console.web.desk import ask, desk_of
from services.console.web.pages.front import text
from services.console.web.pages.page import Page, answer
from services.console.web.security import post
from services.console.web.words import ROLES
from shared.contracts.actors import Role
from shared.contracts.console import AddStaff, DisableStaff, FirstPassword, ListStaff, ResetPassword, StaffAccounts
from shared.errors import Refused


async def staff(request: Request) -> Response:
    return await _staff(request)


async def _staff(
    request: Request,
    *,
    fault: Refused | None = None,
    form: FormData | None = None,
    made: FirstPassword | None = None,
    disabled: str = "",
) -> Response:
    """`made`: whose password is shown, this once; it is kept nowhere but as a hash."""
    every = "all" in request.query_params
    told: StaffAccounts = await ask(request, ListStaff, include_disabled=every)
    pack = await desk_of(request).pack()
    return await answer(
        request,
        "staff/staff.html",
        status=200 if fault is None else 422,
        accounts=told.accounts,
        every=every,
        made=made,
        disabled=disabled,
        roles=list(ROLES),
        units=units_of(pack),
        windows=[Choice(window.code, window.name) for window in pack.windows],
        grids=places_of(pack),
        unit_of=pack.unit,
        window_of=pack.window,
        place_of=pack.place,
        typed=form or FormData(),
        fault=fault,
    )


async def adding(request: Request, form: FormData) -> Response:
    scope = {name: text(form, name) or None for name in ("unit", "window", "grid")}
    named = {name: text(form, name) for name in ("staff", "title", "role")}
    try:
        made: FirstPassword = await ask(request, AddStaff, **named, **scope)
    except Refused as fault:
        return await _staff(request, fault=fault, form=form)
    return await _staff(request, made=made)


async def disabling(request: Request, form: FormData) -> Response:
    name = text(form, "staff")
    try:
        await ask(request, DisableStaff, staff=name)
    except Refused as fault:
        return await _staff(request, fault=fault)
    return await _staff(request, disabled=name)


async def resetting(request: Request, form: FormData) -> Response:
    try:
        made: FirstPassword = await ask(request, ResetPassword, staff=text(form, "staff"))
    except Refused as fault:
        return await _staff(request, fault=fault)
    return await _staff(request, made=made)


PAGE = Page(
    name="staff",
    path="/staff",
    title="账号管理",
    roles=frozenset({Role.ADMINISTRATOR}),
    routes=(
        Route("/staff", staff),
        post("/staff/add", adding),
        post("/staff/disable", disabling),
        post("/staff/reset", resetting),
    ),
)
