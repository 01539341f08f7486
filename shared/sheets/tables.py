"""One table as a file: CSV or XLSX by its content, never by its name; every cell as a person would have typed it."""
# pyright: reportMissingModuleSource=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# (openpyxl has no types)

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from shared.sheets.csv_rows import FileUnreadable, NumberedRow, rows_of_csv

FILE_BYTES_MAX = 10_000_000
UNPACKED_BYTES_MAX = 100_000_000
ROWS_MAX = 20_000
COLUMNS_MAX = 100
ZIP = b"PK\x03\x04"
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")

# What the library and those below it raise over a workbook that is damaged, encrypted or none at all.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by column, numbered as a spreadsheet numbers them: the heading is row 1."""

    columns: tuple[str, ...]
    rows: tuple[NumberedRow, ...]


def table_of(name: object, raw: bytes) -> Table:
    """Raises FileUnreadable, which says what to do. `name` is only said in words."""
    if len(raw) > FILE_BYTES_MAX:
        raise FileUnreadable(f"{name} is larger than {FILE_BYTES_MAX // 1_000_000} MB")
    table = _of_workbook(name, raw) if raw.startswith(ZIP) else _of_csv(name, raw)
    if len(table.rows) > ROWS_MAX:
        raise FileUnreadable(f"{name} has {len(table.rows)} rows; {ROWS_MAX} are the most")
    if not table.rows:
        raise FileUnreadable(f"{name} has a heading but no rows")
    return table


def _of_csv(name: object, raw: bytes) -> Table:
    sheet = rows_of_csv(name, raw)
    if sheet.broken:
        number, why = sheet.broken[0]
        raise FileUnreadable(f"{name}, row {number}: {why}")
    rows = ((number, {column: _plain(cell) for column, cell in row.items()}) for number, row in sheet.rows)
    return Table(tuple(sheet.columns), tuple(rows))


def _of_workbook(name: object, raw: bytes) -> Table:
    """A workbook is a packed folder of files that are read as they are come to: any of them may be broken."""
    from openpyxl import load_workbook  # imported where it is wanted only: it is long in loading
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _require_small_when_unpacked(name, raw)
        workbook: Any = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        try:
            cells = workbook.worksheets[0].iter_rows(values_only=True, max_row=ROWS_MAX + 2, max_col=COLUMNS_MAX)
            heading = [_text(value) for value in next(cells, ())]
            return _numbered(name, heading, cells)
        finally:
            workbook.close()
    except (InvalidFileException, *_BROKEN) as trouble:
        raise FileUnreadable(f"{name} is no XLSX workbook that can be read; save it as XLSX or CSV") from trouble


def _require_small_when_unpacked(name: object, raw: bytes) -> None:
    """A workbook is a zip file: what looks small may unpack to fill the memory."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        if sum(part.file_size for part in packed.infolist()) > UNPACKED_BYTES_MAX:
            raise FileUnreadable(f"{name} unpacks to more than {UNPACKED_BYTES_MAX // 1_000_000} MB")


def _numbered(name: object, heading: list[str], cells: Iterable[Sequence[Any]]) -> Table:
    named = [column for column in heading if column]
    if not named:
        raise FileUnreadable(f"{name} is empty: the first line must name the columns")
    if len(set(named)) != len(named):
        raise FileUnreadable(f"{name} names a column twice: {', '.join(named)}")
    rows: list[NumberedRow] = []
    for number, values in enumerate(cells, start=2):
        texts = zip(heading, (_text(value) for value in values), strict=False)
        row = {column: text for column, text in texts if column}
        if any(row.values()):
            rows.append((number, row))
    return Table(tuple(named), tuple(rows))


def _text(value: Any) -> str:
    """As a person would have typed it: spreadsheets turn dates, times and numbers into their own kinds."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _plain(str(value).strip())


def _plain(cell: str) -> str:
    """Without the mark that keeps a spreadsheet from reckoning."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_MARKS) else cell


def csv_file(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, as spreadsheets want it. What would be reckoned as a formula is marked as a text."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([f"'{cell}" if cell.startswith(FORMULA_MARKS) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_file(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Every cell is a text: nothing in it is reckoned."""
    from openpyxl import Workbook  # see above

    workbook: Any = Workbook()
    sheet = workbook.active
    for number, row in enumerate([columns, *rows], start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(row=number, column=place)
            cell.value = value
            cell.data_type = "s"
    sheet.freeze_panes = "A2"
    packed = io.BytesIO()
    workbook.save(packed)
    return packed.getvalue()
