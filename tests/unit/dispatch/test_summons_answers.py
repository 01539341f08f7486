"""Each unit of a summons answers for itself: every state and verb, in any order, by any clock."""

from collections.abc import Callable
from itertools import product

import pytest

from services.dispatch.errors.cases import NotOwnUnit
from services.dispatch.errors.summonses import (
    AcknowledgedAlready,
    CannotComeAlready,
    SubstituteOfAnotherUnit,
    SummonsNotApproved,
    SummonsOver,
    UnitArrivedAlready,
    UnitGivenUp,
    UnitNotSummoned,
)
from services.dispatch.model import RollCall
from services.dispatch.policy.summoning import (
    CALLED,
    CALLED_UNIT_MOVES,
    CalledUnitVerb,
)
from shared.contracts.dispatch import (
    SummonsEnded,
    SummonsUnitAcknowledged,
    SummonsUnitArrived,
    SummonsUnitCannotCome,
    SummonsUnitNotArrived,
    SummonsUnitOnTheWay,
    SummonsUnitSubstituteSent,
    UnitSummonsState,
)
from tests.unit.dispatch.given import MONDAY, ROOM, minutes, quanzhou, staff_of
from tests.unit.dispatch.given_summonses import (
    ACTS,
    FIRE,
    LATER,
    MARKET,
    POLICE,
    REASON,
    Act,
    acknowledge,
    arrives,
    cannot_come,
    drilling,
    hears_notice,
    is_given_up,
    liaison,
    row,
    running,
    sets_out,
    states,
    substitutes,
    summons_asked,
)

State = UnitSummonsState


# -- every state and verb ----------------------------------------------------------------------------------------------


def named() -> RollCall:
    return RollCall(*summons_asked(POLICE, FIRE))


def after(*acts: Act) -> RollCall:
    roll = running(POLICE, FIRE)
    for act in acts:
        act(roll, POLICE, LATER)
    return roll


def stood_down() -> RollCall:
    roll = after()
    roll.summons.stand_down(roll.units, by="director.1", reason=None, now=LATER)
    return roll


BROUGHT_INTO: dict[State, Callable[[], RollCall]] = {
    State.NAMED: named,
    State.CALLED: after,
    State.ACKNOWLEDGED: lambda: after(acknowledge),
    State.ON_THE_WAY: lambda: after(sets_out),
    State.SUBSTITUTE_SENT: lambda: after(substitutes),
    State.CANNOT_COME: lambda: after(cannot_come),
    State.ARRIVED: lambda: after(arrives),
    State.NOT_ARRIVED: lambda: after(is_given_up),
    State.STOOD_DOWN: stood_down,
}
SAYS = {
    State.NAMED: SummonsNotApproved,
    State.ACKNOWLEDGED: AcknowledgedAlready,
    State.ON_THE_WAY: AcknowledgedAlready,
    State.SUBSTITUTE_SENT: AcknowledgedAlready,
    State.CANNOT_COME: CannotComeAlready,
    State.ARRIVED: UnitArrivedAlready,
    State.NOT_ARRIVED: UnitGivenUp,
    State.STOOD_DOWN: SummonsOver,
}


@pytest.mark.parametrize(("state", "verb"), list(product(State, ACTS)))
def test_every_state_and_verb_is_a_move_or_a_named_refusal(state: State, verb: CalledUnitVerb) -> None:
    roll = BROUGHT_INTO[state]()
    before = row(roll.units[0])
    assert before["state"] == state
    becomes = CALLED_UNIT_MOVES.get((state, verb))
    if becomes is not None:
        assert ACTS[verb](roll, POLICE, LATER)
        assert states(roll.units) == {POLICE: becomes, FIRE: State.CALLED}
        return
    with pytest.raises(SAYS[state]) as refused:
        ACTS[verb](roll, POLICE, LATER)
    assert refused.value.field in ("summons_id", "unit")
    assert POLICE in refused.value.message
    assert row(roll.units[0]) == before


@pytest.mark.parametrize("verb", ACTS)
def test_after_the_end_every_answer_is_refused_by_name(verb: CalledUnitVerb) -> None:
    roll = running(POLICE)
    is_given_up(roll, POLICE, LATER)
    with pytest.raises(SummonsOver, match="this summons ended: it is incomplete"):
        ACTS[verb](roll, POLICE, LATER)
    ended_drill = drilling(POLICE)
    acknowledge(ended_drill, POLICE, LATER)
    with pytest.raises(SummonsOver, match="this summons ended: it is assembled"):
        ACTS[verb](ended_drill, POLICE, LATER)


