"""Faults of codes, names and references, planted one at a time."""

from collections.abc import Callable

import pytest

Planted = tuple[
    str, ...
]  # file, old text, new text, marker of the faulty line, words of the fault, its file if another

PLANTS: dict[str, Planted] = {
    # Codes and names
    "double unit": ("units.yaml", "code: police\n", "code: labour\n", "code: labour\n    name: 公安", "is used twice"),
    "double rule": (
        "jurisdiction.yaml",
        "id: noise-grid",
        "id: labour",
        "id: labour\n    categories: [noise]",
        "is used twice",
    ),
    "grid coded like a township": (
        "places.yaml",
        "code: west.g1",
        "code: east",
        "code: east, name: 西镇一格",
        "is used twice",
    ),
    "double post": (
        "units.yaml",
        "code: police.lead",
        "code: police.liaison",
        "    lead: {code: police.liaison",
        "post code 'police.liaison'",
    ),
    "unit called territory": (
        "units.yaml",
        "- code: police",
        "- code: territory",
        "code: territory",
        "cannot be a unit's code",
    ),
    "double place name": ("places.yaml", "西边镇", "东镇", "code: west,", "already belongs to 'east'"),
    "double category name": ("categories.yaml", "name: 加班工资", "name: 欠薪", "name: 欠薪", "already belongs to"),
    "double alias by case": (
        "categories.yaml",
        "name: 噪声}",
        "name: 噪声, aliases: [WAGES]}",
        "WAGES",
        "already belongs to",
    ),
    "parent and code differ": (
        "categories.yaml",
        "parent: labour.wages}",
        "parent: noise}",
        "parent: noise",
        "its code says 'labour.wages'",
    ),
    "four levels": (
        "categories.yaml",
        "  - {code: noise,",
        "  - {code: labour.wages.arrears.sites, name: 工地欠薪, parent: labour.wages.arrears}\n  - {code: noise,",
        "工地欠薪",
        "4 levels deep",
    ),
    "private contact": (
        "units.yaml",
        "lead.police@example.invalid",
        '"13800000000"',
        "13800000000",
        "neither a placeholder",
    ),
    "contact of an unknown post": (
        "units.yaml",
        "post:desk.liaison",
        "post:nobody",
        "post:nobody",
        "neither a placeholder",
    ),
    # References
    "rule: unknown unit": ("jurisdiction.yaml", "unit: police", "unit: polcie", "polcie", "Did you mean 'police'"),
    "rule: unknown category": (
        "jurisdiction.yaml",
        "[noise]\n    unit",
        "[noize]\n    unit",
        "noize",
        "Did you mean 'noise'",
    ),
    "rule: unknown place": ("jurisdiction.yaml", "places: [east]", "places: [north]", "north", "'north' is not known"),
    "fallback: unknown unit": (
        "jurisdiction.yaml",
        "unit: territory\n    reason",
        "unit: nobody\n    reason",
        "nobody",
        "is not known",
    ),
    "fallback: unknown place": ("jurisdiction.yaml", 'places: ["*"]', 'places: ["*", north]', "north", "is not known"),
    "triage: unknown unit": ("jurisdiction.yaml", "unit: desk", "unit: disk", "disk", "Did you mean 'desk'"),
    "window: unknown unit": ("windows.yaml", "unit: desk", "unit: disk", "disk", "Did you mean 'desk'"),
    "director: unknown unit": ("centre.yaml", "[labour, police]", "[labour, army]", "army", "'army' is not known"),
    "grid: unknown township": (
        "places.yaml",
        "kind: micro, township: west",
        "kind: micro, township: south",
        "south",
        "is not known",
    ),
    "unit: unknown territory": ("units.yaml", "territory: west", "territory: north", "north", "is not known"),
    "limit: unknown category": ("limits.yaml", "categories: [labour]", "categories: [work]", "[work]", "is not known"),
    "category: unknown parent": (
        "categories.yaml",
        "parent: labour,",
        "parent: work,",
        "parent: work",
        "'work' is not known",
    ),
}


@pytest.mark.parametrize("name", PLANTS)
def test_is_found_with_file_line_and_advice(name: str, assert_found: Callable[..., None]) -> None:
    assert_found(*PLANTS[name])
