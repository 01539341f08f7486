"""Faults of a rule's conditions, of joint rules, plans and handing, planted one at a time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.centre.load import load_pack

Planted = tuple[
    str, ...
]  # file, old text, new text, marker of the faulty line, words of the fault, its file if another

RULES, PLANS, CENTRE = "jurisdiction.yaml", "response_plans.yaml", "centre.yaml"
NOISE = "  - id: noise\n    categories: [noise]\n    unit: police\n    source: 样例\n"

PLANTS: dict[str, Planted] = {
    # References
    "rule: unknown flag": (RULES, "flags: [danger]", "flags: [dangr]", "dangr", "the flag 'dangr' is not known"),
    "rule: unknown level": (RULES, "levels: [I, II]", "levels: [I, V]", "[I, V]", "'V' does not fit"),
    "rule: unknown source": (RULES, "grid_patrol]", "email]", "email", "'email' does not fit"),
    "rule: unknown days": (RULES, "days: workdays", "days: sundays", "sundays", "'sundays' does not fit"),
    "rule: unknown supporter": (RULES, "[territory, labour]", "[army]", "[army]", "the unit 'army' is not known"),
    "plan: unknown unit": (PLANS, "[police, labour]", "[polcie]", "polcie", "Did you mean 'police'"),
    "plan: territory is no unit": (PLANS, "[police, labour]", "[territory]", "[territory]", "is not known"),
    "plan: unknown category": (PLANS, "[help]", "[halp]", "halp", "Did you mean 'help'"),
    "plan: unknown level": (PLANS, "level: II", "level: V", "level: V", "'V' does not fit"),
    # Codes
    "double flag": ("categories.yaml", "code: crowd", "code: danger", "danger, name: 多户", "is used twice"),
    "double plan": (PLANS, "id: any-1", "id: help-2", 'id: help-2, categories: ["*"]', "is used twice"),
    # Conditions
    "ends before it begins": (RULES, "2025-12-31", "2024-12-31", "2024-12-31", "only until 2024-12-31"),
    "no hour of the day": (RULES, '"08:00"\n    valid', '"17:30"\n    valid', "closes", "never holds"),
    "hours of another zone": (RULES, '"17:30"', '"17:30+09:00"', "17:30", "without a time zone"),
    "office hours of another zone": (CENTRE, 'closes: "17:30"', 'closes: "17:30Z"', "17:30Z", "without a time zone"),
    # Joint rules, plans, handing
    "lead supports itself": (RULES, "[territory, labour]", "[police]", "[police]", "both leads and supports"),
    "territory supports itself": (
        RULES,
        "unit: territory\n    source",
        "unit: territory\n    supporters: [territory]\n    source",
        "supporters: [territory]\n",
        "both leads and supports",
    ),
    "supporter twice": (RULES, "[territory, labour]", "[labour, labour]", "[labour, labour]", "names 'labour' twice"),
    "territory supports, none answers": (
        "units.yaml",
        "    territory: west\n",
        "",
        "code: west,",
        "no unit answers for it",
        "places.yaml",
    ),
    "plan calls a unit twice": (
        PLANS,
        "[police, labour]",
        "[police, police]",
        "police, police",
        "names 'police' twice",
    ),
    "empty plan": (PLANS, "[police, labour]", "[]", "units: []", "at least one"),
    "returns beyond the hops": (
        CENTRE,
        "director: 2, hops_max: 4",
        "director: 5, hops_max: 4",
        "handing",
        "after 5 returns",
    ),
    "no extension days": (CENTRE, "extension_days_max: 8", "extension_days_max: 0", "deferrals", "0 does not fit"),
    # Ownership: beside the fallback named on purpose, a rule with a condition covers nothing
    "hole behind a condition": (
        RULES,
        'places: ["*"]',
        "places: [east]",
        "code: help",
        "nobody owns the category 'help' at 2 places (west, west.g1); rules with conditions do not count",
        "categories.yaml",
    ),
    # Rules nobody reaches
    "shadowed although narrower": (
        RULES,
        NOISE,
        f'{NOISE}  - id: late\n    categories: [noise]\n    levels: [I]\n    flags: [danger]\n    opens: "20:00"\n'
        "    unit: police\n    source: 样例\n",
        "id: late",
        "'noise-grid', 'noise' above it",
    ),
}


@pytest.mark.parametrize("name", PLANTS)
def test_is_found_with_file_line_and_advice(name: str, assert_found: Callable[..., None]) -> None:
    assert_found(*PLANTS[name])


LADDER_PLANTS: dict[str, Planted] = {
    "from the acknowledgement, but no summons": (
        "ladders.yaml",
        "{from: due, minutes: 0, notify: [liaison_officer], action: overdue}",
        "{from: acknowledged, minutes: 9, notify: [liaison_officer]}",
        "{from: acknowledged",
        "which only a summons has",
    ),
    "from the acknowledgement, unless acknowledged": (
        "ladders.yaml",
        "{from: start, minutes: 0, notify: [liaison_officer]}",
        "{from: acknowledged, minutes: 9, unless: acknowledged, notify: [liaison_officer]}",
        "{from: acknowledged",
        "off once acknowledged",
    ),
}


@pytest.mark.parametrize("name", LADDER_PLANTS)
def test_a_step_from_the_acknowledgement_is_for_a_summons(name: str, assert_found: Callable[..., None]) -> None:
    assert_found(*LADDER_PLANTS[name])


def test_a_summons_may_be_rung_again_after_its_acknowledgement(plant: Callable[[str, str, str], Path]) -> None:
    rung = "      - {from: acknowledged, minutes: 10, unless: on_the_way, notify: [unit_lead], action: remind}\n"
    folder = plant("ladders.yaml", "      - {from: due", rung + "      - {from: due")

    step = load_pack(folder).ladder_for("arrival").steps[1]

    assert (step.from_, step.minutes, step.unless) == ("acknowledged", 10, "on_the_way")
