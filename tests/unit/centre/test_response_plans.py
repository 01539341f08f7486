"""出动预案: additive by level, each unit once."""

import pytest

from shared.centre.nouns import Level, ResponsePlan
from shared.centre.pack import CentrePack
from shared.centre.response import plan_for


def _plan(code: str, level: Level, *units: str, categories: tuple[str, ...] = ("labour",)) -> ResponsePlan:
    return ResponsePlan(id=code, categories=categories, level=level, units=units, why=f"样例：{code}")


@pytest.fixture
def pack(small: CentrePack) -> CentrePack:
    plans = (
        _plan("four", "IV", "desk"),
        _plan("three", "III", "labour", "police"),
        _plan("one", "I", "police", "east-office"),
        _plan("any", "I", "west-office", categories=("*",)),
        _plan("noise", "III", "police", categories=("noise",)),
    )
    return small.model_copy(update={"response_plans": plans})


@pytest.mark.parametrize(
    ("category", "level", "called"),
    [
        ("labour", "IV", [("desk", "four")]),
        ("labour", "III", [("labour", "three"), ("police", "three"), ("desk", "four")]),
        ("labour", "II", [("labour", "three"), ("police", "three"), ("desk", "four")]),
        (
            "labour.wages.arrears",  # a plan holds for all below its category
            "I",
            [
                ("police", "one"),  # the nearest level's why
                ("east-office", "one"),
                ("west-office", "any"),
                ("labour", "three"),
                ("desk", "four"),
            ],
        ),
        ("noise", "III", [("police", "noise")]),
        ("noise", "IV", []),
        ("help", "I", [("west-office", "any")]),
        (None, "I", [("west-office", "any")]),
        (None, "II", []),
        ("no.such", "II", []),
    ],
)
def test_a_level_calls_what_the_levels_below_it_call(
    pack: CentrePack, category: str | None, level: Level, called: list[tuple[str, str]]
) -> None:
    planned = plan_for(pack, category, level)

    assert [(each.unit, each.plan) for each in planned] == called
    assert all(each.why == f"样例：{each.plan}" for each in planned)


def test_without_plans_nobody_is_called(small: CentrePack) -> None:
    assert plan_for(small.model_copy(update={"response_plans": ()}), "help", "I") == ()
