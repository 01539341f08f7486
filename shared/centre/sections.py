"""The parts of a centre pack that are lists of entries: by what an entry is known, and of which noun it is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel

from shared.centre import nouns
from shared.centre.office_days import HolidayYear, LocalDays

Content = Mapping[str, Any]
"""A whole pack as plain data, as `CentrePack.model_dump(mode="json")` gives it."""

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """`key` is the field an entry is known by; `ordered`: the order of the entries decides."""

    name: str
    noun: type[BaseModel]
    key: str
    ordered: bool = False


LISTS: tuple[Section, ...] = (
    Section("units", nouns.Unit, "code"),
    Section("windows", nouns.Window, "code"),
    Section("townships", nouns.Township, "code"),
    Section("grids", nouns.Grid, "code"),
    Section("categories", nouns.Category, "code"),
    Section("flags", nouns.Flag, "code"),
    Section("limits", nouns.Limit, "id"),
    Section("ladders", nouns.Ladder, "id"),
    Section("rules", nouns.Rule, "id", ordered=True),
    Section("fallbacks", nouns.Fallback, "places", ordered=True),
    Section("response_plans", nouns.ResponsePlan, "id"),
    Section("holiday_years", HolidayYear, "year"),
    Section("closures", LocalDays, "from_"),
    Section("openings", LocalDays, "from_"),
)
BY_NAME: Mapping[str, Section] = {section.name: section for section in LISTS}
FOUND_WHILE_READING = {"rules": ("line",)}


def entries(content: Content, section: Section) -> list[Entry]:
    """Without what only says where in a file they stood."""
    left_out = FOUND_WHILE_READING.get(section.name, ())
    found: Sequence[Mapping[str, Any]] = content.get(section.name) or ()
    return [{name: value for name, value in entry.items() if name not in left_out} for entry in found]


def keyed(content: Content, section: Section) -> dict[str, Entry]:
    """Key -> entry, in their order. Where a key stands twice (two closures of one day), the later ones are numbered."""
    seen: Counter[str] = Counter()
    found: dict[str, Entry] = {}
    for entry in entries(content, section):
        key = key_of(entry, section)
        seen[key] += 1
        found[key if seen[key] == 1 else f"{key}~{seen[key]}"] = entry
    return found


def key_of(entry: Mapping[str, Any], section: Section) -> str:
    value = entry.get(section.key, "")
    return ",".join(map(str, cast("list[Any]", value))) if isinstance(value, list | tuple) else str(value)
