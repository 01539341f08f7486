"""A rule that earlier rules wholly shadow is found, and never one that could still decide."""

from datetime import date, time
from itertools import chain, combinations, product
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.centre.check_reach import TIMED_MAX, unreachable_rules
from shared.centre.conditions import SOURCES
from shared.centre.jurisdiction import route
from shared.centre.load import load_pack
from shared.centre.locations import Locations
from shared.centre.nouns import LEVELS, Flag, Rule
from shared.centre.pack import CentrePack

SMALL = load_pack(Path(__file__).parent / "small_pack")
FLAGS = ("danger", "crowd")


def _rule(code: str, **conditions: Any) -> Rule:
    return Rule(**{"id": code, "categories": ("noise",), "unit": "police", "source": "样例"} | conditions)


def _dead(*rules: Rule) -> list[str]:
    """The ids of the rules that are reported as never reached."""
    faults = unreachable_rules(SMALL.model_copy(update={"rules": rules}), Locations())
    return [fault.what.split("'")[1] for fault in faults]


NIGHT = {"opens": time(20), "closes": time(6)}
YEAR = {"valid_from": date(2026, 1, 1), "valid_until": date(2026, 12, 31)}

DEAD: dict[str, list[Rule]] = {
    "levels together": [_rule("a", levels=("I", "II")), _rule("b", levels=("III", "IV")), _rule("dead")],
    "levels within": [_rule("a", levels=("I", "II")), _rule("dead", levels=("II",))],
    "sources together": [_rule("a", sources=SOURCES[:2]), _rule("b", sources=SOURCES[2:]), _rule("dead")],
    "more flags": [_rule("a", flags=("danger",)), _rule("dead", flags=("danger", "crowd"))],
    "days together": [_rule("a", days="workdays"), _rule("b", days="days_off"), _rule("dead")],
    "hours within": [_rule("a", **NIGHT), _rule("dead", opens=time(22), closes=time(5))],
    "hours together": [_rule("a", **NIGHT), _rule("b", opens=time(6), closes=time(20)), _rule("dead")],
    "half a day each": [_rule("a", closes=time(12)), _rule("b", opens=time(12)), _rule("dead", days="workdays")],
    "validity within": [_rule("a", **YEAR), _rule("dead", valid_from=date(2026, 3, 1), valid_until=date(2026, 3, 1))],
    "years on end": [
        _rule("a", **YEAR),
        _rule("b", valid_until=date(2025, 12, 31)),
        _rule("c", valid_from=date(2027, 1, 1)),
        _rule("dead"),
    ],
    "to the last day": [_rule("a", valid_until=date.max), _rule("dead", levels=("I",))],
    "from the first day": [_rule("a", valid_from=date.min), _rule("dead", levels=("I",))],
    "a condition that holds always": [_rule("a", levels=LEVELS, sources=SOURCES), _rule("dead", flags=("danger",))],
    "crosswise": [
        _rule("a", levels=("I",)),
        _rule("b", sources=("window",)),
        _rule("dead", levels=("I",), sources=SOURCES),
    ],
    "place within": [_rule("a", places=("east",), **NIGHT), _rule("dead", places=("east.g1",), **NIGHT)],
}
ALIVE: dict[str, list[Rule]] = {
    "levels but one": [_rule("a", levels=("I", "II")), _rule("b", levels=("III",)), _rule("c")],
    "fewer flags": [
        _rule("a", flags=("danger", "crowd")),
        _rule("b", flags=("danger",)),
        _rule("c", flags=("crowd",)),
        _rule("d"),
    ],
    "days but hours": [_rule("a", days="workdays"), _rule("b", days="days_off", **NIGHT), _rule("c")],
    "a night longer": [_rule("a", opens=time(22), closes=time(5)), _rule("b", **NIGHT)],
    "a minute between": [_rule("a", **NIGHT), _rule("b", opens=time(6, 1), closes=time(20)), _rule("c")],
    "Friday's night is not Saturday": [_rule("a", days="days_off"), _rule("b", days="workdays", **NIGHT)],
    "before it is valid": [_rule("a", valid_from=date(2026, 1, 2)), _rule("b", valid_until=date(2026, 1, 1))],
    "another level, another source": [
        _rule("a", levels=("I",), sources=("window",)),
        _rule("b", levels=("I",)),
        _rule("c", sources=("window",)),
    ],
    "another place": [
        _rule("a", places=("east",)),
        _rule("b", places=("west",), **NIGHT),
        _rule("c", places=("west",)),
    ],
}


@pytest.mark.parametrize("name", DEAD)
def test_a_rule_that_earlier_ones_shadow_is_found(name: str) -> None:
    assert _dead(*DEAD[name]) == ["dead"]


@pytest.mark.parametrize("name", ALIVE)
def test_a_rule_that_can_decide_is_not_called_dead(name: str) -> None:
    assert _dead(*ALIVE[name]) == []


def test_a_rule_that_can_never_hold_is_not_reported_twice() -> None:
    """Its own fault is told by another check."""
    assert _dead(_rule("backwards", valid_from=date(2026, 2, 1), valid_until=date(2026, 1, 1)), _rule("other")) == []


RULES = st.lists(
    st.builds(
        Rule,
        id=st.just("r"),
        categories=st.sampled_from([("noise",), ("labour",), ("labour.wages",), ("*",)]),
        places=st.sampled_from([("*",), ("east",), ("east.g1",), ("west",)]),
        levels=st.sets(st.sampled_from(LEVELS)).map(tuple),
        sources=st.sets(st.sampled_from(SOURCES), max_size=2).map(tuple),
        flags=st.sets(st.sampled_from(FLAGS)).map(tuple),
        unit=st.just("police"),
        source=st.just("样例"),
    ),
    max_size=7,
).map(lambda rules: tuple(rule.model_copy(update={"id": f"r{n}"}) for n, rule in enumerate(rules)))


@settings(max_examples=60, deadline=None)
@given(rules=RULES)
def test_without_time_the_finding_equals_trying_every_case(rules: tuple[Rule, ...]) -> None:
    pack = SMALL.model_copy(update={"rules": rules, "flags": tuple(Flag(code=each, name=each) for each in FLAGS)})

    assert set(_dead(*rules)) == {rule.id for rule in rules} - _winners(pack)


def _winners(pack: CentrePack) -> set[str | None]:
    flags = list(chain.from_iterable(combinations(FLAGS, size) for size in range(len(FLAGS) + 1)))
    cases = product(("noise", "labour", "labour.wages", "help"), ("east", "east.g1", "west"), LEVELS, SOURCES, flags)
    return {
        route(pack, category=category, place=place, level=level, source=source, flags=marked).rule_id
        for category, place, level, source, marked in cases
    }


def _with_times_of_its_own(number: int) -> Rule:
    opens = time(number // 4, 15 * (number % 4))
    return _rule(f"r{number}", opens=opens, valid_from=date(2026, 1, 1 + number % 28), days="workdays")


def test_as_many_rules_with_times_of_their_own_as_are_let_in_are_proved_in_time() -> None:
    started = process_time()
    assert _dead(*map(_with_times_of_its_own, reversed(range(TIMED_MAX)))) == []
    assert process_time() - started < 5


def test_more_are_refused_in_words_and_not_worked_on_without_end() -> None:
    rules = tuple(map(_with_times_of_its_own, range(TIMED_MAX + 1)))
    (fault,) = unreachable_rules(SMALL.model_copy(update={"rules": rules}), Locations())
    assert fault.what.startswith("41 rules with hours, days or dates compete for one matter at one place: 'r0', 'r1'")
    assert "at most 40" in fault.advice
