"""One case: what it is, who answers, by when, and its whole story. Masked; revealed with a reason, on record."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.queries.board import row_of_case
from services.console.web.board_lines import short_of
from services.console.web.case_acts import acts_for
from services.console.web.case_facts import read_case_facts
from services.console.web.desk import actor_of, ask, desk_of, may, signed_in
from services.console.web.pages.front import text
from services.console.web.pages.page import Page, answer, language_of, part_of
from services.console.web.security import post
from shared.contracts.actors import Role
from shared.contracts.base import TimelineEntry
from shared.contracts.common import ReadTimeline
from shared.contracts.dispatch import PlanSummons
from shared.contracts.escalation import ClockView, ListClocks
from shared.contracts.intake import MaskedCase, ReadCase, RevealedRequester, RevealRequester
from shared.contracts.subjects import SERVICES
from shared.errors import Refused
from shared.story import Story

ALARMING = frozenset({"escalation.clock.overdue", "dispatch.summons.unit_not_arrived", "escalation.arrival.given_up"})
RUNNING = frozenset({"running", "warned", "overdue"})


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story. `by_machine`: told apart from what people did."""

    at: datetime
    words: str
    who: str
    service: str
    by_machine: bool
    alarming: bool


@dataclass(frozen=True, slots=True)
class CaseFile:
    head: MaskedCase
    story: tuple[Told, ...]
    intact: bool
    clocks: tuple[ClockView, ...]


async def read_case_file(request: Request, code: str) -> CaseFile:
    """Everything the page shows, asked of the services at once, as whoever looks."""
    desk = desk_of(request)
    told = asyncio.gather(*(ask(request, ReadTimeline, service=service, case_code=code) for service in SERVICES))
    head, clocks, timelines = await asyncio.gather(
        ask(request, ReadCase, case_code=code), ask(request, ListClocks, case_code=code), told
    )
    story = Story(await desk.pack(), "en" if language_of(request) == "en" else "zh")
    entries = sorted((e for t in timelines for e in t.entries), key=_order)
    return CaseFile(
        head=head,
        story=tuple(_told(story, entry) for entry in entries),
        intact=all(one.chain_intact for one in timelines),
        clocks=tuple(sorted((c for c in clocks.clocks if c.ended_at is None), key=lambda c: c.due_at)),
    )


def _order(entry: TimelineEntry) -> tuple[datetime, int, int]:
    """By time; at the same instant as work flows: received, sent, timed, told."""
    return entry.at, SERVICES.index(entry.service), entry.sequence


def _told(story: Story, entry: TimelineEntry) -> Told:
    actor = entry.actor or ""
    return Told(
        at=entry.at,
        words=story.tell(entry),
        who=actor.rpartition(":")[2],
        service=entry.service,
        by_machine=actor.startswith("system:") or not actor,
        alarming=entry.type in ALARMING,
    )


async def case(request: Request) -> Response:
    return await _answer(request, request.path_params["code"])


async def _answer(
    request: Request,
    code: str,
    *,
    revealed: RevealedRequester | None = None,
    fault: Refused | None = None,
    status: int = 200,
) -> Response:
    file = await read_case_file(request, code)
    pack = await desk_of(request).pack()
    live, facts = await asyncio.gather(
        row_of_case(desk_of(request).work, file.head.case_code), read_case_facts(request, file.head.case_code)
    )
    template = "case/pane.html" if part_of(request) == "pane" else "case/case.html"
    return await answer(
        request,
        template,
        status=status,
        file=file,
        names=Story(pack),
        short=partial(short_of, pack),
        acts=acts_for(actor_of(request), live.row if live else None, facts),
        facts=facts,
        live=live,
        may_call=may(actor_of(request), PlanSummons),
        may_reveal=may(actor_of(request), RevealRequester),
        revealed=revealed,
        fault=fault,
    )


async def revealing(request: Request, form: FormData) -> Response:
    """Never kept anywhere: what is revealed stands in this one answer and in the record that it was asked."""
    signed_in(request)
    code = request.path_params["code"]
    try:
        revealed = await ask(request, RevealRequester, case_code=code, reason=text(form, "reason"))
    except Refused as fault:
        return await _answer(request, code, fault=fault, status=422)
    return await _answer(request, code, revealed=revealed)


PAGE = Page(
    name="case",
    path="/cases/{code}",
    roles=frozenset(Role),
    routes=(Route("/cases/{code}", case), post("/cases/{code}/reveal", revealing)),
)
