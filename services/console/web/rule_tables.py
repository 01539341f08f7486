"""A pack as readable tables: columns in the trade's words, whether it is proved or still being written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from services.console.web.rule_words import choice_table
from shared.centre.changes import ALONE, Change
from shared.centre.sections import BY_NAME, Content, Entry, Section, keyed
from shared.centre.yaml_source import written

TABS: Mapping[str, tuple[str, ...]] = {
    "units": ("units", "windows", "directors"),
    "places": ("townships", "grids"),
    "categories": ("categories", "flags"),
    "limits": ("limits", "ladders"),
    "rules": ("rules", "fallbacks", "triage", "response_plans"),
    "calendar": ("holiday_years", "closures", "openings", "holidays", "extra_workdays", "office_hours"),
    "others": ("title", "handing", "deferrals", "duplicates", "accountability", "closed_loop", "modes"),
}
# What each table shows: a field, or several that belong together under the first one's heading.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "units": ("name", "short", "kind", "presence", "territory", "liaison.title", "lead.title", "aliases"),
    "windows": ("name", "kind", "unit"),
    "townships": ("name", "code", "aliases"),
    "grids": ("name", "kind", "township", "aliases"),
    "categories": ("name", "code", "parent", "aliases", "keywords"),
    "flags": ("name", "code"),
    "limits": ("stage", "categories", "levels", "modes", "amount", "statutory", "warn_percent", "source", "note"),
    "ladders": ("id", "stages", "modes", "steps"),
    "rules": ("id", "categories", "places", "levels", "unit", "supporters", "source"),
    "fallbacks": ("places", "unit", "reason"),
    "response_plans": ("id", "categories", "level", "units", "why"),
    "holiday_years": ("year", "notice", "days_off", "workdays"),
    "closures": ("from_", "to", "townships", "reason"),
    "openings": ("from_", "to", "townships", "reason"),
}
CONDITIONS = ("levels", "sources", "flags", "modes", "days", "valid_from", "valid_until")
NOTHING = "—"
SHOWN_MAX = 12
BETWEEN = "、"
Word = Callable[[str, str], str]
"""Code and table -> the word in the reader's language."""


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    cells: tuple[str, ...]
    changed: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the pack: a table of entries, or (`text`) one value as it is written."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    text: str | None = None
    changed: bool = False
    ordered: bool = False


NAMING = ("units", "townships", "grids", "categories", "flags")


def _names(content: Content, section: Section) -> dict[str, str]:
    return {str(entry.get("code")): str(entry.get("name", "")) for entry in keyed(content, section).values()}


class Teller:
    """Says what stands in an entry by the names of its own pack."""

    def __init__(self, content: Content, word: Word) -> None:
        self._word = word
        self._names = {name: _names(content, BY_NAME[name]) for name in NAMING}

    def entry(self, section: str, entry: Mapping[str, Any]) -> str:
        """What an entry is called: its name where it has one, else what it is known by."""
        if section == "limits":
            told = (
                self.value(section, field, entry.get(field)) for field in ("stage", "categories", "levels", "modes")
            )
            return " ".join(each for each in told if each != NOTHING)
        return str(entry.get("name") or entry.get("notice") or self.cell(section, BY_NAME[section].key, entry))

    def cell(self, section: str, field: str, entry: Mapping[str, Any]) -> str:
        if (section, field) == ("limits", "amount"):
            return f"{entry.get('amount')} {self._word(str(entry.get('unit')), 'TIME_UNITS')}"
        if (section, field) == ("rules", "levels"):
            return self._conditions(entry)
        value: Any = entry
        for part in field.split("."):
            value = cast("Mapping[str, Any]", value).get(part) if isinstance(value, Mapping) else None
        return self.value(section, field, value)

    def value(self, section: str, field: str, value: Any) -> str:
        if value is None or value == "" or value == [] or value == {} or value is False:
            return NOTHING
        if value is True:
            return self._word("yes", "YES_NO")
        if isinstance(value, list | tuple):
            return self._several(section, field, list(cast("list[Any]", value)))
        if isinstance(value, Mapping):
            told = cast("Mapping[str, Any]", value)
            return " ".join(
                self.value(section, name, each) for name, each in told.items() if each not in (None, [], "")
            )
        return self._one(section, field, str(value))

    def _several(self, section: str, field: str, values: list[Any]) -> str:
        told = [self.value(section, field, each) for each in values[:SHOWN_MAX]]
        more = f" … {len(values)}" if len(values) > SHOWN_MAX else ""
        return BETWEEN.join(told) + more

    def _one(self, section: str, field: str, code: str) -> str:
        table = choice_table(section, field)
        if table is not None:
            return self._word(code, table)
        last = field.rpartition(".")[2]
        if code in ("*", "territory") and last in {"unit", "units", "supporters", "places", "categories"}:
            return self._word(code, "ANYWHERE")
        for part in NAMED.get(last, ()):
            if code in self._names[part]:
                return self._names[part][code]
        return code[:-3] if last in {"opens", "closes"} and code.endswith(":00") else code

    def _conditions(self, entry: Mapping[str, Any]) -> str:
        """When a rule holds; one that always does says nothing."""
        told = (
            self.value("rules", name, entry.get(name)) for name in CONDITIONS if entry.get(name) not in (None, "all")
        )
        hours = f"{entry['opens'][:5]}–{entry['closes'][:5]}" if entry.get("opens") and entry.get("closes") else NOTHING
        return " · ".join(each for each in (*told, hours) if each != NOTHING) or NOTHING


