"""Checks of codes and names: each means exactly one thing, and no post gives a private contact."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from shared.centre.errors import Fault
from shared.centre.locations import Locations, PackPath
from shared.centre.nouns import TERRITORY, Category, Place, Unit
from shared.centre.pack import CentrePack

CATEGORY_DEPTH_MAX = 3
# Sections whose codes share one name space, with the field that holds the code.
CODED_SECTIONS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("townships", "grids"), "code"),
    (("units",), "code"),
    (("windows",), "code"),
    (("categories",), "code"),
    (("flags",), "code"),
    (("rules",), "id"),
    (("response_plans",), "id"),
    (("limits",), "id"),
    (("ladders",), "id"),
)
_PLACEHOLDER = re.compile(r"[a-z0-9._-]+@example\.invalid")


def double_codes(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """No two of a kind, and no two posts, under one code."""
    sections = {section for group, _ in CODED_SECTIONS for section in group}
    yield from double_codes_in(pack.model_dump(include=sections), where)
    posts = (((*path, "code"), code) for path, code, _ in _posts(pack))
    yield from _doubles(posts, where, "post code")


def double_codes_in(content: Mapping[str, Any], where: Locations) -> Iterator[Fault]:
    """The same over plain data, so that it can be said even of a pack that does not fit the schema."""
    for sections, field in CODED_SECTIONS:
        coded = (
            ((section, index, field), row[field])
            for section in sections
            for index, row in _rows(content.get(section))
            if isinstance(row.get(field), str)
        )
        yield from _doubles(coded, where, field)


def ambiguous_names(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """A name or alias leads to one place, one category, one unit: what is found by name is never a guess."""
    for section, nouns in (("townships", pack.townships), ("grids", pack.grids)):
        yield from _foreign_names(section, nouns, pack.places, where)
    yield from _foreign_names("categories", pack.categories, pack.categories, where)
    yield from _foreign_names("units", pack.units, pack.units, where)


def broken_categories(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """The dotted code and the parent say the same, at most three levels deep."""
    for index, category in enumerate(pack.categories):
        parts = category.code.split(".")
        parent = ".".join(parts[:-1]) or None
        if len(parts) > CATEGORY_DEPTH_MAX:
            what = f"category '{category.code}' is {len(parts)} levels deep"
            yield where.fault("categories", index, what=what, advice=f"Use at most {CATEGORY_DEPTH_MAX} levels")
        if category.parent != parent:
            what = f"category '{category.code}' names the parent '{category.parent}', its code says '{parent}'"
            advice = "Make the code begin with the parent's code and one more part"
            yield where.fault("categories", index, "parent", what=what, advice=advice)


def private_contacts(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """A pack names posts only; the address or number behind a post is never written into it."""
    posts = {code for _, code, _ in _posts(pack)}
    for path, code, contact in _posts(pack):
        if not _PLACEHOLDER.fullmatch(contact) and contact.removeprefix("post:") not in posts:
            what = f"the contact of the post '{code}' is neither a placeholder nor another post"
            advice = "Write name@example.invalid or post:<code of a post>; real addresses never belong in a pack"
            yield where.fault(*path, "contact", what=what, advice=advice)


def _posts(pack: CentrePack) -> Iterator[tuple[PackPath, str, str]]:
    for index, unit in enumerate(pack.units):
        for duty, post in (("liaison", unit.liaison), ("lead", unit.lead)):
            yield ("units", index, duty), post.code, post.contact


def _rows(section: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    rows = cast("list[Any]", section) if isinstance(section, list | tuple) else []
    return ((index, cast("dict[str, Any]", row)) for index, row in enumerate(rows) if isinstance(row, dict))


def _doubles(coded: Iterable[tuple[PackPath, str]], where: Locations, field: str) -> Iterator[Fault]:
    first: dict[str, PackPath] = {}
    for path, code in coded:
        if code in first:
            file, line = where.of(*first[code])
            what = f"the {field} '{code}' is used twice, first in {file}:{line}"
            yield where.fault(*path, what=what, advice="Give one of the two another code")
        first.setdefault(code, path)
    if TERRITORY in first and first[TERRITORY][0] == "units":
        what = f"'{TERRITORY}' cannot be a unit's code: in a rule it means the township unit of the place"
        yield where.fault(*first[TERRITORY], what=what, advice="Choose another code")


Named = Place | Category | Unit


def _foreign_names(
    section: str, nouns: Iterable[Named], everyone: Iterable[Named], where: Locations
) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for noun in everyone:
        for name in _names(noun):
            owners.setdefault(name, noun.code)
    for index, noun in enumerate(nouns):
        for name in sorted({name for name in _names(noun) if owners[name] != noun.code}):
            what = f"the name '{name}' of '{noun.code}' already belongs to '{owners[name]}'"
            yield where.fault(section, index, what=what, advice="Choose a name or alias that only one of them has")


def _names(noun: Named) -> tuple[str, ...]:
    return tuple(name.casefold() for name in (noun.code, noun.name, *noun.aliases))
