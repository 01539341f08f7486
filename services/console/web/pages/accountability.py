"""督办问责: supervision orders, appeals against an overdue clock, referrals; lists by filter, steps by their person."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.errors import CaseChangedMeanwhile, WhyMissing
from services.console.web.board_lines import short_of
from services.console.web.case_act import yes_or_no
from services.console.web.case_facts import told_where_needed
from services.console.web.choices import units_of
from services.console.web.desk import actor_of, ask, desk_of, may
from services.console.web.fields import words
from services.console.web.pages.front import text
from services.console.web.pages.page import Page, answer, to
from services.console.web.security import post
from services.console.web.waiting import may_judge
from shared.contracts.actors import CENTRE_ROLES, Role
from shared.contracts.base import Command
from shared.contracts.dispatch import ListWorkOrders
from shared.contracts.escalation import (
    AnswerReferral,
    AppealView,
    CloseReferral,
    DecideAppeal,
    DecideReferral,
    ListAppeals,
    ListReferrals,
    ListSupervision,
    ProposeOnAppeal,
    ReferralView,
)
from shared.errors import NotAllowed, Refused, not_found
from shared.story import Story

READERS = CENTRE_ROLES - {Role.INTAKE_CLERK, Role.ADMINISTRATOR}
PARTS = ("supervision", "appeals", "referrals")
LISTED_MAX = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an appeal or a referral. `state`: in which it is to be taken; `names`: the field that names it."""

    title: str
    request: type[Command[Any]]
    state: str
    fields: Callable[[FormData], dict[str, Any]]


def _advice(form: FormData) -> dict[str, Any]:
    return {"support": yes_or_no(form, "yes"), "words": words(form, "reason")}


def _verdict(form: FormData) -> dict[str, Any]:
    """Raises WhyMissing."""
    grant, why = yes_or_no(form, "yes"), words(form, "reason")
    if grant is False and why is None:
        raise WhyMissing("say why the appeal is refused", field="reason")
    return {"grant": grant, "words": why}


STEPS: Mapping[str, Mapping[str, Step]] = {
    "appeals": {
        "propose": Step("提出意见", ProposeOnAppeal, "made", _advice),
        "decide": Step("作出决定", DecideAppeal, "proposed", _verdict),
    },
    "referrals": {
        "decide": Step(
            "决定是否移送",
            DecideReferral,
            "proposed",
            lambda form: {"refer": yes_or_no(form, "yes"), "reason": words(form, "reason")},
        ),
        "answer": Step(
            "反馈处理结果",
            AnswerReferral,
            "referred",
            lambda form: {"result": words(form, "result"), "words": words(form, "reason")},
        ),
        "close": Step("知悉并办结", CloseReferral, "answered", lambda form: {}),
    },
}
NAMED = {"appeals": "appeal_id", "referrals": "referral_id"}


async def accountability(request: Request) -> Response:
    """`?part=`, `?unit=`, `?all=1` (with what is over): the address is the list."""
    actor, wanted = actor_of(request), request.query_params
    parts = PARTS if actor.role in READERS else ("referrals",)
    part = wanted.get("part", parts[0])
    part = part if part in parts else parts[0]
    only_open, unit = wanted.get("all") != "1", wanted.get("unit") or None
    known = {"only_open": only_open, "limit": LISTED_MAX}
    supervision, appeals, referrals = await asyncio.gather(
        told_where_needed(request, ListSupervision, ListWorkOrders, **known),
        told_where_needed(request, ListAppeals, ListWorkOrders, **known),
        told_where_needed(request, ListReferrals, ListReferrals, **known),
    )
    lists: dict[str, tuple[Any, ...]] = {
        "supervision": supervision.orders if supervision else (),
        "appeals": appeals.appeals if appeals else (),
        "referrals": referrals.referrals if referrals else (),
    }
    shown = {name: [one for one in lists[name] if unit in {None, one.unit}] for name in parts}
    pack = await desk_of(request).pack()
    return await answer(
        request,
        "accountability/page.html",
        part=part,
        parts=parts,
        shown=shown,
        only_open=only_open,
        unit=unit,
        units=units_of(pack),
        judges=partial(may_judge, actor),
        short=partial(short_of, pack),
    )


async def item(request: Request) -> Response:
    return await _item(request)


async def _item(
    request: Request, *, typed: FormData | None = None, fault: Refused | None = None, status: int = 200
) -> Response:
    part = request.path_params["part"]
    one = await _read(request, part, request.path_params["id"])
    pack, actor = await desk_of(request).pack(), actor_of(request)
    return await answer(
        request,
        "accountability/item.html",
        status=status,
        part=part,
        one=one,
        steps={
            name: step for name, step in STEPS[part].items() if may(actor, step.request) and step.state == one.state
        },
        typed=typed or FormData(),
        fault=fault,
        key=secrets.token_hex(16),
        names=Story(pack),
        short=partial(short_of, pack),
    )


async def _read(request: Request, part: str, wanted: UUID) -> AppealView | ReferralView:
    if part == "appeals":
        found = next(iter((await ask(request, ListAppeals, only_open=False, appeal_id=wanted)).appeals), None)
    elif part == "referrals":
        found = next(iter((await ask(request, ListReferrals, only_open=False, referral_id=wanted)).referrals), None)
    else:
        found = None
    if found is None:
        raise not_found(part, wanted)
    return found


async def stepping(request: Request, form: FormData) -> Response:
    """409 where another took this step meanwhile: both are shown, and what was typed is kept."""
    part, wanted = request.path_params["part"], request.path_params["id"]
    step = STEPS.get(part, {}).get(request.path_params["step"])
    if step is None:
        raise not_found("step", request.path_params["step"])
    if not may(actor_of(request), step.request):
        raise NotAllowed(f"a {actor_of(request).role} may not ask for {step.request.NAME}", field="actor.role")
    if (await _read(request, part, wanted)).state != step.state:
        fault = CaseChangedMeanwhile("another took this step since you opened it", id=str(wanted))
        return await _item(request, typed=form, fault=fault, status=409)
    try:
        fields = {NAMED[part]: wanted, **step.fields(form)}
        await ask(request, step.request, idempotency_key=text(form, "key") or secrets.token_hex(16), **fields)
    except Refused as fault:
        return await _item(request, typed=form, fault=fault, status=422)
    return to(f"/accountability/{part}/{wanted}")


PAGE = Page(
    name="accountability",
    path="/accountability",
    title="督办问责",
    roles=READERS | {Role.OVERSIGHT_OFFICE},
    home_of=frozenset({Role.OVERSIGHT_OFFICE}),
    routes=(
        Route("/accountability", accountability),
        Route("/accountability/{part}/{id:uuid}", item),
        post("/accountability/{part}/{id:uuid}/{step}", stepping),
    ),
)