NAMED: Mapping[str, tuple[str, ...]] = {
    "unit": ("units",),
    "units": ("units",),
    "supporters": ("units",),
    "directors": ("units",),
    "categories": ("categories",),
    "parent": ("categories",),
    "places": ("townships", "grids"),
    "township": ("townships",),
    "townships": ("townships",),
    "territory": ("townships",),
    "flags": ("flags",),
}


def parts_of(tab: str, content: Content, teller: Teller, changes: tuple[Change, ...] = ()) -> list[Part]:
    """With `changes`, each changed row says how it was changed; what was removed is not in the table any more."""
    kinds = {(change.section, change.key): change.kind for change in changes}
    return [_part(name, content, teller, kinds) for name in TABS[tab]]


def _part(name: str, content: Content, teller: Teller, kinds: Mapping[tuple[str, str], str]) -> Part:
    section = BY_NAME.get(name)
    if section is None:
        value = content.get(name)
        changed = (name, ALONE) in kinds
        return Part(name, (), (), text=alone_text(value), changed=changed)
    rows = tuple(_rows(section, content, teller, kinds))
    return Part(name, COLUMNS[name], rows, changed=(name, ALONE) in kinds, ordered=section.ordered)


def _rows(section: Section, content: Content, teller: Teller, kinds: Mapping[tuple[str, str], str]) -> Iterator[Row]:
    for key, entry in keyed(content, section).items():
        cells = tuple(teller.cell(section.name, column, entry) for column in COLUMNS[section.name])
        yield Row(key, cells, kinds.get((section.name, key)))


def alone_text(value: Any) -> str:
    """One value as it is written and edited: YAML, a text as it stands."""
    return value if isinstance(value, str) else written(value).rstrip("\n")


@dataclass(frozen=True, slots=True)
class Told:
    """One change in words: what it is of, and field by field what was and what becomes."""

    section: str
    key: str
    kind: str
    name: str
    fields: tuple[tuple[str, str, str], ...]


def told_changes(changes: tuple[Change, ...], before: Teller, after: Teller) -> list[Told]:
    return [_told(change, before, after) for change in changes]


def _told(change: Change, before: Teller, after: Teller) -> Told:
    if change.section not in BY_NAME:
        was, becomes = alone_text(change.before), alone_text(change.after)
        return Told(change.section, change.key, change.kind, "", (("", was, becomes),))
    entry: Entry = change.after or change.before or {}
    name = after.entry(change.section, entry) if entry else ""
    fields = tuple(
        (
            field,
            before.value(change.section, field, change.before.get(field)),
            after.value(change.section, field, change.after.get(field)),
        )
        for field in change.fields
    )
    return Told(change.section, change.key, change.kind, name, fields)
