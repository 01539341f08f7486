"""Reads a CSV file from its place, as platforms write them."""

from pathlib import Path

from shared.sheets.csv_rows import FileUnreadable, NumberedRow, Rows, rows_of_csv

__all__ = ["FILE_BYTES_MAX", "FileUnreadable", "NumberedRow", "Rows", "read_rows"]

FILE_BYTES_MAX = 200_000_000


def read_rows(path: Path) -> Rows:
    """Raises FileUnreadable where not even the columns can be told for certain."""
    return rows_of_csv(path, _read(path))


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise FileUnreadable(f"{path} is larger than {FILE_BYTES_MAX // 1_000_000} MB: split it")
        return path.read_bytes()
    except OSError as trouble:
        raise FileUnreadable(f"cannot read {path}: {trouble.strerror}") from trouble
