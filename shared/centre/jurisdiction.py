"""Who answers for a case: matter x place against the pack's duty table. Pure: no clock, no store, no side effect."""

from itertools import islice
from typing import Literal

from shared.centre.indexes import RuleAt, RulesOfCategory
from shared.centre.nouns import EVERY, Category, Frozen, Level, Place, Rule
from shared.centre.pack import CentrePack

RUNNERS_UP_MAX = 5


class Considered(Frozen):
    """A rule for the same matter that did not decide, and why not (one Chinese phrase)."""

    rule_id: str
    unit: str | None
    why_not: str


class Route(Frozen):
    """One decision with its explanation. `reason` is a sentence for the people at the window; it quotes no input."""

    rule_id: str | None
    unit: str | None
    by: Literal["rule", "fallback", "triage"]
    reason: str
    considered: tuple[Considered, ...]
    pack_version: str


def route(pack: CentrePack, *, category: str | None, place: str | None, source: str, level: Level) -> Route:
    """The unit that answers: the first rule that matches, else the named fallback, else the centre's own triage.

    `category` and `place` are codes of the pack at any depth; a missing or unknown one leads to triage, never to an
    error. `source` and `level` are part of every decision's inputs, though no rule of the table asks for them yet.
    """
    matter = None if category is None else pack.category(category)
    spot = None if place is None else pack.place(place)
    if matter is None or spot is None:
        return _triage(pack, _why_unplaced(category, matter, place, spot))
    rules = pack.rules_by_category[matter.code]
    holding = rules.holding_at(spot.chain)
    runners_up = _runners_up(pack, rules, holding, spot)
    if holding:
        return _by_rule(pack, holding[0].rule, matter, spot, runners_up)
    return _by_fallback(pack, matter, spot, runners_up)


def _runners_up(pack: CentrePack, rules: RulesOfCategory, holding: list[RuleAt], spot: Place) -> tuple[Considered, ...]:
    """Rules for the same matter that came too late, then those that hold elsewhere."""
    too_late = f"排在先匹配的规则“{holding[0].rule.id}”之后" if holding else ""
    later = [_considered(pack, at.rule, spot, too_late) for at in holding[1 : RUNNERS_UP_MAX + 1]]
    held = {at.position for at in holding}
    elsewhere = islice((at for at in rules.rules if at.position not in held), RUNNERS_UP_MAX - len(later))
    return (*later, *(_considered(pack, at.rule, spot, "适用地点不含此地") for at in elsewhere))


def _considered(pack: CentrePack, rule: Rule, spot: Place, why_not: str) -> Considered:
    return Considered(rule_id=rule.id, unit=pack.unit_at(rule.unit, spot.chain), why_not=why_not)


def _by_rule(pack: CentrePack, rule: Rule, matter: Category, spot: Place, runners_up: tuple[Considered, ...]) -> Route:
    unit = pack.unit_at(rule.unit, spot.chain)
    reason = f"“{matter.name}”在{spot.name}，按规则“{rule.id}”由{_name(pack, unit)}承办（依据：{rule.source}）。"
    return _decided(pack, rule.id, unit, "rule", reason, runners_up)


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
) -> Route:
    return Route(rule_id=rule_id, unit=unit, by=by, reason=reason, considered=runners_up, pack_version=pack.version)
