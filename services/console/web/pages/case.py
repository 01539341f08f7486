"""One case: what it is, who answers, by when, and its whole story. Masked; revealed with a reason, on record."""

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from pydantic import BaseModel
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
from services.console.web.pages.page import Page, answer, part_of, view_of
from services.console.web.security import post
from shared.contracts.actors import Role
from shared.contracts.base import Command, Query, TimelineEntry
from shared.contracts.common import ReadTimeline
from shared.contracts.dispatch import CaseResults, PlanSummons, ReadReportPhoto, ReadResults
from shared.contracts.escalation import (
    ClockView,
    ListClocks,
    ReadVerificationPhoto,
    ReadVerifications,
    VerificationFinding,
)
from shared.contracts.intake import MaskedCase, ReadCase, RevealedRequester, RevealRequester
from shared.contracts.photos import PhotoShown
from shared.contracts.subjects import SERVICES
from shared.errors import Refused
from shared.story import Story

A = TypeVar("A", bound=BaseModel)
ONCE = {
    "Cache-Control": "no-store",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
}
"""A picture by itself: the browser lays it out with a style of its own, and nothing else may happen there."""
ALARMING = frozenset({"escalation.clock.overdue", "dispatch.summons.unit_not_arrived", "escalation.arrival.given_up"})
RUNNING = frozenset({"running", "warned", "overdue"})
REPORT, VERIFIED = "report", "verified"
PHOTOS: Mapping[str, type[Command[PhotoShown]]] = {REPORT: ReadReportPhoto, VERIFIED: ReadVerificationPhoto}


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
class Shot:
    """That there is a photo, and of what; `ref` names it in the form that opens it."""

    ref: str
    kind: str
    unit: str
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class CaseFile:
    head: MaskedCase
    story: tuple[Told, ...]
    intact: bool
    clocks: tuple[ClockView, ...]
    results: CaseResults | None = None
    findings: tuple[VerificationFinding, ...] = ()

    @property
    def photos(self) -> list[Shot]:
        """Those that can be looked at still; each opened by itself, with a reason."""
        reported = [(REPORT, one.unit, one.photos) for one in (self.results.results if self.results else ())]
        verified = [(VERIFIED, one.unit, one.photos) for one in self.findings]
        return [
            Shot(f"{kind}:{photo.photo_id}", kind, unit, photo.kept_at)
            for kind, unit, photos in (*reported, *verified)
            for photo in photos
            if not photo.erased
        ]


async def read_case_file(request: Request, code: str) -> CaseFile:
    """Everything the page shows, asked of the services at once, as whoever looks."""
    desk = desk_of(request)
    told = asyncio.gather(*(ask(request, ReadTimeline, service=service, case_code=code) for service in SERVICES))
    head, clocks, timelines, results, found = await asyncio.gather(
        ask(request, ReadCase, case_code=code),
        ask(request, ListClocks, case_code=code),
        told,
        _if_theirs(request, ReadResults, code),
        _if_theirs(request, ReadVerifications, code),
    )
    story = view_of(request).story(await desk.pack())
    entries = sorted((e for t in timelines for e in t.entries), key=_order)
    return CaseFile(
        head=head,
        story=tuple(_told(story, entry) for entry in entries),
        intact=all(one.chain_intact for one in timelines),
        clocks=tuple(sorted((c for c in clocks.clocks if c.ended_at is None), key=lambda c: c.due_at)),
        results=results,
        findings=found.findings if found else (),
    )


async def _if_theirs(request: Request, kind: type[Query[A]], code: str) -> A | None:
    """What was reported and found, where it is whoever looks' to read and there is anything yet."""
    if not may(actor_of(request), kind):
        return None
    try:
        return await ask(request, kind, case_code=code)
    except Refused:
        return None


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


async def printed(request: Request) -> Response:
    """案卷: the whole file on paper, masked as on the screen, without what belongs to a screen."""
    return await _answer(request, request.path_params["code"], template="case/print.html")


async def _answer(
    request: Request,
    code: str,
    *,
    revealed: RevealedRequester | None = None,
    fault: Refused | None = None,
    photo_fault: Refused | None = None,
    template: str | None = None,
    status: int = 200,
) -> Response:
    file = await read_case_file(request, code)
    pack = await desk_of(request).pack()
    live, facts = await asyncio.gather(
        row_of_case(desk_of(request).work, file.head.case_code), read_case_facts(request, file.head.case_code)
    )
    template = template or ("case/pane.html" if part_of(request) == "pane" else "case/case.html")
    return await answer(
        request,
        template,
        status=status,
        file=file,
        names=view_of(request).story(pack),
        short=partial(short_of, pack),
        acts=acts_for(actor_of(request), live.row if live else None, facts),
        facts=facts,
        live=live,
        may_call=may(actor_of(request), PlanSummons),
        may_reveal=may(actor_of(request), RevealRequester),
        may_see=may(actor_of(request), ReadReportPhoto),
        photo_fault=photo_fault,
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


async def showing(request: Request, form: FormData) -> Response:
    """One photo, once: the answer is the picture itself, kept by nobody; that it was looked at is on record."""
    code, reason = request.path_params["code"], text(form, "reason")
    kind, _, photo_id = text(form, "photo").partition(":")
    try:
        shown = await ask(request, PHOTOS.get(kind, ReadReportPhoto), photo_id=photo_id, reason=reason)
    except Refused as fault:
        return await _answer(request, code, photo_fault=fault, status=422)
    return Response(base64.b64decode(shown.data), media_type=shown.media_type, headers=ONCE)


PAGE = Page(
    name="case",
    path="/cases/{code}",
    roles=frozenset(Role),
    routes=(
        Route("/cases/{code}", case),
        Route("/cases/{code}/print", printed),
        post("/cases/{code}/reveal", revealing),
        post("/cases/{code}/photo", showing),
    ),
)
