"""A planned day: drawn from a seed, of every kind a centre knows, and with nobody real in it."""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.demo.conduct import handling_units
from deploy.demo.matters import MATTERS, matters_for
from deploy.demo.plan import DayPlan, plan_day
from deploy.packs import default_pack, general_window
from shared.centre.load import load_pack
from shared.centre.pack import CentrePack
from shared.contracts.escalation import VerificationOutcome
from shared.contracts.intake import DissatisfactionCause, Source

LETTERED = Path(__file__).parents[2] / "packs" / "lettered-places"


@pytest.fixture(scope="module")
def pack() -> CentrePack:
    return default_pack()


@pytest.fixture(scope="module")
def day(pack: CentrePack) -> DayPlan:
    return plan_day(pack, cases=2_000, seed=7)


def share(day: DayPlan, holds: list[bool]) -> float:
    return sum(holds) / len(day.cases)


def test_the_same_seed_brings_the_same_plan(pack: CentrePack) -> None:
    assert plan_day(pack, cases=60, seed=7) == plan_day(pack, cases=60, seed=7)
    assert plan_day(pack, cases=60, seed=7) != plan_day(pack, cases=60, seed=8)


def test_cases_enter_one_after_the_other_in_office_hours(day: DayPlan, pack: CentrePack) -> None:
    entries = [case.enters_at for case in day.cases]
    assert entries == sorted(entries)
    assert [case.number for case in day.cases] == list(range(2_000))
    sessions = [
        (timedelta(hours=s.opens.hour, minutes=s.opens.minute), timedelta(hours=s.closes.hour, minutes=s.closes.minute))
        for s in pack.office_hours.sessions
    ]
    assert all(any(opens <= at <= closes for opens, closes in sessions) for at in entries)


def test_all_four_sources_bring_cases_and_the_window_most(day: DayPlan) -> None:
    sources = Counter(case.source for case in day.cases)
    assert set(sources) == set(Source)
    assert sources.most_common(1)[0][0] is Source.WINDOW


def test_most_cases_are_ordinary_and_a_few_are_grave(day: DayPlan) -> None:
    levels = Counter(case.level for case in day.cases)
    assert levels["IV"] > 0.8 * 2_000
    assert 0 < levels["I"] < levels["II"] < levels["III"] < levels["IV"]


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("unplaced", 0.03, 0.1),
        ("declined", 0.02, 0.06),
        ("handled here", 0.04, 0.12),
        ("returned", 0.04, 0.08),
        ("late", 0.03, 0.07),
        ("not verified at first", 0.03, 0.07),
        ("dissatisfied", 0.025, 0.06),
        ("unreached", 0.04, 0.12),
    ],
)
def test_what_goes_wrong_goes_wrong_about_as_often_as_it_does(day: DayPlan, name: str, low: float, high: float) -> None:
    shares = {
        "unplaced": [case.category is None or case.place is None for case in day.cases],
        "declined": [case.conduct.declined is not None for case in day.cases],
        "handled here": [case.conduct.handled_here_after is not None for case in day.cases],
        "returned": [case.conduct.unit.returns is not None for case in day.cases],
        "late": [case.conduct.unit.late for case in day.cases],
        "not verified at first": [
            case.conduct.first_verification is not VerificationOutcome.SOLVED for case in day.cases
        ],
        "dissatisfied": [case.conduct.mood.cause is DissatisfactionCause.UNIT for case in day.cases],
        "unreached": [case.conduct.mood.unreached > 0 for case in day.cases],
    }
    assert low <= share(day, shares[name]) <= high


def test_a_summons_for_every_forty_cases_with_two_to_five_units(day: DayPlan, pack: CentrePack) -> None:
    summonses = [case.summons for case in day.cases if case.summons is not None]
    assert len(summonses) == 50
    units = [unit for summons in summonses for unit in summons.units]
    assert all(2 <= len(summons.units) <= 5 for summons in summonses)
    assert all(len({unit.unit for unit in summons.units}) == len(summons.units) for summons in summonses)
    assert {unit.unit for unit in units} <= set(handling_units(pack))
    in_time = sum(unit.arrives_after is not None and unit.arrives_after < timedelta(minutes=20) for unit in units)
    assert in_time > 0.7 * len(units)
    assert any(unit.arrives_after is None for unit in units)
    assert any(unit.arrives_after is not None and unit.arrives_after > timedelta(minutes=20) for unit in units)


def test_a_small_day_has_a_summons_too(pack: CentrePack) -> None:
    assert sum(case.summons is not None for case in plan_day(pack, cases=25, seed=7).cases) == 1


def test_nobody_real_is_in_it(day: DayPlan) -> None:
    for case in day.cases:
        numbers = re.findall(r"\d{7,}", f"{case.matter} {case.requester.phone or ''}")
        assert all(re.fullmatch(r"1380000\d{4}", number) for number in numbers)
        assert case.requester.name is None or case.requester.name.startswith("测试")
    assert any("联系电话" in case.matter for case in day.cases), "a number in the text has to be tried as well"


def test_a_plan_does_not_print_what_a_requester_said(day: DayPlan) -> None:
    case = next(case for case in day.cases if case.requester.phone is not None)
    assert case.matter not in repr(case)
    assert str(case.requester.phone) not in repr(case)


def test_every_sentence_is_of_a_category_of_the_default_pack(pack: CentrePack) -> None:
    assert len(MATTERS) >= 40
    leaves = {category.code for category in pack.leaf_categories}
    assert {matter.category for matter in MATTERS} <= leaves
    assert {matter.category for matter in matters_for(pack)} == leaves


def test_another_pack_needs_no_other_code() -> None:
    pack = load_pack(LETTERED)
    day = plan_day(pack, cases=40, seed=1)
    assert {case.window for case in day.cases} <= {window.code for window in pack.windows}
    assert {case.category for case in day.cases} - {None} <= {category.code for category in pack.categories}
    assert general_window(pack) in {window.code for window in pack.windows}
