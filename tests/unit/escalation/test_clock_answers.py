"""What a unit answers, and what reaches nobody, changes when the ladder is climbed; never how often."""

import pytest

from services.escalation.model import CaseClocks, Clock
from services.escalation.policy.agenda import Progress, Told, climbed_after, next_rung, thawed
from services.escalation.policy.obligations import CaseFacts, Obligation, Which
from services.escalation.policy.terms import terms_of
from shared.centre.pack import CentrePack, Ladder
from shared.contracts.escalation import ClockEvent, ClockOverdue, NoticeIssued
from tests.unit.escalation.given import UNIT, Story, at, quanzhou

LIAISON, LEAD = Told(post="liaison_officer", unit=UNIT), Told(post="unit_lead", unit=UNIT)
RUNGS = (
    {"from": "start", "minutes": 0, "notify": ["liaison_officer"]},
    {"from": "start", "minutes": 3, "unless": "acknowledged", "notify": ["liaison_officer", "unit_lead"]},
    {"from": "acknowledged", "minutes": 5, "unless": "on_the_way", "notify": ["liaison_officer", "unit_lead"]},
    {"from": "start", "minutes": 15, "unless": "arrived", "notify": ["liaison_officer"], "action": "remind"},
    {"from": "due", "minutes": 0, "notify": ["duty_director", "commander"], "action": "overdue"},
    {"from": "start", "minutes": 60, "unless": "arrived", "action": "end"},
)


def pack() -> CentrePack:
    arrival = Ladder.model_validate({"id": "arrival", "stages": ["arrival"], "steps": RUNGS})
    others = tuple(one for one in quanzhou().ladders if "arrival" not in one.stages)
    return quanzhou().model_copy(update={"ladders": (arrival, *others)})


def called(*, drill: bool = False) -> Clock:
    """Called at 0 and told so: what comes is the rest of the ladder."""
    story = Story()
    plain = story.arrival()
    owed = Obligation(
        plain.key, "arrival", UNIT, at(0), story.grounds, unit=UNIT, summons_id=story.summons, drill=drill
    )
    clock = Clock.of(story.case_id, story.code, owed, terms_of(pack(), owed, CaseFacts()), now=at(0))
    assert steps(clock.begin(at(0))) == [(1, "liaison_officer", "ladder")]
    return clock


def steps(told: tuple[ClockEvent, ...]) -> list[tuple[int, str, str]]:
    return [(one.step, one.post, one.why) for one in told if isinstance(one, NoticeIssued)]


AGAIN = [(3, "liaison_officer", "rung_again"), (3, "unit_lead", "rung_again")]
CHASED = [(2, "liaison_officer", "ladder"), (2, "unit_lead", "ladder")]


# -- minute 0 ----------------------------------------------------------------------------------------------------------


def test_who_is_called_at_minute_0_is_told_in_the_moment_it_is_armed_and_not_again() -> None:
    clock = called()
    assert clock.next_at == at(3)
    assert clock.advance(at(0)) == ()
    assert clock.advance(at(2)) == ()


@pytest.mark.parametrize(("armed_after", "told"), [(0.9, 1), (1.1, 0), (-60, 1)])
def test_a_start_of_long_ago_is_left_to_the_sweep_and_a_clock_set_back_delays_no_whistle(
    armed_after: float, told: int
) -> None:
    story = Story()
    clock = story.clock()
    assert len(clock.begin(at(armed_after))) == told
    assert len(steps(clock.advance(at(1)))) == 1 - told


# -- acknowledged, on the way, cannot come -----------------------------------------------------------------------------


def test_an_acknowledged_unit_that_sits_too_long_is_rung_again() -> None:
    clock = called()
    clock.acknowledge(at(2))
    assert clock.advance(at(3)) == ()
    assert clock.next_at == at(7)
    assert clock.advance(at(6.9)) == ()
    assert steps(clock.advance(at(7))) == AGAIN
    assert clock.advance(at(9)) == ()


