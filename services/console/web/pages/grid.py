"""网格核实: what the grid has to look at, by due time; what was found, with photos, also where there is no network."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.console.queries.board import row_of_case
from services.console.web.board_lines import leaf_of, short_of
from services.console.web.desk import ask, desk_of
from services.console.web.fields import words
from services.console.web.pages.front import text
from services.console.web.pages.page import Page, answer, part_of, to
from services.console.web.photos import photos_of
from services.console.web.security import post
from shared.contracts.actors import Role
from shared.contracts.escalation import ListVerifications, RecordVerification, VerificationTask
from shared.errors import Refused
from shared.story import Story


@dataclass(frozen=True, slots=True)
class Look:
    """One task: what, where, who says that it is done. Never who asked."""

    task: VerificationTask
    title: str
    place: str
    unit: str
    key: str


async def grid(request: Request) -> Response:
    return await _tasks(request)


async def _tasks(request: Request, *, fault: Refused | None = None, form: FormData | None = None) -> Response:
    desk = desk_of(request)
    found = await ask(request, ListVerifications)
    pack = await desk.pack()
    story = Story(pack)
    looks: list[Look] = []
    for task in sorted(found.tasks, key=lambda one: (one.due_at is None, one.due_at or one.assigned_at)):
        live = await row_of_case(desk.work, task.case_code)
        title = leaf_of(pack, live.row.category if live else None, story)
        looks.append(Look(task, title, story.place(task.place), short_of(pack, task.unit), secrets.token_hex(16)))
    return await answer(
        request,
        "grid/tasks.html",
        status=200 if fault is None else 422,
        looks=looks,
        photos_max=pack.closed_loop.photos_max,
        wrong=request.path_params.get("task"),
        typed=form or FormData(),
        fault=fault,
    )


async def verifying(request: Request, form: FormData) -> Response:
    """A script that kept it while there was no network is told in a word; a form gets the list anew."""
    desk = desk_of(request)
    pack = await desk.pack()
    try:
        await ask(
            request,
            RecordVerification,
            verification_id=request.path_params["task"],
            outcome=words(form, "outcome"),
            note=words(form, "note"),
            photos=await photos_of(form, most=pack.closed_loop.photos_max),
            found_at=found_at(text(form, "found_at")),
            idempotency_key=text(form, "key") or secrets.token_hex(16),
        )
    except Refused as fault:
        if part_of(request) is not None:
            raise
        return await _tasks(request, fault=fault, form=form)
    return PlainTextResponse("done") if part_of(request) is not None else to("/grid")


def found_at(milliseconds: str) -> datetime | None:
    """When it was looked at, by the centre's time as the page counted it; none from a form without scripts."""
    try:
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


PAGE = Page(
    name="grid",
    path="/grid",
    title="网格核实",
    roles=frozenset({Role.GRID_WORKER}),
    home_of=frozenset({Role.GRID_WORKER}),
    routes=(Route("/grid", grid), post("/grid/{task:uuid}/upload", verifying)),
)
