"""A roster sheet: downloaded, uploaded, what it would change looked at, then set roster by roster."""

import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.errors import SheetUnreadable
from services.console.web.desk import actor_of, ask, desk_of, may
from services.console.web.pages.front import text
from services.console.web.pages.page import answer, language_of, to
from services.console.web.pages.rules_sheets import KINDS
from services.console.web.post_names import post_name
from services.console.web.security import post
from shared.centre.pack import CentrePack
from shared.contracts.dispatch import ListRosters, MakeOverride, Rosters, SetRoster
from shared.duty import Override, Roster, Rotation
from shared.errors import NotAllowed, NotFound
from shared.rosters.columns import COLUMNS, WORDS
from shared.rosters.differences import Plan, plan_of
from shared.rosters.reading import FileUnreadable, rows_of
from shared.rosters.rows import RowFault, SheetFaulty, sheet_of
from shared.rosters.writing import table_of_rosters

ROW_FAULTS_MAX = 50
NOTHING = "—"
Difference = tuple[str, str, str, str]
"""Which roster, what of it, as it was, as it becomes."""


async def downloading(request: Request) -> Response:
    kind = request.path_params["kind"]
    if kind not in KINDS:
        raise NotFound(f"there is no file of the kind {kind}")
    listed: Rosters = await ask(request, ListRosters)
    write, media = KINDS[kind]
    table = table_of_rosters(listed.rosters, now=desk_of(request).clock.now())
    named = {"Content-Disposition": f'attachment; filename="rosters.{kind}"'}
    return Response(write(tuple(COLUMNS), table), media_type=media, headers=named)


async def uploading(request: Request, form: FormData) -> Response:
    """Shows what would change. Nothing is set yet."""
    _require_may_set(request)
    given = form.get("file")
    try:
        if not isinstance(given, UploadFile) or not given.filename:
            raise SheetUnreadable("choose a file first", field="file")
        rows = rows_of("file", await given.read())
    except FileUnreadable as trouble:
        raise SheetUnreadable(str(trouble), field="file") from None
    finally:
        await form.close()
    listed: Rosters = await ask(request, ListRosters)
    desk = desk_of(request)
    pack = await desk.pack()
    told = partial(told_rotation, pack, language_of(request))
    faults: tuple[RowFault, ...] = ()
    plan: Plan | None = None
    try:
        plan = plan_of(sheet_of(rows), listed.rosters, pack, now=desk.clock.now())
    except SheetFaulty as faulty:
        faults = faulty.faults
    return await answer(
        request,
        "rosters/preview.html",
        status=422 if faults else 200,
        rows=len(rows),
        faults=faults[:ROW_FAULTS_MAX],
        plan=plan,
        differences=list(_differences(listed.rosters, plan, told)) if plan else [],
        taken=_packed(plan) if plan else "",
        key=secrets.token_hex(16),
    )


def _require_may_set(request: Request) -> None:
    if not may(actor_of(request), SetRoster):
        raise NotAllowed("rosters are set by the administrator and the duty director", field="actor.role")


def _differences(stored: Sequence[Roster], plan: Plan, told: Callable[[Rotation | None], str]) -> Iterator[Difference]:
    known = {roster.code: roster for roster in stored}
    for roster in plan.rosters:
        before = known.get(roster.code)
        old = {each.id: each for each in before.rotations} if before else {}
        for rotation in roster.rotations:
            was, becomes = told(old.pop(rotation.id, None)), told(rotation)
            if was != becomes:
                yield roster.title, rotation.id, was, becomes
        yield from ((roster.title, name, told(rotation), NOTHING) for name, rotation in old.items())
        if before is not None and before.title != roster.title:
            yield roster.title, "title", before.title, roster.title


def told_rotation(pack: CentrePack, language: str, rotation: Rotation | None) -> str:
    """Everything of it that may differ: how long a turn is, from when, and who takes turns, in their order."""
    if rotation is None:
        return NOTHING
    facts = rotation.model_dump(mode="json", exclude={"id", "members"}, exclude_defaults=True)
    posts = " → ".join(post_name(pack, member.staff) for member in rotation.members)
    return f"{' · '.join(_fact(name, value, language) for name, value in facts.items())}\n{posts}"


def _words_of(column: str) -> dict[str, str]:
    """Code -> the first of the words that mean it."""
    words: dict[str, str] = {}
    for word, code in WORDS[column].items() if column in WORDS else ():
        words.setdefault(code, word)
    return words


def _fact(name: str, value: Any, language: str) -> str:
    """In Chinese by the words a sheet may be written with."""
    if language == "en":
        return f"{name.replace('_', ' ')} {value}"
    if name == "weekdays":
        return "、".join(f"周{'一二三四五六日'[day]}" for day in value)
    words = _words_of(name)
    said = str(value).lower() if isinstance(value, bool) else str(value)
    return f"{COLUMNS.get(name, name)} {words.get(said, said.removesuffix(':00') if 'T' not in said else said)}"


def _packed(plan: Plan) -> str:
    rosters = [roster.model_dump(mode="json") for roster in plan.rosters]
    overrides = [[code, override.model_dump(mode="json")] for _, code, override in plan.overrides]
    return json.dumps({"rosters": rosters, "overrides": overrides}, ensure_ascii=False)


async def taking(request: Request, form: FormData) -> Response:
    """What the preview showed, one by one, each judged by dispatch. Sent twice it is done once."""
    _require_may_set(request)
    key = text(form, "key") or secrets.token_hex(16)
    try:
        told: dict[str, Any] = json.loads(text(form, "taken"))
        rosters = [Roster.model_validate(each) for each in told["rosters"]]
        overrides = [(str(code), Override.model_validate(each)) for code, each in told["overrides"]]
    except (ValueError, KeyError, TypeError):
        raise SheetUnreadable("what was shown did not come back whole: upload the file again", field="file") from None
    for number, roster in enumerate(rosters):
        plain = roster.model_copy(update={"overrides": ()})
        await ask(request, SetRoster, roster=plain, idempotency_key=f"{key}-r{number}")
    for number, (code, override) in enumerate(overrides):
        await ask(request, MakeOverride, roster=code, override=override, idempotency_key=f"{key}-o{number}")
    return to("/rosters")


ROUTES = (
    Route("/rosters/sheet.{kind}", downloading),
    post("/rosters/sheet/preview", uploading),
    post("/rosters/sheet/take", taking),
)
