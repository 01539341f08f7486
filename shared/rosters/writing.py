"""Rosters written as a table that can be read again."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.duty import Override, Roster, Rotation
from shared.rosters.columns import COLUMNS, ROSTER, ROTATION

WEEKDAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def table_of_rosters(rosters: Sequence[Roster], *, now: datetime) -> list[list[str]]:
    """Below the heading `COLUMNS`: rotations, and overrides that are not over."""
    rows = [row for roster in rosters for row in _rows(roster, now)]
    return [[row.get(column, "") for column in COLUMNS] for row in rows]


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
