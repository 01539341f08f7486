"""Edits of a pack that is being written: plain data in, another one out; nothing of the one before is changed. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.console.errors import EntryKeyTaken
from shared.centre.changes import ALONE, Change, pack_changes
from shared.centre.sections import BY_NAME, Content, Entry, Section, key_of, keyed
from shared.errors import not_found

Sheet = dict[str, Any]
NEW = "new"


def put(content: Content, section: Section, key: str, entry: Entry) -> Sheet:
    """In the place of the entry of that key; a new one (`NEW`) at the end. Refused where its own key is taken."""
    rows = keyed(content, section)
    own = key_of(entry, section)
    if own != key and own in rows and section.key != "from_":
        raise EntryKeyTaken(f"another entry is called {own} already", field=section.key)
    if key == NEW:
        return replaced(content, section, [*rows.values(), entry])
    if key not in rows:
        raise not_found(section.name, key)
    return replaced(content, section, [entry if name == key else row for name, row in rows.items()])


def removed(content: Content, section: Section, key: str) -> Sheet:
    rows = keyed(content, section)
    if key not in rows:
        raise not_found(section.name, key)
    return replaced(content, section, [row for name, row in rows.items() if name != key])


def moved(content: Content, section: Section, key: str, by: int) -> Sheet:
    """One place up (-1) or down (+1); at the end of the list it stays."""
    rows = keyed(content, section)
    if key not in rows:
        raise not_found(section.name, key)
    order = list(rows)
    here = order.index(key)
    there = min(max(here + by, 0), len(order) - 1)
    order.insert(there, order.pop(here))
    return replaced(content, section, [rows[name] for name in order])


def replaced(content: Content, section: Section, entries: Sequence[Entry]) -> Sheet:
    return {**content, section.name: list(entries)}


def rebased(before: Content, sheet: Content, current: Content) -> tuple[Sheet, tuple[Change, ...]]:
    """The sheet's own changes made to the pack that is in force now; and those where both changed the same entry.

    Of such an entry the sheet's own is kept: it is shown, and whoever sends it has seen it.
    """
    theirs = {(change.section, change.key) for change in pack_changes(before, current)}
    own = pack_changes(before, sheet)
    made: Sheet = dict(current)
    for change in own:
        made = _made(made, sheet, change)
    return made, tuple(change for change in own if (change.section, change.key) in theirs)


def _made(content: Sheet, sheet: Content, change: Change) -> Sheet:
    section = BY_NAME.get(change.section)
    if section is None:
        return {**content, change.section: sheet.get(change.section)}
    if change.kind == "order":
        return replaced(content, section, _in_order_of(keyed(content, section), keyed(sheet, section)))
    rows = keyed(content, section)
    if change.kind == "removed":
        return replaced(content, section, [row for key, row in rows.items() if key != change.key])
    if change.key in rows:
        return put(content, section, change.key, change.after)
    return replaced(content, section, [*rows.values(), change.after])


def _in_order_of(rows: Mapping[str, Entry], wanted: Mapping[str, Entry]) -> list[Entry]:
    """What the sheet does not know keeps its place behind."""
    places = {key: place for place, key in enumerate(wanted)}
    return [rows[key] for key in sorted(rows, key=lambda key: places.get(key, len(places)))]


__all__ = ["ALONE", "NEW", "Sheet", "moved", "put", "rebased", "removed", "replaced"]
