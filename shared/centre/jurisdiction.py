"""Who answers for a case: matter x place against the pack's duty table. Pure: no clock, no store, no side effect."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice
from typing import Literal

from shared.centre.conditions import Circumstances, Moment, Unmet, unmet
from shared.centre.indexes import RuleAt
from shared.centre.nouns import EVERY, Category, Frozen, Level, Mode, Place, Rule
from shared.centre.pack import CentrePack
from shared.centre.why_not import ELSEWHERE, too_late, why_unmet
from shared.centre.working_time import moment_of

RUNNERS_UP_MAX = 5


class Considered(Frozen):
    """A rule for the same matter that did not decide, and why not (one Chinese phrase)."""

    rule_id: str
    unit: str | None
    why_not: str


class Route(Frozen):
    """One decision with its explanation. `reason` is a sentence for the people at the window; it quotes no input.

    With `supporters` the matter is handled jointly (联办): `unit` leads. The lead is never among them, none is twice.
    """

    rule_id: str | None
    unit: str | None
    supporters: tuple[str, ...] = ()
    by: Literal["rule", "fallback", "triage"]
    reason: str
    considered: tuple[Considered, ...]
    pack_version: str


def route(
    pack: CentrePack,
    *,
    category: str | None,
    place: str | None,
    source: str,
    level: Level,
    flags: tuple[str, ...] = (),
    at: datetime | None = None,
    mode: Mode = "normal",
) -> Route:
    """The unit that answers: the first rule that matches, else the named fallback, else the centre's own triage.

    `category` and `place` are codes of the pack at any depth; a missing or unknown one leads to triage, never to an
    error. `at` is the instant of acceptance (aware, else ValueError); without it no rule with a time condition
    matches, for a guess could send a case to a unit that is not on duty. `mode` is the one of that instant (平战).
    """
    if at is not None and at.tzinfo is None:
        raise ValueError("the instant of acceptance needs a time zone")
    matter = None if category is None else pack.category(category)
    spot = None if place is None else pack.place(place)
    if matter is None or spot is None:
        return _triage(pack, _why_unplaced(category, matter, place, spot))
    case = Circumstances(level, source, frozenset(flags), _moment_when_asked(pack, at), mode)
    rules = pack.rules_by_category[matter.code]
    holding = rules.holding_at(spot.chain)
    winner = next((each for each in holding if _unmet(each, case) is None), None)
    runners_up = _runners_up(pack, spot, case, winner, holding, rules.rules)
    if winner is not None:
        return _by_rule(pack, winner.rule, matter, spot, runners_up)
    return _by_fallback(pack, matter, spot, runners_up)


def _moment_when_asked(pack: CentrePack, at: datetime | None) -> Callable[[], Moment | None]:
    """Worked out once, and only for a rule that asks: most rules have no time condition."""
    known: list[Moment] = []

    def moment() -> Moment | None:
        if at is not None and not known:
            known.append(moment_of(pack, at))
        return known[0] if known else None

    return moment


def _runners_up(
    pack: CentrePack,
    spot: Place,
    case: Circumstances,
    winner: RuleAt | None,
    holding: list[RuleAt],
    rules: Iterable[RuleAt],
) -> tuple[Considered, ...]:
    """Rules for the same matter: those that name the place, then those that hold elsewhere; in the table's order."""
    rivals = list(islice((each for each in holding if each is not winner), RUNNERS_UP_MAX))
    told = [_considered(pack, each.rule, spot, _why_not(pack, each, case, winner)) for each in rivals]
    held = {each.position for each in holding}
    elsewhere = islice((each for each in rules if each.position not in held), RUNNERS_UP_MAX - len(rivals))
    return (*told, *(_considered(pack, each.rule, spot, ELSEWHERE) for each in elsewhere))


def _why_not(pack: CentrePack, rival: RuleAt, case: Circumstances, winner: RuleAt | None) -> str:
    condition = _unmet(rival, case)
    if condition is not None:
        return why_unmet(pack, rival.rule, condition)
    return (
        "" if winner is None else too_late(winner.rule)
    )  # without a winner each rival has a condition that is not met


def _unmet(at: RuleAt, case: Circumstances) -> Unmet | None:
    return unmet(at.rule, case) if at.narrowed else None


def _considered(pack: CentrePack, rule: Rule, spot: Place, why_not: str) -> Considered:
    return Considered(rule_id=rule.id, unit=pack.unit_at(rule.unit, spot.chain), why_not=why_not)


def _by_rule(pack: CentrePack, rule: Rule, matter: Category, spot: Place, runners_up: tuple[Considered, ...]) -> Route:
    unit = pack.unit_at(rule.unit, spot.chain)
    named = (pack.unit_at(code, spot.chain) for code in rule.supporters)
    supporters = tuple(dict.fromkeys(each for each in named if each is not None and each != unit))
    owner = f"{_name(pack, unit)}承办"
    if supporters:
        owner = f"{_name(pack, unit)}主办、{'、'.join(_name(pack, each) for each in supporters)}协办（联办）"
    reason = f"“{matter.name}”在{spot.name}，按规则“{rule.id}”由{owner}（依据：{rule.source}）。"
    return _decided(pack, rule.id, unit, "rule", reason, runners_up, supporters)


def _by_fallback(pack: CentrePack, matter: Category, spot: Place, runners_up: tuple[Considered, ...]) -> Route:
    for fallback in pack.fallbacks:
        if EVERY in fallback.places or not set(fallback.places).isdisjoint(spot.chain):
            unit = pack.unit_at(fallback.unit, spot.chain)
            reason = f"没有规则对应{spot.name}的“{matter.name}”，兜底交{_name(pack, unit)}：{fallback.reason}。"
            return _decided(pack, None, unit, "fallback", reason, runners_up)
    why = f"没有规则和兜底对应{spot.name}的“{matter.name}”"
    return _triage(pack, why, runners_up)


def _triage(pack: CentrePack, why: str, runners_up: tuple[Considered, ...] = ()) -> Route:
    unit = pack.triage.unit
    reason = f"{why}，转{_name(pack, unit)}人工分派：{pack.triage.reason}。"
    return _decided(pack, None, unit, "triage", reason, runners_up)


def _why_unplaced(category: str | None, matter: Category | None, place: str | None, spot: Place | None) -> str:
    # An unknown code is not quoted: it may be anything a platform pushed, and reasons travel in events.
    whys: list[str] = []
    if matter is None:
        whys.append("未定事项类别" if category is None else "事项类别不在本中心目录内")
    if spot is None:
        whys.append("未定事发地点" if place is None else "事发地点不在本中心辖区内")
    return "、".join(whys)


def _name(pack: CentrePack, unit: str | None) -> str:
    found = None if unit is None else pack.unit(unit)
    return "（未设单位）" if found is None else found.short


def _decided(
    pack: CentrePack,
    rule_id: str | None,
    unit: str | None,
    by: Literal["rule", "fallback", "triage"],
    reason: str,
    runners_up: tuple[Considered, ...],
    supporters: tuple[str, ...] = (),
) -> Route:
    return Route(
        rule_id=rule_id,
        unit=unit,
        supporters=supporters,
        by=by,
        reason=reason,
        considered=runners_up,
        pack_version=pack.version,
    )
