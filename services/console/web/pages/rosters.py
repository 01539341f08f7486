"""值班: who is on duty when, where nobody is, and every act that changes it."""

import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.policy.duty_week import WEEKS_AWAY_MAX, monday_of, own_turns, week_of
from services.console.web.case_acts import words as given
from services.console.web.choices import Choice
from services.console.web.desk import actor_of, ask, desk_of, may
from services.console.web.pages.contacts import ROUTES as CONTACT_ROUTES
from services.console.web.pages.front import text
from services.console.web.pages.page import Page, answer, to
from services.console.web.pages.roster_sheets import ROUTES as SHEET_ROUTES
from services.console.web.post_names import post_name
from services.console.web.security import post
from shared.centre.pack import CentrePack
from shared.centre.working_time import calendar_of
from shared.contracts.actors import CENTRE_ROLES, UNIT_ROLES, Actor, Role
from shared.contracts.base import Command
from shared.contracts.dispatch import (
    AnswerSwap,
    AskSwap,
    CancelOverride,
    CheckRosters,
    DutyFeed,
    ListRosters,
    MakeOverride,
    ReadDutyFeed,
    RosterFindings,
    Rosters,
    SetRoster,
    SubstituteAbsent,
    Swap,
    WhoIsResponsible,
)
from shared.duty import Roster
from shared.errors import InvalidInput, Refused, not_found

AHEAD_DAYS = 14
OF_THE_CENTRE = ("duty_director", "leader")
Fields = dict[str, Any]


async def overview(request: Request) -> Response:
    """The week of every roster; on top what is amiss in the next fourteen days, and the reader's own turns."""
    desk, actor = desk_of(request), actor_of(request)
    pack, now = await desk.pack(), desk.clock.now()
    listed: Rosters = await ask(request, ListRosters)
    findings: RosterFindings = await ask(request, CheckRosters, days=AHEAD_DAYS)
    zone, calendar = ZoneInfo(pack.timezone), calendar_of(pack)
    first = _monday(request, now, zone)
    return await answer(
        request,
        "rosters/week.html",
        weeks=[(roster, week_of(roster, first, calendar, zone, findings.gaps)) for roster in listed.rosters],
        first=first,
        before=first - timedelta(days=7),
        after=first + timedelta(days=7),
        this_week=monday_of(now.astimezone(zone).date()),
        today=now.astimezone(zone).date(),
        gaps=findings.gaps,
        overloads=findings.overloads,
        titles={roster.code: roster.title for roster in listed.rosters},
        ahead=AHEAD_DAYS,
        answering=[(kind, await ask(request, WhoIsResponsible, kind=kind)) for kind in OF_THE_CENTRE],
        own=own_turns(listed.rosters, actor.staff, actor.unit, now, now + timedelta(days=AHEAD_DAYS), calendar),
        swaps=[(swap, _may_answer(actor, swap, pack)) for swap in listed.swaps],
        named=partial(post_name, pack),
        unit_of=pack.unit,
        may_set=may(actor, SetRoster),
        key=secrets.token_hex(16),
    )


def _monday(request: Request, now: datetime, zone: ZoneInfo) -> date:
    """Of the week asked for; of this one where the address says none, or one that is too far away."""
    this = monday_of(now.astimezone(zone).date())
    try:
        asked = monday_of(date.fromisoformat(request.query_params.get("week", "")))
    except (ValueError, OverflowError):
        return this
    return asked if abs(asked - this) <= timedelta(weeks=WEEKS_AWAY_MAX) else this


def _may_answer(actor: Actor, swap: Swap, pack: CentrePack) -> bool:
    """Shown to whom dispatch would let: the post that is asked, its unit, the administrator."""
    unit = swap.takes.partition(".")[0]
    own_unit = actor.unit is not None and actor.unit == unit and pack.unit(unit) is not None
    return swap.state == "asked" and (actor.role == Role.ADMINISTRATOR or actor.staff == swap.takes or own_unit)


# -- one roster --------------------------------------------------------------------------------------------------------


async def roster_page(request: Request) -> Response:
    return await _roster(request)


async def _roster(request: Request, *, fault: Refused | None = None, form: FormData | None = None) -> Response:
    desk, actor = desk_of(request), actor_of(request)
    pack, now = await desk.pack(), desk.clock.now()
    listed: Rosters = await ask(request, ListRosters)
    roster = _named(listed, request.path_params["roster"])
    findings: RosterFindings = await ask(request, CheckRosters, days=AHEAD_DAYS)
    zone, calendar = ZoneInfo(pack.timezone), calendar_of(pack)
    first = monday_of(now.astimezone(zone).date())
    weeks = [week_of(roster, first + timedelta(days=7 * each), calendar, zone, findings.gaps) for each in range(2)]
    return await answer(
        request,
        "rosters/roster.html",
        status=200 if fault is None else 422,
        roster=roster,
        weeks=weeks,
        today=now.astimezone(zone).date(),
        gaps=[gap for gap in findings.gaps if gap.roster == roster.code],
        overrides=[each for each in roster.overrides if each.ends_at > now],
        posts=_posts(roster, pack),
        named=partial(post_name, pack),
        acts=[act for act in ACTS.values() if may(actor, act)],
        may_make=may(actor, MakeOverride),
        may_swap=may(actor, AskSwap),
        typed=form or FormData(),
        chosen=request.path_params.get("act"),
        fault=fault,
        key=secrets.token_hex(16),
    )


