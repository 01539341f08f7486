"""A sheet's rows as texts: CSV in UTF-8 or GBK, or the first sheet of an XLSX workbook."""
# pyright: reportMissingModuleSource=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# (openpyxl has no types)

import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from deploy.importer.reading import FileUnreadable, read_rows
from deploy.roster_sheets.columns import BY_HEADING

FILE_BYTES_MAX = 10_000_000
ROWS_MAX = 20_000
COLUMNS_MAX = 100

NumberedRow = tuple[int, dict[str, str]]


def read_sheet(path: Path) -> list[NumberedRow]:
    """Rows by column, numbered as a spreadsheet numbers them; empty cells left out. Raises FileUnreadable."""
    rows = _read_workbook(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _read_csv(path)
    if len(rows) > ROWS_MAX:
        raise FileUnreadable(f"{path} has {len(rows)} rows; {ROWS_MAX} are the most for rosters")
    if not rows:
        raise FileUnreadable(f"{path} has a heading but no rows")
    return rows


def _read_csv(path: Path) -> list[NumberedRow]:
    sheet = read_rows(path)
    if sheet.broken:
        number, why = sheet.broken[0]
        raise FileUnreadable(f"{path}, row {number}: {why}")
    columns = _columns(path, sheet.columns)
    return [(number, {columns[name]: cell for name, cell in row.items() if cell}) for number, row in sheet.rows]


def _read_workbook(path: Path) -> list[NumberedRow]:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise FileUnreadable(f"{path} is larger than {FILE_BYTES_MAX // 1_000_000} MB")
        workbook: Any = load_workbook(path, read_only=True, data_only=True)
    except OSError as trouble:
        raise FileUnreadable(f"cannot read {path}: {trouble.strerror or trouble}") from trouble
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as trouble:
        raise FileUnreadable(f"{path} is no XLSX workbook that can be read; save it as XLSX or CSV") from trouble
    try:
        sheet = workbook.worksheets[0]
        cells = sheet.iter_rows(values_only=True, max_row=ROWS_MAX + 2, max_col=COLUMNS_MAX)
        heading = [_text(value) for value in next(cells, ())]
        return _rows(path, heading, cells)
    finally:
        workbook.close()


def _rows(path: Path, heading: list[str], cells: Any) -> list[NumberedRow]:
    columns = _columns(path, [name for name in heading if name])
    rows: list[NumberedRow] = []
    for number, values in enumerate(cells, start=2):
        texts = zip(heading, (_text(value) for value in values), strict=False)
        row = {columns[name]: text for name, text in texts if name and text}
        if row:
            rows.append((number, row))
    return rows


def _columns(path: Path, heading: list[str]) -> dict[str, str]:
    unknown = [name for name in heading if name.strip().lower() not in BY_HEADING]
    if unknown or not heading:
        known = ", ".join(f"{column} ({word})" for word, column in BY_HEADING.items() if word != column)
        what = f"has no columns {', '.join(unknown)}" if unknown else "has no heading"
        raise FileUnreadable(f"{path}: a roster sheet {what}; it has {known}")
    columns = {name: BY_HEADING[name.strip().lower()] for name in heading}
    if len(set(columns.values())) != len(heading):
        raise FileUnreadable(f"{path} names a column twice: {', '.join(heading)}")
    return columns


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
    return str(value).strip()
