"""Checks of the duty table over the finite grid of category x place: nothing unowned, no rule dead."""

from collections import defaultdict
from collections.abc import Iterator

from shared.centre.errors import Fault
from shared.centre.locations import Locations
from shared.centre.nouns import EVERY, TERRITORY, Place, Rule
from shared.centre.pack import CentrePack

_NAMED_MAX = 3


def unowned_matters(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """Every leaf category has, at every place, a rule or a fallback named on purpose."""
    bare = [place for place in pack.places if not any(_covers(row.places, place) for row in pack.fallbacks)]
    for index, category in enumerate(pack.categories):
        if category not in pack.leaf_categories:
            continue
        rules = pack.rules_by_category[category.code]
        unowned = [place.code for place in bare if not rules.holding_at(place.chain)]
        if unowned:
            what = f"nobody owns the category '{category.code}' at {len(unowned)} places ({_some(unowned)})"
            advice = "Add a rule, or a fallback for these places, to jurisdiction.yaml"
            yield where.fault("categories", index, what=what, advice=advice)


def unreachable_rules(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """Every rule is the first to match for at least one category (of any level) at one place."""
    reached, shadows = _reach(pack)
    for index, rule in enumerate(pack.rules):
        if index in reached or _names_unknown(pack, rule):
            continue
        earlier = [f"'{pack.rules[each].id}'" for each in sorted(shadows[index])]
        what = f"the rule '{rule.id}' is never reached: {_some(earlier)} above it already take all it names"
        yield where.fault("rules", index, what=what, advice="Move it above them, narrow them, or delete it")


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


def _reach(pack: CentrePack) -> tuple[set[int], dict[int, set[int]]]:
    """Which rules win somewhere, and for each rule the ones that won where it would have matched too."""
    reached: set[int] = set()
    shadows: defaultdict[int, set[int]] = defaultdict(set)
    chains = {place.chain for place in pack.places}
    for rules in pack.rules_by_category.values():
        for chain in chains:
            holding = [at.position for at in rules.holding_at(chain)]
            reached.update(holding[:1])
            for position in holding[1:]:
                shadows[position].add(holding[0])
    return reached, shadows


def _names_unknown(pack: CentrePack, rule: Rule) -> bool:
    # Already reported as such; that it is never reached only follows from it.
    unknown_category = any(code != EVERY and pack.category(code) is None for code in rule.categories)
    return unknown_category or any(code != EVERY and pack.place(code) is None for code in rule.places)


def _meant_by_territory(pack: CentrePack) -> set[str]:
    rows = [row for row in (*pack.rules, *pack.fallbacks) if row.unit == TERRITORY]
    return {place.chain[-1] for place in pack.places for row in rows if _covers(row.places, place)}


def _covers(codes: tuple[str, ...], place: Place) -> bool:
    return EVERY in codes or not set(codes).isdisjoint(place.chain)


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED_MAX
    return ", ".join(names[:_NAMED_MAX]) + (f" and {more} more" if more > 0 else "")