def test_without_an_acknowledgement_that_rung_never_comes() -> None:
    clock = called()
    told = [one for minute in range(1, 100) for one in steps(clock.advance(at(minute)))]
    assert {step for step, *_ in told} == {2, 4, 5}


def test_a_unit_on_the_way_is_left_alone_until_its_own_estimate() -> None:
    clock = called()
    clock.tell_on_the_way(at(1), at(14))
    assert clock.acknowledged_at == at(1)
    assert steps(clock.advance(at(13.9))) == []
    assert steps(clock.advance(at(14))) == AGAIN


def test_an_estimate_that_passed_rings_again_also_where_the_rung_was_climbed_before() -> None:
    clock = called()
    clock.acknowledge(at(1))
    before = clock.advance(at(6))
    assert steps(before) == AGAIN
    clock.tell_on_the_way(at(7), at(12))
    assert steps(clock.advance(at(11.9))) == []
    after = clock.advance(at(12))
    assert steps(after) == AGAIN
    ids = [one.notice_id for one in (*before, *after) if isinstance(one, NoticeIssued)]
    assert len(set(ids)) == 4


def test_a_new_estimate_counts() -> None:
    clock = called()
    clock.tell_on_the_way(at(1), at(8))
    clock.tell_on_the_way(at(5), at(14))
    assert steps(clock.advance(at(13))) == []
    assert steps(clock.advance(at(14))) == AGAIN


def test_overdue_is_overdue_on_the_way_or_not() -> None:
    clock = called()
    clock.tell_on_the_way(at(1), at(30))
    told = clock.advance(at(20))
    assert [type(one) for one in told if isinstance(one, ClockOverdue)] == [ClockOverdue]
    assert {step for step, *_ in steps(told)} == {4, 5}
    assert steps(clock.advance(at(30))) == AGAIN


def test_who_cannot_come_sends_the_ladder_on_at_once() -> None:
    clock = called()
    told = clock.tell_cannot_come(at(1), now=at(1))
    assert steps(told) == [(2, "liaison_officer", "cannot_come"), (2, "unit_lead", "cannot_come")]
    assert steps(clock.advance(at(3))) == []
    assert steps(clock.advance(at(6))) == AGAIN


def test_who_was_on_the_way_and_cannot_come_is_not_waited_for() -> None:
    clock = called()
    clock.acknowledge(at(1))
    clock.tell_on_the_way(at(2), at(19))
    clock.advance(at(4))
    told = clock.tell_cannot_come(at(8), now=at(8))
    assert {(step, why) for step, _, why in steps(told)} == {(3, "cannot_come")}
    assert clock.expected_at is None
    assert steps(clock.advance(at(14))) == []


def test_nobody_is_given_up_before_the_time() -> None:
    clock = called()
    for minute in range(1, 9):
        told = clock.tell_cannot_come(at(minute), now=at(minute))
        assert all(isinstance(one, NoticeIssued) for one in told)
    assert clock.next_at == at(10)
    assert clock.tell_cannot_come(at(9), now=at(9)) == ()


# -- a notice that reached nobody --------------------------------------------------------------------------------------


def test_the_next_rung_is_climbed_at_once_and_its_own_time_does_nothing_then() -> None:
    clock = called()
    told = clock.reach_nobody(LIAISON, 1, now=at(0.2))
    assert steps(told) == [(2, "liaison_officer", "nobody_reached"), (2, "unit_lead", "nobody_reached")]
    assert clock.reach_nobody(LIAISON, 1, now=at(0.3)) == ()
    assert clock.advance(at(3)) == ()


def test_a_rung_that_reached_somebody_is_enough() -> None:
    clock = called()
    clock.advance(at(3))
    assert clock.reach_nobody(LIAISON, 2, now=at(3.1)) == ()
    told = clock.reach_nobody(LEAD, 2, now=at(3.2))
    assert steps(told) == [(4, "liaison_officer", "nobody_reached")]


