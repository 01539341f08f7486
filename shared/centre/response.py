"""出动预案: whom a matter calls in at its level. Pure."""

from typing import NamedTuple

from shared.centre.nouns import EVERY, LEVELS, Level, ResponsePlan
from shared.centre.pack import CentrePack


class PlannedUnit(NamedTuple):
    """A unit to call, by which plan, and the plan's why."""

    unit: str
    plan: str
    why: str


def plan_for(pack: CentrePack, category: str | None, level: Level) -> tuple[PlannedUnit, ...]:
    """The units the pack's plans call for a matter; each once, the nearest level's plan and why first.

    Additive (DOMAIN: duty and summons, 2): level I also calls what the plans of II, III and IV call. A plan holds for
    the categories it names with all below them. An unknown or missing category has only the plans for every one.
    """
    chain = () if category is None else pack.category_chain(category)
    named = {EVERY, *chain}
    called: dict[str, PlannedUnit] = {}
    for nearest in LEVELS[LEVELS.index(level) :]:
        for plan in pack.response_plans:
            if plan.level == nearest and not named.isdisjoint(plan.categories):
                _call(called, plan)
    return tuple(called.values())


def _call(called: dict[str, PlannedUnit], plan: ResponsePlan) -> None:
    for unit in plan.units:
        called.setdefault(unit, PlannedUnit(unit, plan.id, plan.why))
