"""Reads a CSV file as platforms write them: UTF-8 with or without mark, or GBK."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

csv.field_size_limit(1_000_000)
FILE_BYTES_MAX = 200_000_000


class FileUnreadable(Exception):
    """The file cannot be taken as a whole; says why and what to do."""


@dataclass(frozen=True, slots=True)
class Rows:
    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]
    """Line number in the file (the header is 1) and values by column."""
    encoding: str


def read_rows(path: Path) -> Rows:
    try:
        raw = path.read_bytes()
    except OSError as trouble:
        raise FileUnreadable(f"cannot read {path}: {trouble.strerror}") from trouble
    if len(raw) > FILE_BYTES_MAX:
        raise FileUnreadable(f"{path} is larger than {FILE_BYTES_MAX // 1_000_000} MB: split it")
    text, encoding = _decode(path, raw)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [column.strip() for column in next(reader, list[str]())]
        if not any(header):
            raise FileUnreadable(f"{path} is empty: the first line must name the columns")
        if len(set(header)) != len(header):
            raise FileUnreadable(f"{path} names a column twice: {', '.join(header)}")
        rows = [
            (number, dict(zip(header, (cell.strip() for cell in cells), strict=False)))
            for number, cells in enumerate(reader, start=2)
            if any(cells)
        ]
    except csv.Error as trouble:
        raise FileUnreadable(f"{path}, near line {reader.line_num}: {trouble}") from trouble
    return Rows(header, rows, encoding)


def _decode(path: Path, raw: bytes) -> tuple[str, str]:
    if b"\x00" in raw[:4096]:
        raise FileUnreadable(f"{path} is not a CSV text file; save it as CSV (UTF-8) and try again")
    for encoding, name in (("utf-8-sig", "utf-8"), ("gb18030", "GBK (GB18030)")):
        try:
            return raw.decode(encoding), name
        except UnicodeDecodeError:
            continue
    raise FileUnreadable(f"{path} is neither UTF-8 nor GBK; save it as CSV (UTF-8) and try again")
