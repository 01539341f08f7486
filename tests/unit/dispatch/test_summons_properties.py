"""Units of a summons answer in any order and by any clock; in a drill any answer is enough."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.model import RollCall
from services.dispatch.policy.summoning import (
    CALLED,
    OPEN_SUMMONSES,
    CalledUnitVerb,
    SummonsState,
)
from shared.contracts.dispatch import (
    SummonsEnded,
    SummonsUnitArrived,
    SummonsUnitNotArrived,
    UnitSummonsState,
)
from shared.errors import Refused
from tests.unit.dispatch.given import MONDAY, minutes
from tests.unit.dispatch.given_summonses import (
    ACTS,
    FIRE,
    LATER,
    MARKET,
    POLICE,
    Act,
    acknowledge,
    cannot_come,
    drilling,
    hears_notice,
    is_given_up,
    row,
    running,
    states,
)

State = UnitSummonsState


# -- any order, any clock ----------------------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from([*ACTS.values(), is_given_up, hears_notice]),
        st.sampled_from([POLICE, FIRE, MARKET]),
        st.integers(min_value=-60, max_value=70),
    ),
    max_size=15,
)
INSTANTS = ("notified_at", "answered_at", "told_at", "acknowledged_at", "cannot_come_at", "arrived_at", "ended_at")


def changes_another(roll: RollCall, act: Act, name: str, at: datetime) -> bool:
    """Whether something done for one unit touched the row of another. A refusal touches none at all."""
    before = [row(unit) for unit in roll.units]
    try:
        act(roll, name, at)
    except Refused:
        return [row(unit) for unit in roll.units] != before
    others = [row(unit) for unit in roll.units if unit.unit != name]
    return others != [one for one in before if one["unit"] != name]


@settings(max_examples=300, deadline=None)
@given(STEPS, st.booleans())
def test_one_units_answer_never_changes_anothers(steps: list[tuple[Act, str, int]], drill: bool) -> None:
    roll = (drilling if drill else running)(POLICE, FIRE, MARKET)
    for act, name, minute in steps:
        assert not changes_another(roll, act, name, MONDAY + minutes(minute))


def test_an_answer_that_silences_the_others_would_be_found() -> None:
    def for_everybody(roll: RollCall, _: str, now: datetime) -> tuple[object, ...]:
        return tuple(acknowledge(roll, unit.unit, now) for unit in roll.units)

    assert changes_another(running(POLICE, FIRE), for_everybody, POLICE, LATER)


@settings(max_examples=300, deadline=None)
@given(STEPS, st.booleans())
def test_a_summons_ends_once_and_no_span_is_negative(steps: list[tuple[Act, str, int]], drill: bool) -> None:
    roll = (drilling if drill else running)(POLICE, FIRE, MARKET)
    told: list[object] = []
    for act, name, minute in steps:
        try:
            told += act(roll, name, MONDAY + minutes(minute))
        except Refused:
            continue
    ended = [event for event in told if isinstance(event, SummonsEnded)]
    assert len(ended) == (0 if SummonsState(roll.summons.state) in OPEN_SUMMONSES else 1)
    settled = [event for event in told if isinstance(event, SummonsUnitArrived | SummonsUnitNotArrived)]
    assert len({event.unit for event in settled}) == len(settled)
    waited_for = {State.CALLED} if drill else CALLED
    assert bool(ended) != any(unit.now_is in waited_for for unit in roll.units)
    for unit in roll.units:
        instants = [at for name in INSTANTS if (at := getattr(unit, name)) is not None]
        assert all(at >= MONDAY for at in instants)
        assert unit.arrived_at is None or unit.told_at is None or unit.arrived_at >= unit.told_at
        assert not ended or max(instants, default=MONDAY) <= ended[0].ended_at or unit.notified_at == max(instants)


@pytest.mark.parametrize("verb", ACTS)
def test_an_answer_by_a_clock_set_back_an_hour_is_recorded_at_the_whistle(verb: CalledUnitVerb) -> None:
    roll = running(POLICE)
    ACTS[verb](roll, POLICE, MONDAY - minutes(60))
    assert roll.units[0].answered_at == MONDAY


# -- 演练 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ACTS)
def test_in_a_drill_any_answer_is_enough(verb: CalledUnitVerb) -> None:
    roll = drilling(POLICE, FIRE)
    assert not [event for event in ACTS[verb](roll, POLICE, LATER) if isinstance(event, SummonsEnded)]
    assert is_given_up(roll, POLICE, LATER) == (), "it answered: nobody has to come to a drill"
    *_, ended = acknowledge(roll, FIRE, LATER)
    assert isinstance(ended, SummonsEnded)
    assert (ended.outcome, ended.drill) == ("assembled", True)


def test_a_drill_that_one_unit_does_not_answer_ends_incomplete_with_its_ladder() -> None:
    roll = drilling(POLICE, FIRE)
    cannot_come(roll, POLICE, LATER)
    missing, ended = is_given_up(roll, FIRE, MONDAY + minutes(60))
    assert isinstance(missing, SummonsUnitNotArrived)
    assert isinstance(ended, SummonsEnded)
    assert ended.outcome == "incomplete"
    assert states(roll.units) == {POLICE: State.CANNOT_COME, FIRE: State.NOT_ARRIVED}


def test_a_drill_stood_down_leaves_what_was_answered() -> None:
    roll = drilling(POLICE, FIRE)
    acknowledge(roll, POLICE, LATER)
    roll.summons.stand_down(roll.units, by="director.1", reason=None, now=LATER)
    assert states(roll.units) == {POLICE: State.ACKNOWLEDGED, FIRE: State.STOOD_DOWN}
