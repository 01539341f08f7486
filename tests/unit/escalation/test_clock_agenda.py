"""What a clock does, and that it does each of it once however late it is looked at."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.escalation.policy.agenda import DueSteps, Progress, Step, Told, agenda, due_steps, frozen, thawed
from shared.centre.pack import LadderStep
from tests.unit.escalation.given import at

UNIT = (Told(post="liaison_officer", unit="u"),)
ACKNOWLEDGED = {"from": "start", "minutes": 3, "unless": "acknowledged", "notify": ["unit_lead"]}
LADDER = (
    (LadderStep.model_validate({"from": "start", "minutes": 0, "notify": ["liaison_officer"]}), UNIT),
    (
        LadderStep.model_validate(ACKNOWLEDGED),
        UNIT,
    ),
    (LadderStep.model_validate({"from": "start", "minutes": 15, "unless": "arrived", "notify": ["unit_lead"]}), UNIT),
    (LadderStep.model_validate({"from": "due", "minutes": 0, "notify": ["commander"], "action": "overdue"}), UNIT),
    (LadderStep.model_validate({"from": "start", "minutes": 60, "unless": "arrived", "action": "end"}), ()),
)
STEPS = agenda(at(0), at(20), [(50, at(10)), (80, at(16))], LADDER)


def come(now: datetime, *, done: int = 0, acknowledged: bool = False) -> DueSteps:
    said = at(0) if acknowledged else None
    return due_steps(STEPS, Progress(frozenset(range(done)), said), due_at=at(20), now=now)


def names(due: DueSteps) -> list[str]:
    return [f"{one.kind} {one.percent or one.number or ''}".strip() for one in due.steps]


def test_steps_lie_in_the_order_of_their_instants_and_firing_comes_before_the_ladder_at_the_same_one() -> None:
    order = [(one.kind, one.percent or one.number) for one in STEPS]
    assert order == [
        ("climb", 1), ("climb", 2), ("warn", 50), ("climb", 3), ("warn", 80), ("fire", 0), ("climb", 4), ("climb", 5),
    ]  # fmt: skip
    assert [one.at for one in STEPS] == [at(0), at(3), at(10), at(15), at(16), at(20), at(20), at(60)]


@pytest.mark.parametrize(
    ("now", "done", "acknowledged", "expected", "next_at"),
    [
        (at(-1), 0, False, [], at(0)),
        (at(0), 0, False, ["climb 1"], at(3)),
        (at(3), 1, False, ["climb 2"], at(10)),
        (at(3), 1, True, [], at(10)),
        (at(16), 2, True, ["warn 50", "climb 3", "warn 80"], at(20)),
        (at(19.99), 5, False, [], at(20)),
        (at(20), 5, False, ["fire", "climb 4"], at(60)),
        (at(45), 1, False, ["climb 2", "climb 3", "fire", "climb 4"], at(60)),
        (at(45), 1, True, ["climb 3", "fire", "climb 4"], at(60)),
        (at(600), 0, False, ["climb 1", "climb 2", "climb 3", "fire", "climb 4", "climb 5"], None),
        (at(600), 8, False, [], None),
    ],
)
def test_what_has_come_due(
    now: datetime, done: int, acknowledged: bool, expected: list[str], next_at: datetime | None
) -> None:
    due = come(now, done=done, acknowledged=acknowledged)
    assert names(due) == expected
    assert due.next_at == next_at


@given(st.lists(st.integers(min_value=0, max_value=90), max_size=12))
def test_however_often_it_is_looked_at_each_step_comes_once_and_in_order(looks: list[int]) -> None:
    done, told = 0, []
    for minute in [*sorted(looks), 90]:
        due = come(at(minute), done=done)
        done = len(due.done)
        told += names(due)
    kept = [name for name in told if not name.startswith("warn")]
    assert kept == ["climb 1", "climb 2", "climb 3", "fire", "climb 4", "climb 5"]
    warned = [name for name in told if name.startswith("warn")]
    assert warned == sorted(set(warned))
    assert done == len(STEPS)


@given(st.lists(st.integers(min_value=0, max_value=19), max_size=12))
def test_before_the_due_time_no_warning_is_lost_and_nothing_fires(looks: list[int]) -> None:
    done, told = 0, []
    for minute in [*sorted(looks), 19]:
        due = come(at(minute), done=done)
        done = len(due.done)
        told += names(due)
    assert "fire" not in told
    assert [name for name in told if name.startswith("warn")] == ["warn 50", "warn 80"]


def test_a_plan_is_the_same_after_the_database_kept_it() -> None:
    assert thawed(frozen(STEPS)) == STEPS
    assert "unless" not in frozen([Step(at=at(0), kind="fire")])[0]
