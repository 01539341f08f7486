"""规则草案: written entry by entry on a sheet of one's own, tried out, and sent to be approved by another person."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.errors import EntryKeyTaken
from services.console.operations.pack_sheets import Sheet, begin_sheet, drop_sheet, read_sheet, save_sheet
from services.console.policy.pack_edits import NEW, moved, put, rebased, removed
from services.console.policy.pack_fields import EntryFaulty, Field, FieldFault, fields_of, read_entry, typed_from
from services.console.web.case_acts import several
from services.console.web.choices import Choice
from services.console.web.desk import actor_of, ask, desk_of, may, signed_in
from services.console.web.dry_runs import LISTED_MAX, try_out
from services.console.web.pages.front import text
from services.console.web.pages.page import answer, to, view_of
from services.console.web.rule_tables import TABS, Teller, alone_text, told_changes
from services.console.web.rule_words import ANYWHERE, choice_table
from services.console.web.security import post
from shared.centre.changes import Change, pack_changes
from shared.centre.errors import Fault, PackFaulty
from shared.centre.pack import CentrePack
from shared.centre.prove import proved
from shared.centre.sections import BY_NAME, Content, Section, keyed
from shared.centre.yaml_source import read_value
from shared.contracts.dispatch import DraftCentrePack, PackOfVersion, ReadPackVersion
from shared.errors import InvalidInput, NotAllowed, Refused, not_found

ALONE_PARTS = frozenset(CentrePack.model_fields) - BY_NAME.keys() - {"name", "centre"}
# Where a code may stand, one of these may, too.
ALSO: Mapping[str, tuple[str, ...]] = {"categories": ("*",), "places": ("*",), "unit": ("territory",)}
PLACES = ("townships", "grids")
# What is chosen from -> the index of pinyin initials it is found by.
COMBOS: Mapping[str, str] = {
    "units": "units",
    "categories": "categories",
    "places": "places",
    "townships": "places",
    "flags": "flags",
}


def teller_of(request: Request, content: Content) -> Teller:
    return Teller(content, view_of(request).word)


def changes_of(pack: CentrePack, sheet: Sheet) -> tuple[Change, ...]:
    return pack_changes(pack.model_dump(mode="json"), sheet.content)


def require_may_draft(request: Request) -> None:
    if not may(actor_of(request), DraftCentrePack):
        raise NotAllowed("only an administrator drafts rules", field="actor.role")


async def sheet_of(request: Request) -> Sheet:
    """Begun from the pack in force where there is none yet."""
    require_may_draft(request)
    desk, staff = desk_of(request), signed_in(request).account.staff
    found = await read_sheet(desk.work, staff)
    if found is not None:
        return found
    pack = await desk.pack_now()
    content = pack.model_dump(mode="json")
    await begin_sheet(desk.work, staff, based_on=pack.version, content=content, now=desk.clock.now())
    return Sheet(pack.version, content, 1, desk.clock.now())


async def keep(request: Request, sheet: Sheet, content: Content, *, seen: str, based_on: str | None = None) -> None:
    """Refused where another window changed the sheet since."""
    revision = int(seen) if seen.isdigit() else sheet.revision
    desk, staff = desk_of(request), signed_in(request).account.staff
    await save_sheet(desk.work, staff, seen=revision, content=content, now=desk.clock.now(), based_on=based_on)


# -- the whole draft ---------------------------------------------------------------------------------------------------


async def beginning(request: Request, form: FormData) -> Response:
    await sheet_of(request)
    return to(f"/rules/{tab_named(text(form, 'tab'))}?of=draft")


def tab_named(tab: str) -> str:
    return tab if tab in TABS else "units"


async def giving_up(request: Request, _form: FormData) -> Response:
    require_may_draft(request)
    await drop_sheet(desk_of(request).work, signed_in(request).account.staff)
    return to("/rules")


async def draft(request: Request) -> Response:
    return await _draft(request)


async def _draft(request: Request, *, fault: Refused | None = None, form: FormData | None = None) -> Response:
    require_may_draft(request)
    desk = desk_of(request)
    sheet, pack = await read_sheet(desk.work, signed_in(request).account.staff), await desk.pack_now()
    changes = changes_of(pack, sheet) if sheet else ()
    proof, faults = _proof(sheet)
    tried = None
    if proof is not None and changes and "try" in request.query_params:
        tried = await try_out(request, pack, proof)
    before = teller_of(request, pack.model_dump(mode="json"))
    after = teller_of(request, sheet.content) if sheet else before
    return await answer(
        request,
        "rules/draft.html",
        status=200 if fault is None else 422,
        tab="draft",
        tabs=list(TABS),
        sheet=sheet,
        changed=len(changes),
        told=told_changes(changes, before, after),
        faults=faults,
        stale=sheet is not None and sheet.based_on != pack.version,
        tried=tried,
        tried_rows=tried.found[:LISTED_MAX] if tried else (),
        names=(before, after),
        of="draft",
        may_draft=True,
        typed=form or FormData(),
        fault=fault,
        key=secrets.token_hex(16),
    )


def _proof(sheet: Sheet | None) -> tuple[CentrePack | None, tuple[Fault, ...]]:
    if sheet is None:
        return None, ()
    try:
        return proved(sheet.content), ()
    except PackFaulty as faulty:
        return None, faulty.faults


async def sending(request: Request, form: FormData) -> Response:
    """Proved once more by dispatch. Sent, the sheet is empty again; what was sent waits for another person."""
    sheet = await sheet_of(request)
    try:
        effective_at = await _instant(request, text(form, "effective_at"))
        drafted = await ask(
            request,
            DraftCentrePack,
            pack=sheet.content,
            based_on=sheet.based_on,
            note=text(form, "note"),
            effective_at=effective_at,
            idempotency_key=text(form, "key") or secrets.token_hex(16),
        )
    except Refused as fault:
        return await _draft(request, fault=fault, form=form)
    await drop_sheet(desk_of(request).work, signed_in(request).account.staff)
    return to(f"/rules/proposals/{drafted.draft_id}")


async def _instant(request: Request, typed: str) -> datetime | None:
    """As it is typed, in the centre's own time."""
    if not typed:
        return None
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        raise InvalidInput("write the instant as 2026-12-01 00:00", field="effective_at") from None
    pack = await desk_of(request).pack()
    return at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(pack.timezone))


