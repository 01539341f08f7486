"""Checks of the duty table over the finite grid of category x place: nothing is unowned, no territory unmanned."""

from collections.abc import Iterator

from shared.centre.check_reach import some_of
from shared.centre.errors import Fault
from shared.centre.locations import Locations
from shared.centre.nouns import EVERY, TERRITORY, Place
from shared.centre.pack import CentrePack


def unowned_matters(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """Every leaf category has, at every place, a rule or a fallback named on purpose.

    Whatever the level, the source, the flags and the time: a rule with such a condition is not counted.
    """
    bare = [place for place in pack.places if not any(_covers(row.places, place) for row in pack.fallbacks)]
    for index, category in enumerate(pack.categories):
        if category not in pack.leaf_categories:
            continue
        rules = pack.rules_by_category[category.code]
        unowned = [place.code for place in bare if all(at.narrowed for at in rules.holding_at(place.chain))]
        if unowned:
            counts = "; rules with conditions do not count" if any(at.narrowed for at in rules.rules) else ""
            what = f"nobody owns the category '{category.code}' at {len(unowned)} places ({some_of(unowned)}){counts}"
            advice = "Add a rule, or a fallback for these places, to jurisdiction.yaml"
            yield where.fault("categories", index, what=what, advice=advice)


def missing_territories(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """Where a rule says `territory`, each township meant has exactly one unit that answers for it."""
    answering: dict[str, str] = {}
    for index, unit in enumerate(pack.units):
        if unit.territory is None and unit.kind == "township":
            what = f"the township unit '{unit.code}' has no territory"
            yield where.fault("units", index, what=what, advice="Add territory: <code of its township>")
        elif unit.territory in answering:
            what = f"'{answering[unit.territory]}' and '{unit.code}' both answer for the territory '{unit.territory}'"
            yield where.fault("units", index, "territory", what=what, advice="Leave the territory to one of them")
        elif unit.territory is not None:
            answering[unit.territory] = unit.code
    for index, township in enumerate(pack.townships):
        if township.code not in answering and township.code in _meant_by_territory(pack):
            what = f"rules hand cases of '{township.code}' to the territory, but no unit answers for it"
            advice = f"Add 'territory: \"{township.code}\"' to its unit in units.yaml"
            yield where.fault("townships", index, what=what, advice=advice)


def _meant_by_territory(pack: CentrePack) -> set[str]:
    joint = (rule for rule in pack.rules if TERRITORY in rule.supporters)
    rows = [*joint, *(row for row in (*pack.rules, *pack.fallbacks) if row.unit == TERRITORY)]
    return {place.chain[-1] for place in pack.places for row in rows if _covers(row.places, place)}


def _covers(codes: tuple[str, ...], place: Place) -> bool:
    return EVERY in codes or not set(codes).isdisjoint(place.chain)