def _named(listed: Rosters, code: str) -> Roster:
    found = next((roster for roster in listed.rosters if roster.code == code), None)
    if found is None:
        raise not_found("roster", code)
    return found


def _posts(roster: Roster, pack: CentrePack) -> list[Choice]:
    """Who takes turns there, each once; whoever else is meant is typed."""
    named = (member.staff for rotation in roster.rotations for member in rotation.members)
    return [Choice(code, post_name(pack, code)) for code in dict.fromkeys(named)]


def _local(form: FormData, name: str, zone: ZoneInfo, *, required: bool = True) -> datetime | None:
    typed = text(form, name)
    if not typed and not required:
        return None
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        raise InvalidInput("write the instant as 2026-12-01 08:00", field=name) from None
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def _override(form: FormData, roster: str, zone: ZoneInfo) -> Fields:
    override = {
        "action": text(form, "action"),
        "staff": text(form, "staff"),
        "instead_of": given(form, "instead_of"),
        "shift": text(form, "shift") or "primary",
        "starts_at": _local(form, "starts_at", zone),
        "ends_at": _local(form, "ends_at", zone),
        "reason": text(form, "reason"),
    }
    return {"roster": roster, "override": override}


def _substitution(form: FormData, roster: str, zone: ZoneInfo) -> Fields:
    return {
        "roster": roster,
        "absent": text(form, "absent"),
        "starts_at": _local(form, "starts_at", zone),
        "ends_at": _local(form, "ends_at", zone),
        "reason": text(form, "reason"),
    }


def _swap(form: FormData, roster: str, zone: ZoneInfo) -> Fields:
    return {
        "roster": roster,
        "gives": text(form, "gives"),
        "takes": text(form, "takes"),
        "starts_at": _local(form, "starts_at", zone),
        "ends_at": _local(form, "ends_at", zone),
        "returned_starts_at": _local(form, "returned_starts_at", zone, required=False),
        "returned_ends_at": _local(form, "returned_ends_at", zone, required=False),
    }


def _cancel(form: FormData, roster: str, _zone: ZoneInfo) -> Fields:
    return {"roster": roster, "override_id": text(form, "override_id"), "reason": text(form, "reason")}


ACTS: Mapping[str, type[Command[Any]]] = {
    "override": MakeOverride,
    "substitute": SubstituteAbsent,
    "swap": AskSwap,
    "cancel": CancelOverride,
}
READ: Mapping[str, Callable[[FormData, str, ZoneInfo], Fields]] = {
    "override": _override,
    "substitute": _substitution,
    "swap": _swap,
    "cancel": _cancel,
}


async def changing(request: Request, form: FormData) -> Response:
    act, roster = request.path_params["act"], request.path_params["roster"]
    if act not in ACTS:
        raise not_found("act", act)
    zone = ZoneInfo((await desk_of(request).pack()).timezone)
    try:
        fields = READ[act](form, roster, zone)
        await ask(request, ACTS[act], idempotency_key=text(form, "key") or secrets.token_hex(16), **fields)
    except Refused as fault:
        return await _roster(request, fault=fault, form=form)
    return to("/rosters" if act == "swap" else f"/rosters/of/{roster}")


async def answering_swap(request: Request, form: FormData) -> Response:
    swap: UUID = request.path_params["swap"]
    accept = text(form, "accept") == "yes"
    await ask(
        request, AnswerSwap, swap_id=swap, accept=accept, idempotency_key=text(form, "key") or secrets.token_hex(16)
    )
    return to("/rosters")


async def calendar_file(request: Request) -> Response:
    """The turns of one post, as a phone's calendar reads them."""
    post_code = request.path_params["post"]
    feed: DutyFeed = await ask(request, ReadDutyFeed, post=post_code)
    named = {"Content-Disposition": 'attachment; filename="duty.ics"'}
    return Response(feed.calendar, media_type="text/calendar; charset=utf-8", headers=named)


PAGE = Page(
    name="rosters",
    path="/rosters",
    title="值班表",
    roles=CENTRE_ROLES | UNIT_ROLES,
    routes=(
        Route("/rosters", overview),
        Route("/rosters/of/{roster}", roster_page),
        post("/rosters/of/{roster}/{act}", changing),
        post("/rosters/swaps/{swap:uuid}", answering_swap),
        Route("/rosters/calendar/{post}.ics", calendar_file),
        *SHEET_ROUTES,
        *CONTACT_ROUTES,
    ),
)
