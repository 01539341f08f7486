"""What differs between two packs, entry by entry: plain data, so that a pack with faults can be compared, too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from shared.centre.sections import BY_NAME, LISTS, Content, Section, keyed

Kind = Literal["added", "changed", "removed", "order"]
ALONE = "-"
"""The key of a part that is one value: the office hours, the triage."""


@dataclass(frozen=True, slots=True)
class Change:
    """`fields`: which of its fields are other than before, of a changed entry."""

    section: str
    key: str
    kind: Kind
    before: Any = None
    after: Any = None
    fields: tuple[str, ...] = ()


def pack_changes(before: Content, after: Content) -> tuple[Change, ...]:
    """In the order of the parts; none for packs that say the same."""
    lists = [change for section in LISTS for change in _of_list(section, before, after)]
    others = sorted((before.keys() | after.keys()) - BY_NAME.keys())
    alone = [
        Change(name, ALONE, "changed", before.get(name), after.get(name))
        for name in others
        if before.get(name) != after.get(name)
    ]
    return (*lists, *alone)


def _of_list(section: Section, before: Content, after: Content) -> Iterator[Change]:
    old, new = keyed(before, section), keyed(after, section)
    for key, entry in new.items():
        if key not in old:
            yield Change(section.name, key, "added", None, entry)
        elif old[key] != entry:
            yield Change(section.name, key, "changed", old[key], entry, _fields(old[key], entry))
    yield from (Change(section.name, key, "removed", entry) for key, entry in old.items() if key not in new)
    if section.ordered and [key for key in old if key in new] != [key for key in new if key in old]:
        yield Change(section.name, ALONE, "order")


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    names = dict.fromkeys((*after, *before))
    return tuple(name for name in names if before.get(name) != after.get(name))