async def basing_anew(request: Request, form: FormData) -> Response:
    """Another version came into force: the sheet's own changes are made to that one."""
    sheet, pack = await sheet_of(request), await desk_of(request).pack_now()
    found: PackOfVersion = await ask(request, ReadPackVersion, version=sheet.based_on)
    content, _both = rebased(found.pack, sheet.content, pack.model_dump(mode="json"))
    await keep(request, sheet, content, seen=text(form, "revision"), based_on=pack.version)
    return to("/rules/draft")


# -- one entry ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Control:
    """One field of the form: what stands in it, what may be chosen, what is wrong with it."""

    field: Field
    values: list[str]
    choices: list[Choice]
    faults: list[FieldFault]
    combo: str | None


async def entry_page(request: Request) -> Response:
    sheet, section = await sheet_of(request), section_of(request)
    key = request.path_params["key"]
    rows = keyed(sheet.content, section)
    like = request.query_params.get("like", "")
    shown = rows.get(like, {}) if key == NEW else rows.get(key)
    if shown is None:
        raise not_found(section.name, key)
    typed: Mapping[str, list[str]] = typed_from(section, shown)
    if key == NEW:
        typed = {**typed, section.key: []}
    return await _entry(request, sheet, section, typed)


def section_of(request: Request) -> Section:
    section = BY_NAME.get(request.path_params["section"])
    if section is None:
        raise not_found("part", request.path_params["section"])
    return section


async def _entry(
    request: Request,
    sheet: Sheet,
    section: Section,
    typed: Mapping[str, list[str]],
    faults: tuple[FieldFault, ...] = (),
    fault: Refused | None = None,
) -> Response:
    fields = fields_of(section)
    known = {field.name for field in fields}
    return await answer(
        request,
        "rules/entry.html",
        status=422 if faults or fault else 200,
        section=section,
        key=request.path_params["key"],
        new=NEW,
        controls=[_control(request, section, field, typed, sheet.content, faults) for field in fields],
        others=[one for one in faults if one.field not in known],
        revision=sheet.revision,
        tab=_tab_of(section.name),
        tabs=list(TABS),
        of="draft",
        sheet=sheet,
        may_draft=True,
        fault=fault,
    )


def _tab_of(part: str) -> str:
    return next(tab for tab, parts in TABS.items() if part in parts)


def _control(
    request: Request,
    section: Section,
    field: Field,
    typed: Mapping[str, list[str]],
    content: Content,
    faults: tuple[FieldFault, ...],
) -> Control:
    values = list(typed.get(field.name, ()))
    own = [one for one in faults if one.field == field.name or one.field.startswith(f"{field.name}.")]
    combo = COMBOS.get(field.of or "")
    return Control(field, values, _choices(request, section, field, content, values), own, combo)