@pytest.mark.parametrize("state", State)
def test_giving_up_a_unit_that_is_not_awaited_changes_nothing(state: State) -> None:
    roll = BROUGHT_INTO[state]()
    if state in CALLED:
        (told,) = is_given_up(roll, POLICE, LATER)
        assert isinstance(told, SummonsUnitNotArrived)
        return
    if state is State.NAMED:
        return
    before = row(roll.units[0])
    assert is_given_up(roll, POLICE, LATER) == ()
    assert row(roll.units[0]) == before


# -- what an answer tells ----------------------------------------------------------------------------------------------


def test_who_is_on_the_way_has_acknowledged_and_may_name_another_time() -> None:
    roll = running(POLICE)
    acknowledged, told = sets_out(roll, POLICE, LATER)
    assert isinstance(acknowledged, SummonsUnitAcknowledged)
    assert isinstance(told, SummonsUnitOnTheWay)
    assert (told.told_at, told.expected_at) == (LATER, LATER + minutes(10))
    (again,) = roll.tell_on_the_way(30, by=liaison(POLICE), now=LATER + minutes(5))
    assert isinstance(again, SummonsUnitOnTheWay)
    assert again.expected_at == LATER + minutes(35)
    (unit,) = roll.units
    assert (unit.acknowledged_at, unit.acknowledged_by) == (LATER, "police.liaison")
    assert unit.expected_at == LATER + minutes(35)


def test_a_substitute_is_a_post_of_the_same_unit() -> None:
    roll = running(POLICE, FIRE)
    for stranger in ("fire-rescue.lead", "police", "police.", "policeman.lead", "somebody"):
        with pytest.raises(SubstituteOfAnotherUnit) as refused:
            roll.send_substitute(stranger, 10, quanzhou(), by=liaison(POLICE), now=LATER)
        assert refused.value.field == "substitute"
    assert states(roll.units) == {POLICE: State.CALLED, FIRE: State.CALLED}
    _, told = roll.send_substitute("police.patrol-2", 10, quanzhou(), by=liaison(POLICE), now=LATER)
    assert isinstance(told, SummonsUnitSubstituteSent)
    assert (told.substitute, told.expected_at) == ("police.patrol-2", LATER + minutes(10))
    sets_out(roll, POLICE, LATER)
    assert roll.units[0].substitute is None, "the last word counts: the liaison comes itself"


def test_who_cannot_come_is_awaited_on_and_may_think_better_of_it() -> None:
    roll = running(POLICE)
    (told,) = cannot_come(roll, POLICE, LATER)
    assert isinstance(told, SummonsUnitCannotCome)
    assert REASON not in told.model_dump_json()
    (unit,) = roll.units
    assert (unit.cannot_come_at, unit.cannot_come_reason, unit.coming_since) == (LATER, REASON, None)
    assert roll.summons.open
    acknowledge(roll, POLICE, LATER + minutes(1))
    assert (unit.now_is, unit.coming_since) == (State.ACKNOWLEDGED, LATER + minutes(1))
    assert unit.cannot_come_reason == REASON, "what was said stays on record"
    arrived, ended = arrives(roll, POLICE, LATER + minutes(2))
    assert isinstance(arrived, SummonsUnitArrived)
    assert isinstance(ended, SummonsEnded)
    assert ended.outcome == "assembled"


def test_answering_is_for_the_summoned_units_own_staff() -> None:
    roll = running(POLICE)
    with pytest.raises(UnitNotSummoned) as refused:
        roll.acknowledge(by=staff_of(MARKET), now=LATER)
    assert refused.value.field == "actor.unit"
    with pytest.raises(NotOwnUnit):
        roll.tell_on_the_way(5, by=staff_of(None), now=LATER)
    with pytest.raises(UnitNotSummoned):
        roll.check_in("nobody", by=ROOM, now=LATER)


def test_the_first_notice_is_told_once_and_late_ones_are_nobodys_news() -> None:
    roll = running(POLICE, FIRE)
    acknowledge(roll, POLICE, LATER)
    (told,) = hears_notice(roll, POLICE, MONDAY + minutes(1))
    assert (told.channel, told.notified_at) == ("sms", MONDAY + minutes(1))  # type: ignore[attr-defined]
    assert hears_notice(roll, POLICE, LATER) == ()
    assert hears_notice(roll, MARKET, LATER) == ()
    roll.summons.stand_down(roll.units, by="director.1", reason=None, now=LATER)
    assert hears_notice(roll, FIRE, LATER) == ()
    assert [unit.notified_at for unit in roll.units] == [MONDAY + minutes(1), LATER]
    unapproved = named()
    assert hears_notice(unapproved, POLICE, LATER) == ()
    assert unapproved.units[0].notified_at is None
