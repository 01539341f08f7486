"""Check that whatever a pack names by its code exists in the pack."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from difflib import get_close_matches

from shared.centre.errors import Fault
from shared.centre.locations import Locations
from shared.centre.nouns import EVERY, TERRITORY
from shared.centre.pack import CentrePack


@dataclass(frozen=True, slots=True)
class Register:
    """The known codes of one kind, and the file where one more would be added."""

    kind: str
    codes: Set[str]
    file: str

    def missing(self, code: str, where: Locations, *path: str | int) -> Iterator[Fault]:
        """A fault at `path` if the code is not in the register, with the nearest known one as a hint."""
        if code in self.codes:
            return
        near = get_close_matches(code, self.codes, n=1)
        hint = f"Did you mean '{near[0]}'? Otherwise add" if near else "Correct the code, or add"
        yield where.fault(*path, what=f"the {self.kind} '{code}' is not known", advice=f"{hint} it to {self.file}")


def unknown_references(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """Units, categories, places and flags named anywhere in the pack exist in it."""
    yield from _unknown_units(pack, where)
    yield from _unknown_places(pack, where)
    yield from _unknown_categories(pack, where)
    yield from _unknown_flags(pack, where)


def _unknown_units(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    units = Register("unit", {unit.code for unit in pack.units}, "units.yaml")
    answering = Register("unit", units.codes | {TERRITORY}, "units.yaml")
    for index, code in enumerate(pack.directors):
        yield from units.missing(code, where, "directors", index)
    for index, window in enumerate(pack.windows):
        yield from units.missing(window.unit, where, "windows", index, "unit")
    for index, rule in enumerate(pack.rules):
        yield from answering.missing(rule.unit, where, "rules", index, "unit")
        for nth, code in enumerate(rule.supporters):
            yield from answering.missing(code, where, "rules", index, "supporters", nth)
    for index, fallback in enumerate(pack.fallbacks):
        yield from answering.missing(fallback.unit, where, "fallbacks", index, "unit")
    yield from units.missing(pack.triage.unit, where, "triage", "unit")
    for index, plan in enumerate(pack.response_plans):
        for nth, code in enumerate(plan.units):
            yield from units.missing(code, where, "response_plans", index, "units", nth)


def _unknown_places(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    townships = Register("township", {township.code for township in pack.townships}, "places.yaml")
    places = Register("place", {place.code for place in pack.places} | {EVERY}, "places.yaml")
    for index, grid in enumerate(pack.grids):
        yield from townships.missing(grid.township, where, "grids", index, "township")
    for index, unit in enumerate(pack.units):
        if unit.territory is not None:
            yield from townships.missing(unit.territory, where, "units", index, "territory")
    for section, rows in (("rules", pack.rules), ("fallbacks", pack.fallbacks)):
        for index, row in enumerate(rows):
            for nth, code in enumerate(row.places):
                yield from places.missing(code, where, section, index, "places", nth)


def _unknown_categories(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    exact = Register("category", {category.code for category in pack.categories}, "categories.yaml")
    or_every = Register("category", exact.codes | {EVERY}, "categories.yaml")
    for index, category in enumerate(pack.categories):
        if category.parent is not None:
            yield from exact.missing(category.parent, where, "categories", index, "parent")
    for section, rows in (("rules", pack.rules), ("response_plans", pack.response_plans)):
        for index, row in enumerate(rows):
            for nth, code in enumerate(row.categories):
                yield from or_every.missing(code, where, section, index, "categories", nth)
    for index, limit in enumerate(pack.limits):
        for nth, code in enumerate(limit.categories):
            yield from exact.missing(code, where, "limits", index, "categories", nth)
    for index, follow_up in enumerate(pack.closed_loop.follow_ups):
        for nth, code in enumerate(follow_up.categories):
            yield from exact.missing(code, where, "closed_loop", "follow_ups", index, "categories", nth)


def _unknown_flags(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    flags = Register("flag", {flag.code for flag in pack.flags}, "categories.yaml")
    for index, rule in enumerate(pack.rules):
        for nth, code in enumerate(rule.flags):
            yield from flags.missing(code, where, "rules", index, "flags", nth)
