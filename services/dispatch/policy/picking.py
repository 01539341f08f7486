"""Whom a summons calls: who is named, and whom the response plans name. Pure."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from services.dispatch.errors.summonses import NobodyNamed, NoPlan, UnitNamedTwice, UnitSummonedAlready
from services.dispatch.policy.cases import known_unit
from shared.centre.pack import CentrePack
from shared.centre.response import PlannedUnit, plan_for
from shared.contracts.base import Level


@dataclass(frozen=True, slots=True)
class Pick:
    """One unit to call; `plan` and `why` where a response plan names it, whether a person named it too or not."""

    unit: str
    plan: str | None = None
    why: str | None = None


def require_named_once(pack: CentrePack, units: Sequence[str]) -> None:
    for position, unit in enumerate(units):
        known_unit(pack, unit, field="units")
        if unit in units[:position]:
            raise UnitNamedTwice(f"{unit} is named twice", field="units", unit=unit)


def planned_units(
    pack: CentrePack, category: str | None, level: Level, *, field: str = "by_plan"
) -> tuple[PlannedUnit, ...]:
    """出动预案 for a matter at a level. Refused with `no_plan` where the pack has none."""
    planned = plan_for(pack, category, level)
    if not planned:
        raise NoPlan(
            f"no response plan names a unit for {_matter(pack, category)} at level {level}; name the units",
            field=field,
            category=category,
            level=level,
        )
    return planned


def _matter(pack: CentrePack, category: str | None) -> str:
    if category is None:
        return "a matter without a category"
    found = pack.category(category)
    return f"category {category}" if found is None else f"category {found.name} ({category})"


def pick_units(
    named: Sequence[str], planned: Sequence[PlannedUnit], *, under_way: Set[str], by_plan: bool
) -> tuple[Pick, ...]:
    """Who is named, then whom the plans add; whom a summons of this case calls already, the plans do not call again."""
    already = next((unit for unit in named if unit in under_way), None)
    if already is not None:
        raise UnitSummonedAlready(
            f"{already} is named by a summons of this case that is under way", field="units", unit=already
        )
    reasons = {each.unit: each for each in planned}
    added = [each.unit for each in planned if each.unit not in under_way and each.unit not in named]
    picks = tuple(_pick(unit, reasons.get(unit)) for unit in (*named, *added))
    if not picks and by_plan:
        raise UnitSummonedAlready(
            "all units of the response plans are named by a summons of this case that is under way", field="by_plan"
        )
    if not picks:
        raise NobodyNamed("name at least one unit, or ask for the units of the response plans", field="units")
    return picks


def _pick(unit: str, planned: PlannedUnit | None) -> Pick:
    return Pick(unit) if planned is None else Pick(unit, planned.plan, planned.why)
