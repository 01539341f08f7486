"""Faults of ladder steps that order, and of the lines of accountability, planted one at a time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.centre.load import load_pack
from shared.centre.pack import Accountability, CentrePack

LADDERS, CENTRE = "ladders.yaml", "centre.yaml"
STEP = "{from: due, minutes: 0, notify: [liaison_officer], action: overdue}"
UNITS = (
    "accept, dispatch, sign_off, return, handle, report_back, verify, follow_up, contact, deferral, supervision]",
    "accept, dispatch, verify, follow_up, deferral, supervision]",
)
LAST = "      - {from: start, minutes: 60, unless: arrived, action: end}\n"


def unit_ladder(*steps: str) -> str:
    rungs = "".join(f"      - {step}\n" for step in steps)
    return f"{LAST}  - id: unit\n    stages: [sign_off, return, handle, report_back, contact]\n    steps:\n{rungs}"


@pytest.fixture
def with_units(plant: Callable[[str, str, str], Path]) -> Callable[..., Path]:
    def add(*steps: str) -> Path:
        plant(LADDERS, *UNITS)
        return plant(LADDERS, LAST, unit_ladder(*steps))

    return add


def test_orders_that_rise_are_taken(with_units: Callable[..., Path]) -> None:
    folder = with_units(
        "{from: due, minutes: 1440, action: supervise, level: reminder}",
        "{from: due, minutes: 4320, notify: [unit_lead], action: supervise, level: listed}",
    )
    assert [step.level for step in load_pack(folder).ladder_for("handle").steps] == ["reminder", "listed"]


PLANTS = {
    "no level": ("{from: due, minutes: 9, action: supervise}", "has no level"),
    "no order": ("{from: due, minutes: 9, notify: [unit_lead], level: listed}", "has a level but no order"),
    "before the time is up": (
        "{from: start, minutes: 9, action: supervise, level: listed}",
        "supervises before the time is up",
    ),
    "unknown level": ("{from: due, minutes: 9, action: supervise, level: letter}", "'letter' does not fit"),
}


@pytest.mark.parametrize("name", PLANTS)
def test_a_faulty_step_is_found(name: str, plant: Callable[..., Path], assert_found: Callable[..., None]) -> None:
    step, says = PLANTS[name]
    plant(LADDERS, *UNITS)
    assert_found(LADDERS, LAST, unit_ladder(step), step, says)


def test_an_order_that_does_not_rise(plant: Callable[..., Path], assert_found: Callable[..., None]) -> None:
    first, second = (f"{{from: due, minutes: {at}, action: supervise, level: written_order}}" for at in (9, 10))
    plant(LADDERS, *UNITS)
    assert_found(LADDERS, LAST, unit_ladder(first, second), second, "weighs as much or more")


def test_only_a_unit_is_supervised(assert_found: Callable[..., None]) -> None:
    step = "{from: due, minutes: 9, action: supervise, level: listed}"
    assert_found(LADDERS, f"      - {STEP}", f"      - {STEP}\n      - {step}", step, "supervises the stage 'accept'")


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("overdue_days: 0", "0 does not fit"),
        ("unanswered_days: 400", "400 does not fit"),
        ("reopened_times: 0", "0 does not fit"),
        ("appeal_days: soon", "'soon' does not fit"),
        ("absent: perhaps", "'perhaps' does not fit"),
        ("overdue_hours: 3", "overdue_hours"),
    ],
)
def test_a_faulty_line_of_accountability_is_found(written: str, says: str, assert_found: Callable[..., None]) -> None:
    old = "handing: {returns_to_director: 2, hops_max: 4}"
    assert_found(CENTRE, old, f"{old}\naccountability: {{{written}}}", "accountability:", says)


def test_the_lines_are_each_centre_s_own(quanzhou: CentrePack, lettered: CentrePack, small: CentrePack) -> None:
    assert (quanzhou.accountability.overdue_days, lettered.accountability.overdue_days) == (5, 4)
    assert lettered.accountability.absent is False
    assert small.accountability == Accountability(), "the presets"
