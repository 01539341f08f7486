"""平战转换: what the centre is in, since when and until when; switched, prolonged and ended by the commander alone."""

import secrets
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.web.board_lines import short_of
from services.console.web.desk import actor_of, ask, desk_of, may
from services.console.web.fields import several, words
from services.console.web.pages.front import text
from services.console.web.pages.page import Page, answer, to
from services.console.web.security import post
from shared.contracts.actors import CENTRE_ROLES, Role
from shared.contracts.base import Command
from shared.contracts.dispatch import EndSurge, ListModePeriods, ProlongSurge, ReadMode, SwitchMode
from shared.errors import NotAllowed, Refused, not_found
from shared.story import Story

PERIODS_SHOWN = 20
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
ACTS: dict[str, type[Command[Any]]] = {"switch": SwitchMode, "prolong": ProlongSurge, "end": EndSurge}


async def mode(request: Request) -> Response:
    return await _page(request)


async def acting(request: Request, form: FormData) -> Response:
    """409 where another switched since the page was shown: the period looked at goes with the act."""
    name = request.path_params["act"]
    act = ACTS.get(name)
    if act is None:
        raise not_found("act", name)
    if not may(actor_of(request), act):
        raise NotAllowed(f"a {actor_of(request).role} may not ask for {act.NAME}", field="actor.role")
    zone = ZoneInfo((await desk_of(request).pack()).timezone)
    key = text(form, "key") or secrets.token_hex(16)
    try:
        await ask(request, act, idempotency_key=key, **fields_of(name, form, zone))
    except Refused as fault:
        status = 409 if fault.as_dict()["code"] == "mode_changed_meanwhile" else 422
        return await _page(request, typed=form, fault=fault, status=status)
    finally:
        desk_of(request).mode.forget()
    return to("/mode")


def fields_of(name: str, form: FormData, zone: ZoneInfo) -> dict[str, Any]:
    known = {"reason": words(form, "reason"), "seen": words(form, "seen")}
    if name == "switch":
        known |= {"level": words(form, "level"), "measures": several(form, "measures")}
    if name != "end":
        known |= {"expected_end": until_of(form, zone)}
    return known


def until_of(form: FormData, zone: ZoneInfo) -> Any:
    """Local time of the centre. What is no date is left for the request to refuse."""
    said = words(form, "until")
    try:
        return datetime.fromisoformat(said or "").replace(tzinfo=zone)
    except ValueError:
        return said


async def meaning(request: Request, form: FormData) -> Response:
    return await answer(request, "duty/mode_meaning.html", **await _meaning(request, form))


async def _meaning(request: Request, form: FormData) -> dict[str, Any]:
    """What a typed end amounts to, before anything is switched."""
    pack, now = await desk_of(request).pack(), desk_of(request).clock.now()
    zone = ZoneInfo(pack.timezone)
    until = until_of(form, zone)
    known = until if isinstance(until, datetime) else None
    return {
        "until": known,
        "span": span_of(known - now) if known else None,
        "weekday": WEEKDAYS[known.weekday()] if known else "",
        "terms": pack.modes,
        "too_long": known is not None and known - now > timedelta(days=pack.modes.surge_days_max),
    }


def span_of(span: timedelta) -> tuple[int, int, int] | None:
    """Days, hours, minutes; None where it is past."""
    minutes = int(span.total_seconds() // 60)
    if minutes <= 0:
        return None
    return minutes // 1440, minutes % 1440 // 60, minutes % 60


async def _page(
    request: Request, *, typed: FormData | None = None, fault: Refused | None = None, status: int = 200
) -> Response:
    form, actor = typed or FormData(), actor_of(request)
    pack = await desk_of(request).pack()
    history = await ask(request, ListModePeriods, limit=PERIODS_SHOWN)
    return await answer(
        request,
        "duty/mode.html",
        status=status,
        current=await ask(request, ReadMode),
        history=history,
        pack=pack,
        may_switch=may(actor, SwitchMode),
        typed=form,
        chosen=several(form, "measures"),
        fault=fault,
        key=secrets.token_hex(16),
        names=Story(pack),
        short=partial(short_of, pack),
        **await _meaning(request, form),
    )


PAGE = Page(
    name="mode",
    path="/mode",
    title="平战转换",
    roles=CENTRE_ROLES - {Role.INTAKE_CLERK},
    routes=(Route("/mode", mode), post("/mode/meaning", meaning), post("/mode/{act}", acting)),
)
