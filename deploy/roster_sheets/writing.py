"""Rosters written as a sheet that can be read again: CSV, or XLSX by the ending of its name."""
# pyright: reportMissingModuleSource=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# (openpyxl has no types)

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from deploy.roster_sheets.columns import COLUMNS, ROSTER, ROTATION
from shared.duty import Override, Roster, Rotation

WEEKDAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def write_sheet(path: Path, rosters: Sequence[Roster], *, now: datetime) -> int:
    """Rotations, and overrides that are not over. Tells how many rows it wrote."""
    rows = [row for roster in rosters for row in _rows(roster, now)]
    table = [[row.get(column, "") for column in COLUMNS] for row in rows]
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        workbook: Any = Workbook()
        for line in [list(COLUMNS), *table]:
            workbook.active.append(line)
        workbook.save(path)
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([list(COLUMNS), *table])
    return len(rows)


def _rows(roster: Roster, now: datetime) -> Iterator[dict[str, str]]:
    head = {"roster": roster.code, **_facts(roster, ROSTER)}
    for rotation in roster.rotations:
        about = {"rotation": rotation.id, **_facts(rotation, ROTATION), "weekdays": _weekdays(rotation)}
        for member in rotation.members:
            yield {**head, **about, "staff": member.staff, "member_unit": member.unit or ""}
    for override in roster.overrides:
        if override.ends_at > now:
            yield {**head, **_override(override, ZoneInfo(roster.timezone))}


def _facts(thing: Roster | Rotation, columns: Any) -> dict[str, str]:
    dumped = thing.model_dump(mode="json")
    return {column: _cell(dumped[column]) for column in columns if column in dumped}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _weekdays(rotation: Rotation) -> str:
    return ",".join(WEEKDAY_NAMES[day] for day in rotation.weekdays)


def _override(override: Override, zone: ZoneInfo) -> dict[str, str]:
    return {
        "action": override.action,
        "shift": override.shift,
        "staff": override.staff,
        "member_unit": override.unit or "",
        "instead_of": override.instead_of or "",
        "starts_at": override.starts_at.astimezone(zone).isoformat(),
        "ends_at": override.ends_at.astimezone(zone).isoformat(),
        "reason": override.reason,
    }
