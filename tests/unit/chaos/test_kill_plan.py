"""The same seed brings the same blows, all of them while the office is open."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from deploy.packs import default_pack
from tests.support.chaos.kill_plan import Victim, draw_kills
from tests.support.chaos.workload import come_in_by, compressed, midnight_before, plan_workload, sessions_of
from tests.support.times import MONDAY_MORNING

DAYS = 6  # Monday to Saturday's Monday: a weekend lies in between


def test_a_seed_can_be_had_again() -> None:
    sessions = sessions_of(default_pack(), MONDAY_MORNING, DAYS)
    assert draw_kills(7, sessions, 50) == draw_kills(7, sessions, 50)
    assert draw_kills(7, sessions, 50) != draw_kills(8, sessions, 50)


def test_blows_fall_in_order_while_the_office_is_open() -> None:
    sessions = sessions_of(default_pack(), MONDAY_MORNING, DAYS)
    kills = draw_kills(7, sessions, 200)
    assert [kill.at for kill in kills] == sorted(kill.at for kill in kills)
    assert all(any(opens <= kill.at <= closes for opens, closes in sessions) for kill in kills)
    assert {kill.at.astimezone(MONDAY_MORNING.tzinfo).weekday() for kill in kills} == {0, 1, 2, 3, 4}


def test_everybody_is_hit_and_sometimes_two_at_once() -> None:
    kills = draw_kills(7, sessions_of(default_pack(), MONDAY_MORNING, DAYS), 200)
    hit = Counter(victim for kill in kills for victim in kill.victims)
    assert hit.keys() == set(Victim)
    assert hit.most_common(1)[0][0] is Victim.ESCALATION
    assert 20 <= sum(len(kill.victims) == 2 for kill in kills) <= 60


def test_a_workload_spreads_its_cases_over_working_days() -> None:
    plan = plan_workload(default_pack(), first_day=MONDAY_MORNING, days=DAYS, cases=100, seed=7)
    assert [case.number for case in plan.cases] == list(range(100))
    per_day = Counter(case.enters_at // timedelta(days=1) for case in plan.cases)
    assert sorted(per_day) == [0, 1, 2, 3, 4, 7]
    assert set(per_day.values()) == {16, 17}


def test_nothing_comes_in_between_one_evening_and_the_next_morning() -> None:
    plan = plan_workload(default_pack(), first_day=MONDAY_MORNING, days=2, cases=100, seed=7)
    by = [come_in_by(plan, timedelta(hours=hour)) for hour in (0, 8, 18, 24 + 8, 24 + 18)]
    assert by == [0, 0, 50, 50, 100]
    assert come_in_by(plan, plan.cases[0].enters_at) == 1


def test_a_plan_counts_from_midnight_where_the_centre_is() -> None:
    at = midnight_before(default_pack(), datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    assert at == datetime(2026, 11, 22, 16, tzinfo=UTC)


def test_a_workload_can_be_pressed_into_a_morning() -> None:
    plan = plan_workload(default_pack(), first_day=MONDAY_MORNING, days=1, cases=10, seed=7)
    pressed = compressed(plan, timedelta(hours=9), timedelta(minutes=30))
    assert [case.number for case in pressed.cases] == [case.number for case in plan.cases]
    assert all(timedelta(hours=9) <= case.enters_at < timedelta(hours=9.5) for case in pressed.cases)
