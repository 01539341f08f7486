"""From a sheet's rows to rosters and overrides; every fault with the number of its row and the rule it breaks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from shared.duty import Override, Roster, Rotation
from shared.rosters.columns import MEMBER, OVERRIDE, ROSTER, ROTATION, WEEKDAYS, plain_word
from shared.rosters.reading import NumberedRow


@dataclass(frozen=True, slots=True, order=True)
class RowFault:
    row: int
    rule: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.rule}"


class SheetFaulty(Exception):
    """Nothing of the sheet is taken. `faults` is never empty."""

    def __init__(self, faults: Sequence[RowFault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows` tells for each (roster, rotation) the rows of its members, in order."""

    rosters: tuple[Roster, ...]
    overrides: tuple[tuple[int, str, Override], ...]
    rows: Mapping[tuple[str, str], tuple[int, ...]]


@dataclass(slots=True)
class _Part:
    """A roster or a rotation as it is gathered row by row: what is said once holds for all its rows."""

    row: int
    facts: dict[str, str] = field(default_factory=dict[str, str])
    members: list[tuple[int, dict[str, str]]] = field(default_factory=list[tuple[int, dict[str, str]]])
    rotations: dict[str, "_Part"] = field(default_factory=dict[str, "_Part"])
    overrides: list[NumberedRow] = field(default_factory=list[NumberedRow])

    def take(self, number: int, row: Mapping[str, str], columns: Mapping[str, str]) -> RowFault | None:
        for column in columns:
            told = plain_word(column, row[column]) if column in row else None
            if told is not None and self.facts.setdefault(column, told) != told:
                first = self.facts[column]
                return RowFault(number, f"{column} says {told!r}, but {first!r} stands in row {self.row}")
        return None


def sheet_of(rows: Sequence[NumberedRow]) -> Sheet:
    """Raises SheetFaulty with every fault there is."""
    parts, faults = _gather(rows)
    rosters = [_roster(code, part, faults) for code, part in parts.items()]
    overrides = [
        (number, code, _override(number, row, part, faults))
        for code, part in parts.items()
        for number, row in part.overrides
    ]
    if faults:
        raise SheetFaulty(faults)
    members = {
        (code, name): tuple(number for number, _ in rotation.members)
        for code, part in parts.items()
        for name, rotation in part.rotations.items()
    }
    return Sheet(
        tuple(roster for roster in rosters if roster is not None),
        tuple((number, code, override) for number, code, override in overrides if override is not None),
        members,
    )


def _gather(rows: Sequence[NumberedRow]) -> tuple[dict[str, _Part], list[RowFault]]:
    parts: dict[str, _Part] = {}
    faults: list[RowFault | None] = []
    for number, row in rows:
        if "roster" not in row:
            faults.append(RowFault(number, "the column roster (排班) is empty: say which roster the row belongs to"))
            continue
        part = parts.setdefault(row["roster"], _Part(number))
        faults.append(part.take(number, row, ROSTER))
        if "action" in row:
            part.overrides.append((number, row))
        elif "rotation" in row and "staff" in row:
            rotation = part.rotations.setdefault(row["rotation"], _Part(number))
            faults.append(rotation.take(number, row, ROTATION))
            rotation.members.append((number, {column: row[column] for column in MEMBER if column in row}))
        else:
            missing = "staff (岗位)" if "rotation" in row else "rotation (轮次)"
            faults.append(
                RowFault(number, f"the column {missing} is empty; a row is a post in a rotation, or an action")
            )
    return parts, [fault for fault in faults if fault is not None]


def _roster(code: str, part: _Part, faults: list[RowFault]) -> Roster | None:
    """None for a roster that the sheet only overrides, or whose rows are at fault."""
    rotations = [_rotation(name, rotation, faults) for name, rotation in part.rotations.items()]
    if not part.rotations or None in rotations:
        return None
    facts = {name: told for name, told in part.facts.items() if name != "roster"}
    try:
        return Roster.model_validate({"code": code, **facts, "rotations": rotations})
    except ValidationError as misfit:
        faults.extend(RowFault(part.row, _rule(error)) for error in misfit.errors(include_url=False))
        return None


def _rotation(name: str, part: _Part, faults: list[RowFault]) -> Rotation | None:
    facts: dict[str, Any] = {column: told for column, told in part.facts.items() if column != "rotation"}
    members = [_member(row) for _, row in part.members]
    try:
        if "weekdays" in facts:
            facts["weekdays"] = weekday_numbers(facts["weekdays"])
        return Rotation.model_validate({"id": name, **facts, "members": members})
    except ValidationError as misfit:
        for error in misfit.errors(include_url=False):
            place = error["loc"][1] if len(error["loc"]) > 1 and error["loc"][0] == "members" else None
            row = part.members[place][0] if isinstance(place, int) else part.row
            faults.append(RowFault(row, _rule(error)))
    except ValueError as wrong:
        faults.append(RowFault(part.row, str(wrong)))
    return None


def _member(row: Mapping[str, str]) -> dict[str, str]:
    return {"staff": row["staff"]} | ({"unit": row["member_unit"]} if "member_unit" in row else {})


def _override(number: int, row: Mapping[str, str], part: _Part, faults: list[RowFault]) -> Override | None:
    told: dict[str, Any] = {column: plain_word(column, row[column]) for column in OVERRIDE if column in row}
    told |= {"shift": plain_word("shift", row["shift"])} if "shift" in row else {}
    told |= {"origin": "import"} | _member({"staff": "", **row})
    try:
        zone = ZoneInfo(part.facts.get("timezone", "Asia/Shanghai"))
        for column in ("starts_at", "ends_at"):
            if column in told:
                told[column] = local_instant(told[column], zone)
        return Override.model_validate(told)
    except ValidationError as misfit:
        faults.extend(RowFault(number, _rule(error)) for error in misfit.errors(include_url=False))
    except (ValueError, KeyError, OSError) as wrong:
        faults.append(RowFault(number, str(wrong)))
    return None


def _rule(error: Any) -> str:
    field_name = next((part for part in reversed(error["loc"]) if isinstance(part, str)), "")
    words = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "missing":
        return f"the column {field_name} is empty and has to be filled in"
    return f"{field_name}: {words}" if field_name else words


def weekday_numbers(cell: str) -> tuple[int, ...]:
    """`mon,wed` or `周一、周三` as numbers, Monday is 0. ValueError for a day nobody knows."""
    days = [each for each in re.split(r"[,，、;；\s]+", cell.strip().lower()) if each]
    unknown = [each for each in days if each not in WEEKDAYS]
    if unknown:
        raise ValueError(f"weekdays: {unknown[0]!r} is no weekday; write mon,wed or 周一、周三")
    return tuple(WEEKDAYS[each] for each in days)


def local_instant(text: str, zone: ZoneInfo) -> datetime:
    """`2026-12-01 09:00` in the given zone, or an instant with its own offset. ValueError for anything else."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text!r} is no date and time; write 2026-12-01 09:00") from None
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)
