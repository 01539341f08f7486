"""Roster sheets in their place on the disk: CSV, or XLSX by its content; written by the ending of the name."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from shared.duty import Roster
from shared.rosters.columns import COLUMNS
from shared.rosters.reading import FileUnreadable, NumberedRow, rows_of
from shared.rosters.writing import table_of_rosters
from shared.sheets.tables import FILE_BYTES_MAX, ZIP, csv_file, xlsx_file

WORKBOOKS = (".xlsx", ".xlsm")


def read_sheet(path: Path) -> list[NumberedRow]:
    """Raises FileUnreadable."""
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise FileUnreadable(f"{path} is larger than {FILE_BYTES_MAX // 1_000_000} MB")
        raw = path.read_bytes()
    except OSError as trouble:
        raise FileUnreadable(f"cannot read {path}: {trouble.strerror or trouble}") from trouble
    if path.suffix.lower() in WORKBOOKS and not raw.startswith(ZIP):
        raise FileUnreadable(f"{path} is no XLSX workbook that can be read; save it as XLSX or CSV")
    return rows_of(path, raw)


def write_sheet(path: Path, rosters: Sequence[Roster], *, now: datetime) -> int:
    """Tells how many rows it wrote."""
    table = table_of_rosters(rosters, now=now)
    write = xlsx_file if path.suffix.lower() in WORKBOOKS else csv_file
    path.write_bytes(write(tuple(COLUMNS), table))
    return len(table)
