"""What a pack's content is turned into so that it can be looked up fast. Pure, and tolerant of a pack under check."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import NamedTuple, TypeVar

from shared.centre.conditions import narrows
from shared.centre.nouns import EVERY, Category, Level, Limit, Mode, Place, Rule, Stage, Unit, Window

Coded = TypeVar("Coded", Unit, Window, Category)
LimitKey = tuple[Stage, str | None, Level | None, Mode | None]
NamedPlaces = Sequence[tuple[str, Place]]


class RuleAt(NamedTuple):
    """A rule with its position in the table, counted from 0, and whether it has conditions beside matter and place."""

    position: int
    rule: Rule
    narrowed: bool


class RulesOfCategory(NamedTuple):
    """The rules that name one category or a parent of it, in the order of the table, ready to be asked by place."""

    rules: tuple[RuleAt, ...]
    by_place: Mapping[str, tuple[RuleAt, ...]]

    def holding_at(self, place_chain: tuple[str, ...]) -> list[RuleAt]:
        """Those that name a place, in the order of the table: the first whose conditions are met decides."""
        held = {at.position: at for code in (EVERY, *place_chain) for at in self.by_place.get(code, ())}
        return [held[position] for position in sorted(held)]


def by_code(coded: Sequence[Coded]) -> dict[str, Coded]:
    """Code -> noun. Reversed, so that of two with one code the first is found, as in a search from the top."""
    return {each.code: each for each in reversed(coded)}


def category_chains(categories: Mapping[str, Category]) -> dict[str, tuple[str, ...]]:
    """Each category code with the codes from itself up to its root."""
    return {code: _chain(code, categories) for code in categories}


def category_names(categories: Sequence[Category]) -> dict[str, Category]:
    """Casefolded alias, name or code -> category; a code beats a name, a name beats an alias."""
    backwards = tuple(reversed(categories))
    aliases = [(alias, category) for category in backwards for alias in category.aliases]
    names = [(category.name, category) for category in backwards]
    codes = [(category.code, category) for category in backwards]
    return {name.casefold(): category for name, category in (*aliases, *names, *codes)}


def place_names(places: Iterable[Place]) -> NamedPlaces:
    """Every name and alias with its place, the longest names first."""
    named = ((name, place) for place in places for name in (place.name, *place.aliases))
    return sorted(named, key=lambda pair: -len(pair[0]))


def longest_name_in(text: str, names: NamedPlaces) -> Place | None:
    """The place with the longest name that occurs in the text; of equally long ones the first in the text."""
    best: tuple[int, int, Place] | None = None
    for name, place in names:
        if best is not None and len(name) < best[0]:
            break
        at = text.find(name)
        if at >= 0 and (best is None or at < best[1]):
            best = (len(name), at, place)
    return None if best is None else best[2]


def rules_by_category(rules: Sequence[Rule], chains: Mapping[str, tuple[str, ...]]) -> dict[str, RulesOfCategory]:
    """For each category its rules: those that name it, a parent of it, or every category."""
    table = (RuleAt(position, rule, narrows(rule)) for position, rule in enumerate(rules))
    by_category = _by_named(table, lambda rule: rule.categories)
    return {code: _rules_of(chain, by_category) for code, chain in chains.items()}


def limit_cells(limit: Limit) -> tuple[tuple[str | None, Level | None, Mode | None], ...]:
    """What a limit is for: each (category, level, mode) it names, None standing for all."""
    categories: tuple[str | None, ...] = limit.categories or (None,)
    levels: tuple[Level | None, ...] = limit.levels or (None,)
    return tuple(product(categories, levels, modes_named(limit.modes)))


def limits_by_cell(limits: Iterable[Limit]) -> dict[LimitKey, Limit]:
    """Stage, category, level and mode -> limit; of two for one cell the first is found."""
    return {(limit.stage, *cell): limit for limit in reversed(tuple(limits)) for cell in limit_cells(limit)}


def modes_named(modes: tuple[Mode, ...]) -> tuple[Mode | None, ...]:
    return modes or (None,)


def mode_chain(mode: Mode) -> tuple[Mode | None, ...]:
    """What a limit or ladder may name to hold in this mode, the narrowest first; None stands for all modes."""
    return (mode, "surge", None) if mode.startswith("surge.") else (mode, None)


def _rules_of(chain: tuple[str, ...], by_category: Mapping[str, Sequence[RuleAt]]) -> RulesOfCategory:
    named = {at.position: at for code in (EVERY, *chain) for at in by_category.get(code, ())}
    rules = tuple(named[position] for position in sorted(named))
    by_place = _by_named(rules, lambda rule: rule.places)
    return RulesOfCategory(rules, {code: tuple(found) for code, found in by_place.items()})


def _by_named(rules: Iterable[RuleAt], names: Callable[[Rule], tuple[str, ...]]) -> dict[str, list[RuleAt]]:
    found: dict[str, list[RuleAt]] = {}
    for at in rules:
        for code in names(at.rule):
            found.setdefault(code, []).append(at)
    return found


def _chain(code: str, categories: Mapping[str, Category]) -> tuple[str, ...]:
    chain: list[str] = []
    found = categories.get(code)
    # A pack under check may still hold a circle of parents.
    while found is not None and found.code not in chain:
        chain.append(found.code)
        found = None if found.parent is None else categories.get(found.parent)
    return tuple(chain)