def _choices(request: Request, section: Section, field: Field, content: Content, values: list[str]) -> list[Choice]:
    word = view_of(request).word
    if field.of is None:
        table = choice_table(section.name, field.name)
        return [Choice(code, word(code, table) if table else code) for code in field.options]
    parts = PLACES if field.of == "places" else (field.of,)
    named = [
        Choice(str(entry.get("code")), str(entry.get("name")))
        for part in parts
        for entry in keyed(content, BY_NAME[part]).values()
    ]
    also = [Choice(code, word(code, "ANYWHERE")) for code in ALSO.get(field.last, ()) if code in ANYWHERE]
    known = {choice.code for choice in (*also, *named)}
    return [*also, *named, *(Choice(code, code) for code in values if code not in known)]


async def saving(request: Request, form: FormData) -> Response:
    sheet, section = await sheet_of(request), section_of(request)
    typed = {field.name: several(form, field.name) for field in fields_of(section)}
    try:
        entry = read_entry(section, typed)
        content = put(sheet.content, section, request.path_params["key"], entry)
        await keep(request, sheet, content, seen=text(form, "revision"))
    except EntryFaulty as faulty:
        return await _entry(request, sheet, section, typed, faulty.faults)
    except EntryKeyTaken as fault:
        return await _entry(request, sheet, section, typed, fault=fault)
    return back_to(section.name)


def back_to(part: str) -> Response:
    return to(f"/rules/{_tab_of(part)}?of=draft#{part}")


async def removing(request: Request, form: FormData) -> Response:
    sheet, section = await sheet_of(request), section_of(request)
    content = removed(sheet.content, section, request.path_params["key"])
    await keep(request, sheet, content, seen=text(form, "revision"))
    return back_to(section.name)


async def moving(request: Request, form: FormData) -> Response:
    sheet, section = await sheet_of(request), section_of(request)
    by = -1 if text(form, "to") == "up" else 1
    content = moved(sheet.content, section, request.path_params["key"], by)
    await keep(request, sheet, content, seen=text(form, "revision"))
    return back_to(section.name)


# -- a part that is one value ------------------------------------------------------------------------------------------


async def alone_page(request: Request) -> Response:
    sheet, part = await sheet_of(request), _alone(request)
    return await _alone_form(request, sheet, part, alone_text(sheet.content.get(part)))


def _alone(request: Request) -> str:
    part: str = request.path_params["part"]
    if part not in ALONE_PARTS:
        raise not_found("part", part)
    return part


async def _alone_form(request: Request, sheet: Sheet, part: str, written: str, said: tuple[str, ...] = ()) -> Response:
    return await answer(
        request,
        "rules/alone.html",
        status=422 if said else 200,
        part=part,
        written=written,
        said=said,
        revision=sheet.revision,
        tab=_tab_of(part) if any(part in parts for parts in TABS.values()) else "others",
        tabs=list(TABS),
        of="draft",
        sheet=sheet,
        may_draft=True,
    )


async def saving_alone(request: Request, form: FormData) -> Response:
    sheet, part = await sheet_of(request), _alone(request)
    typed = text(form, "written")
    value, said = read_alone(part, typed)
    if said:
        return await _alone_form(request, sheet, part, typed, said)
    await keep(request, sheet, {**sheet.content, part: value}, seen=text(form, "revision"))
    return back_to(part)


def read_alone(part: str, typed: str) -> tuple[Any, tuple[str, ...]]:
    """The value as the pack holds it, or what is wrong with it."""
    info = CentrePack.model_fields[part]
    if info.annotation is str or part in {"title", "timezone"}:
        value: Any = typed
    else:
        value, faults = read_value(typed, part)
        if faults:
            return None, tuple(f"{fault.line}: {fault.what}. {fault.advice}." for fault in faults)
    adapter: TypeAdapter[Any] = TypeAdapter(cast("Any", info.annotation))
    try:
        checked = adapter.validate_json(json.dumps(value), strict=True)
    except ValidationError as misfit:
        return None, tuple(
            f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in misfit.errors(include_url=False)
        )
    return adapter.dump_python(checked, mode="json"), ()


ROUTES = (
    Route("/rules/draft", draft),
    post("/rules/draft/begin", beginning),
    post("/rules/draft/give-up", giving_up),
    post("/rules/draft/base-anew", basing_anew),
    post("/rules/draft/send", sending),
    Route("/rules/draft/parts/{part}", alone_page),
    post("/rules/draft/parts/{part}", saving_alone),
    Route("/rules/draft/{section}/{key}", entry_page),
    post("/rules/draft/{section}/{key}", saving),
    post("/rules/draft/{section}/{key}/remove", removing),
    post("/rules/draft/{section}/{key}/move", moving),
)
