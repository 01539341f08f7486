"""联系方式: how each post is reached, in which order, and which posts on duty cannot be reached at all."""

import secrets

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.web.desk import actor_of, ask, may
from services.console.web.pages.front import text
from services.console.web.pages.page import answer, to
from services.console.web.security import post
from shared.contracts.actors import Role
from shared.contracts.notification import CheckContacts, Contacts, ListContacts, RemoveContact, SetContact
from shared.errors import Refused

AHEAD_DAYS = 14
OF_THE_POST = ("email", "sms", "voice")
"""What a post may set for itself; the administrator sets any."""


async def contacts(request: Request) -> Response:
    return await _contacts(request)


async def _contacts(request: Request, *, fault: Refused | None = None, form: FormData | None = None) -> Response:
    """An administrator sees all of them, anybody else their own post's."""
    actor = actor_of(request)
    every = actor.role == Role.ADMINISTRATOR
    told: Contacts = await ask(request, ListContacts, staff=None if every else actor.staff)
    unreachable = (await ask(request, CheckContacts, days=AHEAD_DAYS)).posts if may(actor, CheckContacts) else ()
    return await answer(
        request,
        "rosters/contacts.html",
        status=200 if fault is None else 422,
        contacts=told.contacts,
        unreachable=unreachable,
        checked=may(actor, CheckContacts),
        ahead=AHEAD_DAYS,
        every=every,
        own=actor.staff,
        channels=None if every else OF_THE_POST,
        typed=form or FormData(),
        fault=fault,
        key=secrets.token_hex(16),
    )


async def setting(request: Request, form: FormData) -> Response:
    fields = {name: text(form, name) for name in ("staff", "channel", "address")}
    position = text(form, "position") or "1"
    try:
        key = text(form, "key") or secrets.token_hex(16)
        await ask(request, SetContact, position=position, idempotency_key=key, **fields)
    except Refused as fault:
        return await _contacts(request, fault=fault, form=form)
    return to("/rosters/contacts")


async def removing(request: Request, form: FormData) -> Response:
    try:
        await ask(request, RemoveContact, staff=text(form, "staff"), channel=text(form, "channel"))
    except Refused as fault:
        return await _contacts(request, fault=fault)
    return to("/rosters/contacts")


ROUTES = (
    Route("/rosters/contacts", contacts),
    post("/rosters/contacts", setting),
    post("/rosters/contacts/remove", removing),
)
