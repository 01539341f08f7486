"""The default pack's sample rules with conditions and supporters, its plans, and how a case is handed on."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.centre.jurisdiction import route
from shared.centre.pack import LEVELS, CentrePack
from shared.centre.response import plan_for


def test_an_ordinary_case_by_day_has_one_unit_but_for_wages_of_construction(quanzhou: CentrePack) -> None:
    noon = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    joint = {
        leaf.code
        for leaf in quanzhou.leaf_categories
        for place in quanzhou.townships
        if route(quanzhou, category=leaf.code, place=place.code, source="window", level="IV", at=noon).supporters
    }
    assert joint == {"labour.wages.construction"}


@pytest.mark.parametrize(
    ("category", "case", "rule", "unit", "supporters"),
    [
        ("labour.wages.construction", {}, "construction-wages", "labour-rights", ["resources-construction"]),
        ("labour.wages.arrears", {"flags": ("safety",), "level": "I"}, "labour", "labour-rights", []),
        (
            "housing.building.danger",
            {"flags": ("safety",)},
            "dangerous-building",
            "resources-construction",
            ["fire-rescue", "luoyang"],
        ),
        ("housing.building.danger", {}, "housing", "resources-construction", []),
        (
            "environment.pollution.river",
            {"flags": ("cross-township",)},
            "water-pollution-across-townships",
            "agriculture-environment",
            ["enforcement-emergency", "luoyang"],
        ),
        (
            "safety.work.sites",
            {"level": "II"},
            "site-safety-major",
            "resources-construction",
            ["enforcement-emergency", "fire-rescue"],
        ),
        ("safety.work.sites", {"level": "III"}, "site-safety", "resources-construction", []),
        (
            "environment.noise.construction",
            {"at": datetime(2026, 11, 23, 21, 59, tzinfo=UTC)},
            "construction-noise-at-night",
            "enforcement-emergency",
            ["police"],
        ),
        (
            "environment.noise.construction",
            {"at": datetime(2026, 11, 23, 22, 0, tzinfo=UTC)},
            "street-pollution",
            "enforcement-emergency",
            [],
        ),
    ],
)
def test_the_joint_and_narrowed_samples_hold(
    quanzhou: CentrePack, category: str, case: dict[str, Any], rule: str, unit: str, supporters: list[str]
) -> None:
    facts = {"source": "window", "level": "IV"} | case
    decided = route(quanzhou, category=category, place="350521104", **facts)
    assert (decided.rule_id, decided.unit, list(decided.supporters)) == (rule, unit, supporters)


def test_the_second_return_is_the_directors_and_terms_are_the_presets(quanzhou: CentrePack) -> None:
    assert (quanzhou.handing.returns_to_director, quanzhou.handing.hops_max) == (2, 5)
    assert (quanzhou.deferrals.extension_days_max, quanzhou.deferrals.asked_before_days) == (10, 1)


def test_a_plan_calls_more_units_at_each_higher_level(quanzhou: CentrePack) -> None:
    called = [{each.unit for each in plan_for(quanzhou, "labour.wages.construction", level)} for level in LEVELS[:3]]
    assert called[2] == {"labour-rights", "resources-construction"}
    assert called[0] > called[1] > called[2]
    assert all("样例" in plan.why for plan in quanzhou.response_plans)