def test_nobody_at_all_in_the_unit_brings_the_director_at_once_and_nothing_is_called_overdue_before_it_is() -> None:
    clock = called()
    clock.reach_nobody(LIAISON, 1, now=at(0.1))
    clock.reach_nobody(LIAISON, 2, now=at(0.2))
    clock.reach_nobody(LEAD, 2, now=at(0.2))
    told = clock.reach_nobody(LIAISON, 4, now=at(0.3))
    assert steps(told) == [(5, "duty_director", "nobody_reached"), (5, "commander", "nobody_reached")]
    assert {one.action for one in told if isinstance(one, NoticeIssued)} == {None}
    (overdue,) = (one for one in clock.advance(at(20)) if not isinstance(one, NoticeIssued))
    assert isinstance(overdue, ClockOverdue)
    assert clock.reach_nobody(Told(post="commander"), 5, now=at(21)) == ()


def test_word_that_comes_after_the_ladder_went_on_changes_nothing() -> None:
    clock = called()
    clock.advance(at(3))
    assert clock.reach_nobody(LIAISON, 1, now=at(4)) == ()


def test_who_acknowledged_meanwhile_is_not_asked_whether_it_has() -> None:
    clock = called()
    clock.acknowledge(at(1))
    assert {step for step, *_ in steps(clock.reach_nobody(LIAISON, 1, now=at(2)))} == {3}


@pytest.mark.parametrize("end", ["met", "cancelled"])
def test_after_its_end_a_clock_climbs_nothing_and_hears_nothing(end: str) -> None:
    story, clock = Story(), called()
    case = CaseClocks(story.file(), [clock])
    if end == "met":
        case.meet(Which(key=clock.key), at(1), now=at(1))
    else:
        case.cancel(Which(key=clock.key), at(1), "stood_down", now=at(1))
    assert case.reach_nobody(clock.key, LIAISON, step=1, now=at(2)) == ()
    assert case.tell_cannot_come(clock.key, at(2), now=at(2)) == ()
    case.tell_on_the_way(clock.key, at(2), at(9))
    assert (clock.expected_at, clock.next_at) == (None, None)


def test_of_an_unknown_step_or_clock_nothing_follows() -> None:
    story, clock = Story(), called()
    case = CaseClocks(story.file(), [clock])
    assert case.reach_nobody("arrival:unknown", LIAISON, step=1, now=at(1)) == ()
    assert case.reach_nobody(clock.key, LIAISON, step=99, now=at(1)) == ()


# -- drills ------------------------------------------------------------------------------------------------------------


def test_a_drill_rings_the_units_and_nobody_above_them() -> None:
    clock = called(drill=True)
    notices = [one for minute in range(1, 70) for one in clock.advance(at(minute)) if isinstance(one, NoticeIssued)]
    assert {one.post for one in notices} == {"liaison_officer", "unit_lead"}
    assert all(one.drill for one in notices)
    assert clock.fired_at == at(20)
    assert [one.number for one in thawed(clock.plan) if one.kind == "climb"] == [1, 2, 4, 6, 3]
    assert not any(one.drill for one in called().advance(at(70)) if isinstance(one, NoticeIssued))


# -- the decisions themselves ------------------------------------------------------------------------------------------


def test_the_plan_stays_as_it_was_frozen_whatever_is_said() -> None:
    clock = called()
    before = list(clock.plan)
    clock.tell_on_the_way(at(1), at(9))
    clock.tell_cannot_come(at(2), now=at(2))
    clock.reach_nobody(LIAISON, 1, now=at(3))
    clock.advance(at(20))
    assert clock.plan == before


def test_the_rung_that_gives_up_is_never_the_next_one() -> None:
    plan = thawed(called().plan)
    places = {place: step for place, step in enumerate(plan) if step.kind == "climb"}
    all_but_end = frozenset(place for place, step in places.items() if step.action != "end")
    assert next_rung(plan, Progress(all_but_end), forced=True) is None
    assert climbed_after(plan, Progress(all_but_end), 1)
    assert not climbed_after(plan, Progress(), 1)
