"""Rates by the published formulas, verdicts of promises, periods in whole days."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.console.model import FigureAct, FigureCase, FigurePromise
from services.console.policy.figures import COUNTED, promise_change, verdict_of
from services.console.policy.figures.lens import lens_of, only, step_for
from services.console.policy.figures.question import question_of
from services.console.policy.figures.rates import FollowUps, Promises, Rate
from shared.contracts.catalogue import EVENTS
from tests.unit.console.given import CLOCKS, clock

ZONE = "Asia/Shanghai"
T = datetime(2026, 11, 30, 1, tzinfo=UTC)
STAGES = frozenset({"sign_off", "handle"})


def test_nothing_to_divide_by_is_no_rate() -> None:
    assert Rate(0, 0).percent is None
    assert Promises(exempt=3, void=2, open=4).rate.percent is None


@pytest.mark.parametrize(
    ("good", "of", "percent"), [(0, 5, 0.0), (5, 5, 100.0), (1, 3, 33.3), (9999, 10_000, 99.9), (1, 9_000, 0.1)]
)
def test_a_share_that_is_not_whole_never_reads_as_all_or_nothing(good: int, of: int, percent: float) -> None:
    assert Rate(good, of).percent == percent


def test_what_is_exempt_does_not_count_and_is_shown() -> None:
    kept = Promises(in_time=3, late=1, exempt=2)
    assert (kept.due, kept.rate.percent, kept.exempt) == (4, 75.0, 2)
    assert kept + Promises(late=1) == Promises(in_time=3, late=2, exempt=2)


def test_basically_satisfied_weighs_nine_tenths() -> None:
    said = FollowUps(attempts=12, valid=10, responded=9, solved=8, satisfied=6, basically=2, dissatisfied=2)
    assert said.satisfaction.percent == 78.0
    assert (said.response.percent, said.resolution.percent) == (90.0, 80.0)


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({}, "open"),
        ({"met_at": T, "ended_at": T}, "in_time"),
        ({"fired_at": T}, "late"),
        ({"fired_at": T, "met_at": T, "ended_at": T}, "late"),
        ({"fired_at": T, "ended_at": T, "reason": "closed"}, "late"),
        ({"ended_at": T, "reason": "returned"}, "void"),
        ({"ended_at": T, "reason": "stood_down"}, "void"),
        ({"ended_at": T, "reason": "not_arrived"}, "late"),
        ({"fired_at": T, "exempted_at": T}, "exempt"),
        ({"exempted_at": T}, "open"),
    ],
)
def test_the_verdict(facts: dict[str, Any], verdict: str) -> None:
    blank = dict.fromkeys(("met_at", "fired_at", "ended_at", "reason", "exempted_at"))
    assert verdict_of(**{**blank, **facts}) == verdict


def test_an_appeal_heard_before_its_clock_gives_the_same() -> None:
    granted = EVENTS["escalation.appeal.granted"].model_validate(
        {
            "case_id": "00000000-0000-0000-0000-000000000001",
            "case_code": "26-0000104-5",
            "appeal_id": "00000000-0000-0000-0000-0000000000d1",
            "clock": "sign_off:1",
            "stage": "sign_off",
            "unit": "police",
            "decided_by": "commander.1",
            "exempted_at": T,
        }
    )
    own = [EVENTS[name].model_validate(data) for name, data in (CLOCKS[2], CLOCKS[6])]
    ends = set[tuple[Any, ...]]()
    for order in permutations([granted, *own]):
        if order.index(own[0]) > order.index(own[1]):
            continue  # one chain, one order
        kept = FigurePromise(clock="sign_off:1")
        for one in order:
            told = promise_change(one)
            assert told is not None
            kept.take(told[1])
        ends.add((kept.verdict, kept.unit, kept.counted_at, kept.due_at))
    assert len(ends) == 1
    assert ends.pop()[0] == "exempt"


def test_a_right_is_no_promise_and_a_post_of_the_centre_no_unit() -> None:
    name, data = clock("armed", "return:1", "return", 0)
    assert promise_change(EVENTS[name].model_validate(data)) is None
    name, data = clock("armed", "accept:1", "accept", 0)
    told = promise_change(EVENTS[name].model_validate(data))
    assert told is not None
    assert told[1]["unit"] is None


def test_only_events_are_counted_and_no_fact_has_room_for_a_person_or_a_word() -> None:
    assert set(EVENTS) >= COUNTED
    known = {"category", "place", "level", "window", "case_id", "case_code", "unit", "outcome", "reason", "source"}
    keys = {"clock", "act_id", "kind", "stage", "verdict", "drill", "reached", "solved", "responded", "at"}
    instants = {f"{name}_at" for name in ("registered", "over", "counted", "started", "due", "met", "fired", "ended")}
    for facts in (FigureCase, FigurePromise, FigureAct):
        assert {each.key for each in facts.__mapper__.column_attrs} <= known | keys | instants | {"exempted_at"}


@settings(deadline=None)
@given(st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(0, 400), st.sampled_from(["day", "week", "month"]))
def test_steps_cover_the_period_once(since: date, days: int, step: Any) -> None:
    until, local = since + timedelta(days=days), ZoneInfo(ZONE)
    lens = lens_of(since, until, now=datetime(2030, 1, 1, tzinfo=UTC), zone=ZONE, step=step)
    steps = lens.steps()
    assert steps == sorted(set(steps))
    assert steps[0] <= since
    assert steps[-1] <= until
    assert (lens.start.astimezone(local).date(), (lens.end - timedelta(seconds=1)).astimezone(local).date()) == (
        since,
        until,
    )


def test_a_period_that_is_none_is_refused_and_a_long_one_is_cut_coarser() -> None:
    for since, until in ((date(2026, 2, 1), date(2026, 1, 1)), (date(2020, 1, 1), date(2026, 1, 1))):
        with pytest.raises(ValueError, match="period"):
            lens_of(since, until, now=T, zone=ZONE)
    assert [step_for(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=n)) for n in (30, 90, 365)] == [
        *("day", "week", "month")
    ]


def test_a_unit_and_a_window_see_their_own_whatever_the_address_says() -> None:
    asked = lens_of(date(2026, 1, 1), date(2026, 1, 2), now=T, zone=ZONE)
    assert only(asked, unit="police", window=None).unit == "police"
    assert only(only(asked, unit="court", window=None), unit="police", window=None).unit == "police"
    assert only(asked, unit=None, window="w1").window == "w1"
    assert only(asked, unit="", window=None).unit == "", "whoever should act for a unit and names none sees nothing"


@pytest.mark.parametrize(
    "fields", [{}, {"of": "persons"}, {"of": "promise", "stage": "x"}, {"of": "open", "lamp": "x"}]
)
def test_a_list_nobody_keeps_is_refused_by_its_field(fields: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"of|stage|lamp"):
        question_of(fields, STAGES)


def test_what_is_asked_of_a_list() -> None:
    asked = question_of({"of": "promise", "stage": "sign_off", "verdict": "due", "drill": "yes"}, STAGES)
    assert (asked.of, asked.stage, asked.verdict, asked.drill) == ("promise", "sign_off", "due", True)
