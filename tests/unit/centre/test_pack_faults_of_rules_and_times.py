"""Faults of the duty table, the limits, ladders and hours, planted one at a time."""

from collections.abc import Callable

import pytest

Planted = tuple[
    str, ...
]  # file, old text, new text, marker of the faulty line, words of the fault, its file if another

PLANTS: dict[str, Planted] = {
    # The duty table
    "hole in the table": (
        "jurisdiction.yaml",
        'places: ["*"]',
        "places: [east]",
        "code: help",
        "nobody owns the category 'help' at 2 places",
        "categories.yaml",
    ),
    "shadowed rule": (
        "jurisdiction.yaml",
        "categories: [noise]\n    places: [east.g1, west.g1]",
        "categories: [labour.wages]\n    places: [east.g1, west.g1]",
        "id: noise-grid",
        "'labour' above it",
    ),
    "shadowed by two together": (
        "jurisdiction.yaml",
        "  - id: noise\n    categories: [noise]\n    unit: police",
        "  - id: noise\n    categories: [noise]\n    unit: police\n    source: 样例\n"
        "  - id: late\n    categories: [noise]\n    places: [east]\n    unit: police",
        "id: late",
        "'noise-grid', 'noise' above it",
    ),
    "township without unit": (
        "units.yaml",
        "    territory: west\n",
        "",
        "code: west,",
        "no unit answers for it",
        "places.yaml",
    ),
    "township unit without territory": (
        "units.yaml",
        "    territory: west\n",
        "",
        "code: west-office",
        "has no territory",
    ),
    "two units for one territory": (
        "units.yaml",
        "territory: west",
        "territory: east",
        "territory: east\n    liaison: {code: west",
        "both answer for",
    ),
    # Times
    "limit zero": ("limits.yaml", "amount: 2, unit: hour", "amount: 0, unit: hour", "amount: 0", "not a usable length"),
    "limit negative": (
        "limits.yaml",
        "amount: 2, unit: hour",
        "amount: -2, unit: hour",
        "amount: -2",
        "not a usable length",
    ),
    "limit absurd": (
        "limits.yaml",
        "amount: 3, unit: month",
        "amount: 122, unit: month",
        "amount: 122",
        "not a usable length",
    ),
    "warning after due": ("limits.yaml", "[50, 80]", "[50, 120]", "[50, 120]", "rising percentages"),
    "arrival in office hours": (
        "limits.yaml",
        "amount: 20, unit: minute",
        "amount: 20, unit: working_minute",
        "id: arrival",
        "stops with office hours",
    ),
    "no arrival limit": (
        "limits.yaml",
        "stage: arrival",
        "stage: verify, levels: [I]",
        "limits:",
        "'arrival' has no general limit",
    ),
    "no general limit": (
        "limits.yaml",
        "{id: sign-off, stage: sign_off,",
        "{id: sign-off, stage: sign_off, levels: [I],",
        "limits:",
        "'sign_off' has no general limit",
    ),
    "rival limits": (
        "limits.yaml",
        "categories: [labour.wages.arrears]",
        "categories: [help, labour]",
        "handle-arrears",
        "'handle-labour' and 'handle-arrears'",
    ),
    "rival limits of one mode": (
        "limits.yaml",
        "  - {id: handle-emergency, stage: handle, amount: 2, unit: hour, levels: [I]",
        "  - {id: surge, stage: handle, amount: 2, unit: hour, modes: [normal, surge], source: 样例}\n"
        "  - {id: handle-emergency, stage: handle, amount: 2, unit: hour, modes: [surge]",
        "id: handle-emergency",
        "'surge' and 'handle-emergency'",
    ),
    "a limit of one mode only": (
        "limits.yaml",
        "{id: sign-off, stage: sign_off,",
        "{id: sign-off, stage: sign_off, modes: [normal],",
        "limits:",
        "'sign_off' has no general limit",
    ),
    "a mode nobody knows": (
        "limits.yaml",
        "{id: sign-off, stage: sign_off,",
        "{id: sign-off, stage: sign_off, modes: [war],",
        "id: sign-off",
        "'war' does not fit",
    ),
    "a ladder of one mode only": (
        "ladders.yaml",
        "  - id: others\n",
        "  - id: others\n    modes: [normal]\n",
        "ladders:",
        "'verify' has no ladder",
    ),
    "two ladders in one mode": (
        "ladders.yaml",
        "  - id: others\n",
        "  - id: hurried\n    modes: [surge, surge.I]\n    stages: [verify]\n"
        "    steps: [{from: due, minutes: 0, action: overdue}]\n"
        "  - id: highest\n    modes: [surge.I]\n    stages: [verify]\n"
        "    steps: [{from: due, minutes: 0, action: overdue}]\n"
        "  - id: others\n",
        "stages: [verify]\n    steps: [{from: due, minutes: 0, action: overdue}]\n  - id: others",
        "in the ladders 'hurried' and 'highest'",
    ),
    "no ladder": (
        "ladders.yaml",
        "report_back, verify, follow_up",
        "report_back, follow_up",
        "ladders:",
        "'verify' has no ladder",
    ),
    "two ladders": (
        "ladders.yaml",
        "[accept,",
        "[arrival, accept,",
        "[arrival, accept",
        "in the ladders 'arrival' and 'others'",
    ),
    "endless summons": ("ladders.yaml", "action: end", "action: remind", "    steps:", "never ends"),
    "step before its start": ("ladders.yaml", "minutes: 60", "minutes: -60", "minutes: -60", "-60 minutes away"),
    "idle step": (
        "ladders.yaml",
        "minutes: 0, notify: [liaison_officer]}",
        "minutes: 0}",
        "minutes: 0}",
        "tells nobody",
    ),
    "hours backwards": ("centre.yaml", '"14:30"', '"11:30"', "office_hours", "backwards or overlap"),
    "holiday and workday": ("centre.yaml", "2025-03-08", "2025-03-03", "extra_workdays", "both a holiday"),
}


@pytest.mark.parametrize("name", PLANTS)
def test_is_found_with_file_line_and_advice(name: str, assert_found: Callable[..., None]) -> None:
    assert_found(*PLANTS[name])
