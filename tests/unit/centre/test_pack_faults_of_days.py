"""Faults of office hours, local days and counting styles, planted one at a time."""

from collections.abc import Callable

import pytest

DIRECTORS = "directors: [labour, police]\n"
AFTERNOON = '    - {opens: "14:30", closes: "17:30"}\n'
TYPHOON = "{from: 2026-07-14, to: 2026-07-15, reason: 台风"


def listed(**sections: str) -> tuple[str, str, str]:
    return "centre.yaml", DIRECTORS, "".join(f"{name}:\n{text}" for name, text in sections.items()) + DIRECTORS


def hours(text: str) -> tuple[str, str, str]:
    return "centre.yaml", AFTERNOON, AFTERNOON + text


def season(begins: str, ends: str, opens: str = "08:00") -> str:
    return f'    - {{from: "{begins}", to: "{ends}", sessions: [{{opens: "{opens}", closes: "12:00"}}]}}\n'


# file, old text, new text; marker of the faulty line, words of the fault
PLANTS: dict[str, tuple[tuple[str, str, str], str, str]] = {
    "a weekday backwards": (
        hours('  weekdays:\n    friday: [{opens: "12:00", closes: "08:00"}]\n'),
        "friday",
        "hours of friday run backwards",
    ),
    "a weekday without hours": (hours("  weekdays:\n    friday: []\n"), "friday", "at least one"),
    "a weekday misspelt": (hours("  weekdays:\n    fryday: []\n"), "fryday", "Write 'friday'"),
    "a session of seconds": (
        hours('  weekdays:\n    friday: [{opens: "08:00:10", closes: "08:00:50"}]\n'),
        "friday",
        "hours of friday run backwards",
    ),
    "a season backwards in the day": (
        hours("  seasons:\n" + season("06-01", "09-30", "13:00")),
        "06-01",
        "office hours run backwards",
    ),
    "a season of 30 February": (hours("  seasons:\n" + season("02-30", "09-30")), "02-30", "a year has, e.g. 06-01"),
    "a season badly written": (hours("  seasons:\n" + season("6-1", "09-30")), "6-1", "a year has, e.g. 06-01"),
    "seasons that overlap": (
        hours("  seasons:\n" + season("06-01", "09-30") + season("09-30", "11-30")),
        'from: "09-30"',
        "both hold on 09-30",
    ),
    "seasons that overlap over New Year": (
        hours("  seasons:\n" + season("11-01", "02-28") + season("02-01", "03-31")),
        'from: "02-01"',
        "both hold on 02-01",
    ),
    "a closure backwards": (
        listed(closures="  - {from: 2026-07-15, to: 2026-07-14, reason: 台风}\n"),
        "2026-07-15",
        "from 2026-07-15 back to 2026-07-14",
    ),
    "a closure of centuries": (
        listed(closures="  - {from: 2026-07-15, to: 9026-07-16, reason: 台风}\n"),
        "2026-07-15",
        "more than a year",
    ),
    "a closure without reason": (listed(closures="  - {from: 2026-07-15}\n"), "2026-07-15", "'reason' is missing"),
    "a closure without a day": (listed(closures="  - {reason: 台风}\n"), "reason: 台风", "'from' is missing"),
    "a closure of an unknown township": (
        listed(closures=f"  - {TYPHOON}, townships: [wets]}}\n"),
        "wets",
        "Did you mean 'west'?",
    ),
    "closed twice": (
        listed(closures=f"  - {TYPHOON}}}\n  - {{from: 2026-07-15, reason: 停水}}\n"),
        "停水",
        "2026-07-15 is listed twice: under closures[1]",
    ),
    "closed and worked": (
        listed(closures=f"  - {TYPHOON}}}\n", openings="  - {from: 2026-07-12, to: 2026-07-14, reason: 补班}\n"),
        "补班",
        "2026-07-14 is listed twice: under closures[1]",
    ),
    "closed and worked in one township": (
        listed(
            closures=f"  - {TYPHOON}, townships: [west, east]}}\n",
            openings="  - {from: 2026-07-14, reason: 补班, townships: [east]}\n",
        ),
        "补班",
        "2026-07-14 is listed twice for the township 'east'",
    ),
    "worked, though on the list of holidays": (
        listed(openings="  - {from: 2025-03-03, reason: 补班}\n"),
        "补班",
        "2025-03-03 is listed twice: under holidays[1]",
    ),
    "elapsed hours": (
        ("limits.yaml", "amount: 2, unit: hour", "amount: 2, unit: hour, style: elapsed"),
        "style: elapsed",
        "counts hour elapsed",
    ),
    "an unknown style": (
        ("limits.yaml", "amount: 2, unit: hour", "amount: 2, unit: hour, style: quick"),
        "style: quick",
        "'statute' or 'elapsed'",
    ),
    "more working days than the calendar counts": (
        ("limits.yaml", "amount: 2, unit: working_day", "amount: 2501, unit: working_day"),
        "amount: 2501",
        "from 1 to 2500 working_day",
    ),
}


@pytest.mark.parametrize("name", PLANTS)
def test_is_found_with_file_line_and_advice(name: str, assert_found: Callable[..., None]) -> None:
    planted, at, says = PLANTS[name]
    assert_found(*planted, at, says)
