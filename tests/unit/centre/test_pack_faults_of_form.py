"""Faults of YAML and of the schema, planted one at a time."""

from collections.abc import Callable

import pytest

Planted = tuple[
    str, ...
]  # file, old text, new text, marker of the faulty line, words of the fault, its file if another

PLANTS: dict[str, Planted] = {
    # YAML
    "syntax": ("units.yaml", "kind: centre", "kind: [centre", "presence: resident", "not valid YAML"),
    "tab": ("units.yaml", "    name: 调度席", "\tname: 调度席", "\tname: 调度席", "not valid YAML"),
    "double key": ("units.yaml", "short: 劳动", "name: 劳动", "name: 劳动\n", "'name' is written twice"),
    "alias": (
        "centre.yaml",
        "directors: [labour, police]",
        "directors: [&a labour, *a]",
        "*a",
        "used again as an alias",
    ),
    "tag": ("centre.yaml", "centre: sm", "centre: !!python/name:os sm", "!!python", "has no meaning in a pack"),
    "not a mapping": ("windows.yaml", "windows:\n", "", "- {code: general", "begin with a section"),
    # Schema
    "unknown field": ("units.yaml", "presence: rotating", "precense: rotating", "precense", "Write 'presence'"),
    "missing field": ("windows.yaml", ", unit: desk", "", "code: general", "'unit' is missing"),
    "no liaison": (
        "units.yaml",
        "    liaison: {code: police",
        "    lead_2: {code: police",
        "code: police\n",
        "'liaison' is missing",
    ),
    "no lead": (
        "units.yaml",
        "    lead: {code: police.lead, title: 分管领导, contact: lead.police@example.invalid}\n",
        "",
        "code: police\n",
        "'lead' is missing",
    ),
    "wrong type": ("limits.yaml", "amount: 2, unit: hour", "amount: two, unit: hour", "amount: two", "'two'"),
    "number for text": ("places.yaml", "code: east, name", "code: 350521, name", "350521", "Put it in quotes"),
    "fraction": ("limits.yaml", "amount: 2, unit: hour", "amount: 2.5, unit: hour", "amount: 2.5", "integer"),
    "unknown word": ("units.yaml", "presence: rotating", "presence: sometimes", "sometimes", "'on_call'"),
    "bad code": ("windows.yaml", "code: general", "code: General Desk", "General Desk", "small letters"),
    "bad time zone": ("centre.yaml", "Asia/Shanghai", "Asia/Nowhere", "Nowhere", "no time zone"),
    "bad date": ("centre.yaml", "2025-03-03", "2025-02-30", "2025-02-30", "does not fit"),
    "no source": (
        "limits.yaml",
        "unit: hour, levels: [I], source: 样例",
        "unit: hour, levels: [I]",
        "handle-emergency",
        "'source' is missing",
    ),
    "empty source": (
        "limits.yaml",
        "levels: [I], source: 样例",
        'levels: [I], source: " "',
        "handle-emergency",
        "too short",
    ),
    "one-letter place": ("places.yaml", "name: 东镇}", "name: 东}", "code: east,", "too short"),
    "no directors": ("centre.yaml", "[labour, police]", "[]", "directors", "at least one"),
    "line by hand": ("jurisdiction.yaml", "  - id: labour\n", "  - id: labour\n    line: 3\n", "line: 3", "by hand"),
    "section in the wrong file": (
        "windows.yaml",
        "windows:\n",
        "units: []\nwindows:\n",
        "units: []",
        "Move it to units.yaml",
    ),
    "misspelt section": ("windows.yaml", "windows:\n", "window:\n", "window:", "Write 'windows'"),
}


@pytest.mark.parametrize("name", PLANTS)
def test_is_found_with_file_line_and_advice(name: str, assert_found: Callable[..., None]) -> None:
    assert_found(*PLANTS[name])
