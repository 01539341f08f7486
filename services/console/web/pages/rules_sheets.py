"""One part of the rules as a file: downloaded, edited, uploaded, its differences seen, then taken into the draft."""

import json
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.console.errors import SheetUnreadable
from services.console.operations.pack_sheets import read_sheet
from services.console.policy.pack_edits import replaced
from services.console.policy.pack_fields import EntryFaulty, FieldFault, cells_of, fields_of, read_entry
from services.console.web.desk import ask, desk_of, signed_in
from services.console.web.pages.front import text
from services.console.web.pages.page import answer
from services.console.web.pages.rules_draft import back_to, keep, section_of, sheet_of, teller_of
from services.console.web.rule_tables import TABS, told_changes
from services.console.web.rule_words import choice_table, field_word
from services.console.web.security import post
from services.console.web.words import choice_words
from shared.centre.changes import pack_changes
from shared.centre.sections import Content, Entry, Section, entries
from shared.contracts.dispatch import ReadPackVersion
from shared.errors import NotFound
from shared.sheets.tables import FileUnreadable, csv_file, table_of, xlsx_file

KINDS = {
    "csv": (csv_file, "text/csv; charset=utf-8"),
    "xlsx": (xlsx_file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
ROW_FAULTS_MAX = 50


async def downloading(request: Request) -> Response:
    """Of the pack in force, of the own draft (`of=draft`), or of any version; headings and choices in Chinese."""
    section, kind = section_of(request), request.path_params["kind"]
    if kind not in KINDS:
        raise NotFound(f"there is no file of the kind {kind}")
    write, media = KINDS[kind]
    content = await _content(request, request.query_params.get("of", ""))
    columns = [field.name for field in fields_of(section)]
    rows = [row_of(section, entry) for entry in entries(content, section)]
    body = write(
        [field_word(section.name, column) for column in columns], [[row[each] for each in columns] for row in rows]
    )
    named = {"Content-Disposition": f'attachment; filename="{section.name}.{kind}"'}
    return Response(body, media_type=media, headers=named)


async def _content(request: Request, of: str) -> Content:
    desk = desk_of(request)
    if of == "draft":
        sheet = await read_sheet(desk.work, signed_in(request).account.staff)
        if sheet is not None:
            return sheet.content
    elif of:
        return (await ask(request, ReadPackVersion, version=of)).pack
    signed_in(request)
    return (await desk.pack_now()).model_dump(mode="json")


def row_of(section: Section, entry: Entry) -> dict[str, str]:
    """With the words of the trade for what is chosen."""
    cells = cells_of(section, entry)
    for field in fields_of(section):
        table = choice_table(section.name, field.name)
        if table is not None and cells[field.name]:
            known = choice_words(table)
            cells[field.name] = "；".join(known.get(code, code) for code in cells[field.name].split("；"))
    return cells


async def uploading(request: Request, form: FormData) -> Response:
    """Shows what would change. Nothing is taken yet."""
    sheet, section = await sheet_of(request), section_of(request)
    given = form.get("file")
    try:
        if not isinstance(given, UploadFile) or not given.filename:
            raise SheetUnreadable("choose a file first", field="file")
        found = table_of("file", await given.read())
    except FileUnreadable as trouble:
        raise SheetUnreadable(str(trouble), field="file") from None
    finally:
        await form.close()
    read, faults = entries_of(section, found.columns, found.rows)
    after = replaced(sheet.content, section, read)
    changes = [one for one in pack_changes(sheet.content, after) if one.section == section.name]
    return await answer(
        request,
        "rules/preview.html",
        status=422 if faults else 200,
        section=section,
        rows=len(found.rows),
        faults=faults[:ROW_FAULTS_MAX],
        told=told_changes(tuple(changes), teller_of(request, sheet.content), teller_of(request, after)),
        taken=json.dumps(read, ensure_ascii=False),
        revision=sheet.revision,
        tab=next(tab for tab, parts in TABS.items() if section.name in parts),
        tabs=list(TABS),
        of="draft",
        sheet=sheet,
        may_draft=True,
    )


RowFault = tuple[int, FieldFault]


def entries_of(
    section: Section, columns: tuple[str, ...], rows: tuple[tuple[int, dict[str, str]], ...]
) -> tuple[list[Entry], list[RowFault]]:
    fields = fields_of(section)
    known = {one.name: one for one in fields} | {field_word(section.name, one.name): one for one in fields}
    unknown = [column for column in columns if column not in known]
    if unknown:
        raise SheetUnreadable(f"no columns of this part: {', '.join(unknown[:5])}", field="file")
    read: list[Entry] = []
    faults: list[RowFault] = []
    for number, row in rows:
        typed = {known[column].name: [_code(section, known[column].name, cell)] for column, cell in row.items() if cell}
        try:
            read.append(read_entry(section, typed))
        except EntryFaulty as faulty:
            faults += [(number, fault) for fault in faulty.faults]
    return read, faults


def _code(section: Section, field: str, cell: str) -> str:
    """The code of a word that is chosen; a code stays as it is."""
    table = choice_table(section.name, field)
    if table is None:
        return cell
    codes = {word: code for code, word in choice_words(table).items()}
    return "；".join(codes.get(part.strip(), part.strip()) for part in cell.replace(";", "；").split("；"))


async def taking(request: Request, form: FormData) -> Response:
    """What the preview showed, checked anew: it came back by way of the browser."""
    sheet, section = await sheet_of(request), section_of(request)
    try:
        told: list[dict[str, Any]] = json.loads(text(form, "taken"))
        read = [section.noun.model_validate_json(json.dumps(entry), strict=True) for entry in told]
    except ValueError:
        raise SheetUnreadable("what was shown did not come back whole: upload the file again", field="file") from None
    content = replaced(sheet.content, section, [one.model_dump(mode="json", exclude={"line"}) for one in read])
    await keep(request, sheet, content, seen=text(form, "revision"))
    return back_to(section.name)


ROUTES = (
    Route("/rules/files/{section}.{kind}", downloading),
    post("/rules/files/{section}/preview", uploading),
    post("/rules/files/{section}/take", taking),
)
