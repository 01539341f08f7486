"""What a sheet or a file would change of the rosters that are stored, in words, before anything is changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.centre.pack import CentrePack
from shared.duty import Override, Roster, Rotation
from shared.errors import Refused
from shared.rosters.posts import checked_override, checked_roster, override_words
from shared.rosters.rows import RowFault, Sheet, SheetFaulty


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done. `words` says it line by line; `left` counts what is there already."""

    rosters: tuple[Roster, ...]
    overrides: tuple[tuple[int, str, Override], ...]
    words: tuple[str, ...]
    left: int


def plan_of(sheet: Sheet, stored: Sequence[Roster], pack: CentrePack, *, now: datetime) -> Plan:
    """Raises SheetFaulty for a row with a post the pack does not know, or an override of no roster."""
    known = {roster.code: roster for roster in stored}
    faults: list[RowFault] = []
    complete = {roster.code: _checked(pack, roster, sheet, faults) for roster in sheet.rosters}
    overrides = [_checked_row(pack, row, known | complete, faults) for row in sheet.overrides]
    if faults:
        raise SheetFaulty(faults)
    zone = pack.timezone
    changes = {code: list(roster_changes(known.get(code), roster)) for code, roster in complete.items()}
    fresh = [row for row in overrides if row is not None and not _is_there(row, known, now)]
    words = [f"{code}: {change}" for code, lines in changes.items() for change in lines]
    words += [f"{code}: new override (row {number}): {override_words(each, zone)}" for number, code, each in fresh]
    changed = tuple(complete[code] for code, lines in changes.items() if lines)
    left = len(complete) - len(changed) + len(overrides) - len(fresh)
    return Plan(changed, tuple(fresh), tuple(words), left)


def roster_changes(before: Roster | None, after: Roster) -> Iterator[str]:
    """The differences in words; none for the same roster. Overrides are not looked at."""
    if before is None:
        yield f"new roster ({after.kind}, {after.title}) with {len(after.rotations)} rotation(s)"
        return
    yield from _field_changes(before, after, but={"rotations", "overrides"})
    old, new = ({each.id: each for each in roster.rotations} for roster in (before, after))
    for name in old.keys() - new.keys():
        yield f"rotation {name} ends"
    for name, rotation in new.items():
        if name not in old:
            yield f"new rotation {name}: {_members(rotation)}"
        else:
            yield from (f"rotation {name}, {words}" for words in _rotation_changes(old[name], rotation))
    if not (old.keys() ^ new.keys()) and list(old) != list(new):
        yield "the rotations stand in another order"


def _rotation_changes(before: Rotation, after: Rotation) -> Iterator[str]:
    if before.members != after.members:
        yield f"members: {_members(before)} -> {_members(after)}"
    yield from _field_changes(before, after, but={"members"})


def _field_changes(before: Any, after: Any, *, but: set[str]) -> Iterator[str]:
    old, new = (each.model_dump(mode="json", exclude=but) for each in (before, after))
    for name in new:
        if old[name] != new[name]:
            yield f"{name}: {old[name]} -> {new[name]}"


def _members(rotation: Rotation) -> str:
    return ", ".join(member.staff for member in rotation.members)


def _checked(pack: CentrePack, roster: Roster, sheet: Sheet, faults: list[RowFault]) -> Roster:
    """With units filled in; each row with a post that does not fit is a fault of its own."""
    for rotation in roster.rotations:
        for member, row in zip(rotation.members, sheet.rows[roster.code, rotation.id], strict=True):
            alone = rotation.model_copy(update={"members": (member,)})
            try:
                checked_roster(pack, roster.model_copy(update={"rotations": (alone,)}))
            except Refused as refusal:
                faults.append(RowFault(row, refusal.message.partition(": ")[2] or refusal.message))
    return roster if faults else checked_roster(pack, roster)


def _checked_row(
    pack: CentrePack, row: tuple[int, str, Override], rosters: Mapping[str, Roster], faults: list[RowFault]
) -> tuple[int, str, Override] | None:
    number, code, override = row
    if code not in rosters:
        faults.append(RowFault(number, f"there is no roster {code!r} to override, neither stored nor in this sheet"))
        return None
    try:
        return number, code, checked_override(pack, rosters[code], override)
    except Refused as refusal:
        faults.append(RowFault(number, refusal.message))
        return None


def _is_there(row: tuple[int, str, Override], known: Mapping[str, Roster], now: datetime) -> bool:
    """Made already, or over: what was is not changed by a sheet."""
    _, code, override = row
    stored = known[code].overrides if code in known else ()
    return override.ends_at <= now or any(_same(override, each) for each in stored)


def _same(told: Override, kept: Override) -> bool:
    """An override told late began when it was made."""
    begins = told.starts_at if kept.made_at is None else max(told.starts_at, kept.made_at)
    same = all(
        getattr(told, name) == getattr(kept, name) for name in ("action", "staff", "instead_of", "shift", "ends_at")
    )
    return same and begins == kept.starts_at
