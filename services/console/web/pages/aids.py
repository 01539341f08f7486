"""What forms are helped by: the index of names, the meaning of a typed time, drafts kept while somebody writes."""

import re

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.console.errors import TimeUnread
from services.console.operations import drafts
from services.console.operations.drafts import FORM_FORM, Fields
from services.console.policy.typed_times import read_time
from services.console.web.desk import desk_of, signed_in
from services.console.web.pages.front import text
from services.console.web.pages.page import view_of
from services.console.web.pinyin import index_of
from services.console.web.security import post
from shared.centre.working_time import calendar_of
from shared.errors import not_found

FOR_A_DAY = "private, max-age=86400"
NEVER_KEPT = frozenset({"csrf", "key", "password", "old", "new", "code", "photos", "order"})


async def index(request: Request) -> Response:
    """Public names only; under the pack's version, so that it may be kept."""
    signed_in(request)
    pack = await desk_of(request).pack()
    if request.path_params["version"] != pack.version:
        raise not_found("index", request.path_params["version"])
    return Response(index_of(pack), media_type="application/json", headers={"Cache-Control": FOR_A_DAY})


async def keeping_draft(request: Request, form: FormData) -> Response:
    """When it was kept; nothing (204) where it was not, as its form was sent meanwhile: no fault of anybody's."""
    desk, who, name = desk_of(request), signed_in(request), request.path_params["form"]
    if desk.keys is None or not re.fullmatch(FORM_FORM, name):
        raise not_found("form", name)
    fields: dict[str, list[str]] = {}
    for key, value in form.multi_items():
        if isinstance(value, str) and key not in NEVER_KEPT:
            fields.setdefault(key, []).append(value)
    staff, now, own = who.account.staff, desk.wall.now(), text(form, "key")
    kept = await drafts.keep_draft(desk.work, desk.keys, staff=staff, form=name, key=own, fields=fields, now=now)
    return PlainTextResponse(view_of(request).hms(desk.clock.now())) if kept else Response(status_code=204)


async def draft_of(request: Request, form: str) -> Fields:
    """What whoever is signed in had written there; empty where nothing was kept."""
    desk = desk_of(request)
    if desk.keys is None:
        return {}
    staff = signed_in(request).account.staff
    return await drafts.read_draft(desk.work, desk.keys, staff=staff, form=form, now=desk.wall.now())


async def draft_was_sent(request: Request, name: str, form: FormData) -> None:
    """Sent or given up: what was written is not offered again."""
    desk, staff = desk_of(request), signed_in(request).account.staff
    await drafts.drop_draft(desk.work, staff=staff, form=name, key=text(form, "key"), now=desk.wall.now())


async def meaning(request: Request, form: FormData) -> Response:
    """What was typed as a time, in full; 422 with words where it cannot be read. Nothing is kept."""
    signed_in(request)
    desk, view = desk_of(request), view_of(request)
    pack = await desk.pack()
    past = form.get("way") == "past"
    typed = form.get("typed")
    try:
        read = read_time(
            typed if isinstance(typed, str) else "", now=desk.clock.now(), calendar=calendar_of(pack), past=past
        )
    except TimeUnread as fault:
        return PlainTextResponse(view.refusal(fault.code), 422)
    return PlainTextResponse(view.meant(read))


ROUTES = (
    Route("/index/{version}.json", index),
    post("/drafts/{form}", keeping_draft),
    post("/time", meaning),
)
