"""Check that no rule of the duty table is dead: each is the first to match for some case.

Exact in levels, sources, flags and modes; in time it takes every mix of worked days and dates for possible. So it may
miss a rule that only the calendar makes unreachable, but never calls a rule dead that could decide.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time, timedelta
from itertools import product

from shared.centre.conditions import (
    EVERY_MODE,
    MIDNIGHT,
    SOURCES,
    Circumstances,
    Moment,
    asks_for_time,
    holds_in,
    unmet,
)
from shared.centre.errors import Fault
from shared.centre.indexes import RuleAt
from shared.centre.locations import Locations
from shared.centre.nouns import EVERY, LEVELS, Mode, Rule
from shared.centre.pack import CentrePack

TIMED_MAX = 40
"""Rules with a time condition that compete for one matter at one place: each more makes the proof much longer."""

_NAMED_MAX = 3
_SOME_DAY = date(2000, 1, 1)
_BOTH = (True, False)


def unreachable_rules(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """Every rule is the first to match for at least one case: category (of any level), place and conditions."""
    together = list(_held_together(pack))
    crowd = max((_timed(holding) for holding in together), key=len, default=())
    if len(crowd) > TIMED_MAX:
        yield _too_many(crowd, where)
        return
    reached, shadows = _reach(together)
    for index, rule in enumerate(pack.rules):
        if index in reached or _cannot_hold(pack, rule):
            continue
        earlier = [f"'{pack.rules[each].id}'" for each in sorted(shadows[index])]
        what = f"the rule '{rule.id}' is never reached: {some_of(earlier)} above it already take all it names"
        yield where.fault("rules", index, what=what, advice="Move it above them, narrow them, or delete it")


def some_of(names: Sequence[str]) -> str:
    more = len(names) - _NAMED_MAX
    return ", ".join(names[:_NAMED_MAX]) + (f" and {more} more" if more > 0 else "")


def _timed(holding: Sequence[RuleAt]) -> tuple[RuleAt, ...]:
    return tuple(at for at in holding if asks_for_time(at.rule))


def _too_many(crowd: Sequence[RuleAt], where: Locations) -> Fault:
    names = some_of([f"'{at.rule.id}'" for at in crowd])
    what = f"{len(crowd)} rules with hours, days or dates compete for one matter at one place: {names}"
    advice = f"Leave at most {TIMED_MAX}: no table with more can be proved; name narrower matters or places"
    return where.fault("rules", crowd[TIMED_MAX].position, what=what, advice=advice)


def _reach(together: Iterable[tuple[RuleAt, ...]]) -> tuple[set[int], dict[int, set[int]]]:
    """Which rules win somewhere, and for each rule the ones that won where it would have matched too."""
    reached: set[int] = set()
    shadows: defaultdict[int, set[int]] = defaultdict(set)
    for holding in together:
        for nth, at in enumerate(holding):
            if at.position in reached:
                continue
            winners = _winners(at.rule, holding[:nth])
            if winners is None:
                reached.add(at.position)
            else:
                shadows[at.position] |= winners
    return reached, shadows


def _held_together(pack: CentrePack) -> Iterable[tuple[RuleAt, ...]]:
    """The rules that compete for one matter at one place, in the order of the table; each such list once."""
    chains = {place.chain for place in pack.places}
    found: dict[tuple[int, ...], tuple[RuleAt, ...]] = {}
    for rules in pack.rules_by_category.values():
        for chain in {tuple(code for code in chain if code in rules.by_place) for chain in chains}:
            holding = tuple(rules.holding_at(chain))
            found.setdefault(tuple(at.position for at in holding), holding)
    return found.values()


def _winners(rule: Rule, earlier: tuple[RuleAt, ...]) -> set[int] | None:
    """The earlier rules that take every case the rule would hold for; None where one is left for it."""
    # A case with exactly the rule's own flags is the one that fewest others take: more flags only let more rules in.
    rivals = [at for at in earlier if set(at.rule.flags) <= set(rule.flags)]
    wide = next((at.position for at in rivals if not at.narrowed), None)
    if wide is not None and not any(at.narrowed for at in rivals if at.position < wide):
        return {wide}
    winners: set[int] = set()
    for case in _cases(rule, [at.rule for at in rivals]):
        winner = next((at.position for at in rivals if unmet(at.rule, case) is None), None)
        if winner is None:
            return None
        winners.add(winner)
    return winners


def _cases(rule: Rule, rivals: Sequence[Rule]) -> Iterator[Circumstances]:
    """One case for each mix of conditions that the rule holds for and that it and its rivals tell apart."""
    flags = frozenset(rule.flags)
    moments = _moments(rule, [each for each in (rule, *rivals) if asks_for_time(each)])
    # What no rival tells apart is the same case over and over.
    levels = (rule.levels or LEVELS)[: None if any(each.levels for each in rivals) else 1]
    sources = (rule.sources or SOURCES)[: None if any(each.sources for each in rivals) else 1]
    held: tuple[Mode, ...] = tuple(mode for mode in EVERY_MODE if not rule.modes or holds_in(rule.modes, mode))
    modes = held[: None if any(each.modes for each in rivals) else 1]
    for level, source, mode, moment in product(levels, sources, modes, moments):
        case = Circumstances(level, source, flags, lambda moment=moment: moment, mode)
        if unmet(rule, case) is None:
            yield case


def _moments(rule: Rule, timed: Sequence[Rule]) -> list[Moment]:
    """Moments on days on which the rule is valid: it and the others tell them apart."""
    worked = _BOTH if any(each.days != "all" for each in timed) else (True,)
    first, last = rule.valid_from or date.min, rule.valid_until or date.max
    days = [day for day in _days(timed) if first <= day <= last]
    return [Moment(*each) for each in product(days, _times(timed), worked, worked)]


def _days(rules: Sequence[Rule]) -> list[date]:
    """One day from each stretch of days between which no rule begins or ends to hold."""
    begins = {rule.valid_from for rule in rules if rule.valid_from is not None}
    ends = {rule.valid_until for rule in rules if rule.valid_until is not None} - {date.max}
    edges = begins | {day + timedelta(days=1) for day in ends}
    before = min(edges, default=_SOME_DAY)
    return sorted(edges | {before if before == date.min else before - timedelta(days=1)})


def _times(rules: Sequence[Rule]) -> list[time]:
    """One time of day from each stretch between which no rule's hours begin or end."""
    return sorted({MIDNIGHT, *(at for rule in rules for at in (rule.opens, rule.closes) if at is not None)})


def _cannot_hold(pack: CentrePack, rule: Rule) -> bool:
    # Already reported as such; that it is never reached only follows from it.
    unknown_category = any(code != EVERY and pack.category(code) is None for code in rule.categories)
    unknown_place = any(code != EVERY and pack.place(code) is None for code in rule.places)
    return unknown_category or unknown_place or next(_cases(rule, ()), None) is None
