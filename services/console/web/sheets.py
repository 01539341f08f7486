"""A table as a file to take away: CSV for every program, XLSX with a frozen head. No cell of it is ever a formula."""
# pyright: reportMissingModuleSource=false, reportUnknownMemberType=false
# (openpyxl has no types)

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from starlette.responses import Response

Value = str | int | float | None
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet takes a text that begins so for a formula; some take the wide signs, too."""

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
WIDTH_MIN, WIDTH_MAX = 8, 40
SHEET_NAME_MAX = 31
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """`notes` stand below the table: how it was counted, as of when."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()

    def lines(self) -> Iterable[Sequence[Value]]:
        yield from ([harmless(value) for value in row] for row in self.rows)
        if self.notes:
            yield []
            yield from ([harmless(note)] for note in self.notes)


def harmless(value: Value) -> Value:
    """Numbers stay numbers. A text that would be a formula is marked as text, as spreadsheets themselves do it."""
    if not isinstance(value, str):
        return value
    marked = f"'{value}" if value.startswith(FORMULA_MARKS) else value
    return UNPRINTABLE.sub("", marked)


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with its mark at the front: without it Excel takes Chinese for something else."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([harmless(one) for one in sheet.head])
    writer.writerows(sheet.lines())
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(sheet: Sheet) -> bytes:
    book: Any = Workbook(write_only=True)
    page = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", sheet.name)[:SHEET_NAME_MAX])
    page.freeze_panes = "A2"
    for number, width in enumerate(_widths(sheet)):
        page.column_dimensions[_letter(number)].width = width
    page.append([_bold(page, one) for one in sheet.head])
    for line in sheet.lines():
        page.append(list(line))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _bold(page: Any, text: str) -> Any:
    cell: Any = WriteOnlyCell(page, value=harmless(text))
    cell.font = Font(bold=True)
    return cell


def _widths(sheet: Sheet) -> list[int]:
    columns = zip(sheet.head, *sheet.rows[:200], strict=True)
    longest = (max(len(str(value or "").encode("gbk", "replace")) for value in column) for column in columns)
    return [min(WIDTH_MAX, max(WIDTH_MIN, long + 2)) for long in longest]


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else f"A{chr(ord('A') + number - 26)}"


def download(body: bytes, *, name: str, form: str) -> Response:
    """`name` is our own word and dates, never what somebody typed."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(body, media_type=KINDS[form], headers=headers)
