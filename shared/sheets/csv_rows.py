"""Rows of a CSV file as platforms and offices write them: UTF-8 with or without mark, or GBK."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field

csv.field_size_limit(1_000_000)

NumberedRow = tuple[int, dict[str, str]]


class FileUnreadable(Exception):
    """The file cannot be taken as a whole; says why and what to do."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows are numbered as a spreadsheet does: the header is 1, a cell of several lines is still one row."""

    columns: list[str]
    rows: list[NumberedRow] = field(repr=False)  # persons' words: no error and no trace may show them
    """Values by column; a row that ends early has "" in the columns it lacks."""
    broken: list[tuple[int, str]]
    """Rows that do not fit the header, and why: to be reported, never to be cut to size."""
    encoding: str

    @property
    def total(self) -> int:
        return len(self.rows) + len(self.broken)


def rows_of_csv(path: object, raw: bytes) -> Rows:
    """`path` is what the file is called, for words. Raises FileUnreadable where the columns cannot be told for sure."""
    text, encoding = _decode(path, raw)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        columns = _columns(path, next(reader, list[str]()))
        rows, broken = _fit(columns, enumerate(reader, start=2))
    except csv.Error as trouble:
        raise FileUnreadable(
            f"{path}, near line {reader.line_num}: {trouble}. A quotation mark is missing or too many there;"
            " inside a quoted cell it is written twice"
        ) from trouble
    return Rows([name for name in columns if name], rows, broken, encoding)


def _decode(path: object, raw: bytes) -> tuple[str, str]:
    if b"\x00" in raw:
        raise FileUnreadable(f"{path} is not a CSV text file; save it as CSV (UTF-8) and try again")
    for encoding, name in (("utf-8-sig", "utf-8"), ("gb18030", "GBK (GB18030)")):
        try:
            return raw.decode(encoding), name
        except UnicodeDecodeError:
            continue
    raise FileUnreadable(f"{path} is neither UTF-8 nor GBK; save it as CSV (UTF-8) and try again")


def _columns(path: object, header: list[str]) -> list[str]:
    """Spreadsheets add columns without a name; nobody can mean those, so they are left out."""
    columns = [name.strip() for name in header]
    named = [name for name in columns if name]
    if not named:
        raise FileUnreadable(f"{path} is empty: the first line must name the columns")
    if len(set(named)) != len(named):
        raise FileUnreadable(f"{path} names a column twice: {', '.join(named)}")
    return columns


def _fit(
    columns: list[str], numbered: Iterable[tuple[int, list[str]]]
) -> tuple[list[NumberedRow], list[tuple[int, str]]]:
    rows: list[NumberedRow] = []
    broken: list[tuple[int, str]] = []
    for number, raw in numbered:
        cells = [cell.strip() for cell in raw]
        if any(cells[len(columns) :]):
            has = f"the row has {len(cells)} cells for {len(columns)} columns"
            broken.append((number, f"{has}; a cell with a comma in it must stand in quotation marks"))
        elif any(cells):
            cells += [""] * (len(columns) - len(cells))
            rows.append((number, {name: cell for name, cell in zip(columns, cells, strict=False) if name}))
    return rows, broken
