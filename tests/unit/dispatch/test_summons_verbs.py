"""A summons: asked, decided by another, and always ended on record."""

from collections.abc import Callable
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from services.dispatch.errors.summonses import (
    AskerMayNotApprove,
    NoRoomCode,
    SummonsDecided,
    SummonsNotApproved,
    SummonsOver,
)
from services.dispatch.model import CalledUnit, RollCall, Summons
from services.dispatch.policy.picking import Pick
from services.dispatch.policy.summoning import SUMMONS_MOVES, SummonsState, SummonsVerb
from shared.codes import case_code
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import (
    SummonsApproved,
    SummonsAsked,
    SummonsEnded,
    SummonsUnitCalled,
    SummonsUnitNotArrived,
    UnitSummonsState,
)
from tests.unit.dispatch.given import COMMANDER, DIRECTOR, MONDAY, ROOM, asking, minutes
from tests.unit.dispatch.given_summonses import (
    FIRE,
    GRADED,
    LATER,
    MARKET,
    POLICE,
    ROOM_CODE,
    approve,
    drill,
    drilling,
    liaison,
    running,
    states,
    summons_asked,
)

SUMMONS_ID = uuid4()


def test_the_approval_calls_every_unit_in_the_same_instant() -> None:
    summons, units = summons_asked(POLICE, FIRE, MARKET)
    events = summons.approve(units, GRADED, by=COMMANDER, pack_version="v7", room_code=ROOM_CODE, now=LATER)
    assert isinstance(events[0], SummonsApproved)
    called = [event for event in events if isinstance(event, SummonsUnitCalled)]
    assert [event.unit for event in called] == [POLICE, FIRE, MARKET]
    assert {event.called_at for event in called} == {LATER}
    assert {event.pack_version for event in called} == {"v7"}
    assert (summons.state, summons.pack_version) == (SummonsState.RUNNING, "v7")
    assert set(states(units).values()) == {UnitSummonsState.CALLED}


def test_what_the_plans_named_is_told_by_id_and_kept_with_its_why() -> None:
    picks = [Pick(POLICE, "p1", "现场秩序"), Pick(FIRE, "p1", "火情"), Pick(MARKET)]
    ask = asking(case_code(2026, 1), by=DIRECTOR)
    summons, units, asked = Summons.ask(ask, SUMMONS_ID, ask.case_code, picks, summons_id=SUMMONS_ID, now=MONDAY)
    assert isinstance(asked, SummonsAsked)
    assert (asked.units, asked.plans) == ((POLICE, FIRE, MARKET), ("p1",))
    assert "现场秩序" not in asked.model_dump_json()
    assert [(unit.plan, unit.why) for unit in units] == [("p1", "现场秩序"), ("p1", "火情"), (None, None)]
    assert not summons.drill


def test_who_asked_may_not_approve_whatever_role_they_hold_now() -> None:
    summons, units = summons_asked(POLICE)
    same_person = Actor(staff=DIRECTOR.staff, role=Role.DEPUTY_COMMANDER)
    with pytest.raises(AskerMayNotApprove) as refused:
        approve(summons, units, by=same_person)
    assert (refused.value.code, refused.value.field) == ("asker_may_not_approve", "actor.staff")
    assert states(units) == {POLICE: UnitSummonsState.NAMED}


def test_the_second_commander_is_told_who_decided() -> None:
    summons, units = summons_asked(POLICE)
    approve(summons, units)
    deputy = Actor(staff="deputy.1", role=Role.DEPUTY_COMMANDER)
    with pytest.raises(SummonsDecided, match=r"commander\.1 approved this summons already"):
        approve(summons, units, by=deputy)
    with pytest.raises(SummonsDecided, match=r"commander\.1 approved this summons already"):
        summons.refuse("不需要", by=deputy, now=LATER)


def test_a_refused_summons_calls_nobody() -> None:
    summons, units = summons_asked(POLICE)
    told = summons.refuse("电话协调即可", by=COMMANDER, now=LATER)
    assert "电话协调即可" not in told.model_dump_json()
    assert (summons.state, summons.ended_at) == (SummonsState.REFUSED, LATER)
    with pytest.raises(SummonsNotApproved):
        RollCall(summons, units).acknowledge(by=liaison(POLICE), now=LATER)
    with pytest.raises(SummonsDecided, match="refused this summons already"):
        approve(summons, units)


def test_one_unit_missing_makes_the_summons_incomplete_when_the_last_one_is_settled() -> None:
    roll = running(POLICE, FIRE)
    (missing,) = roll.give_up(FIRE, at=LATER)
    assert isinstance(missing, SummonsUnitNotArrived)
    _, ended = roll.check_in(POLICE, by=ROOM, now=LATER)
    assert isinstance(ended, SummonsEnded)
    assert ended.outcome == "incomplete"


def test_units_stood_down_are_not_missing() -> None:
    roll = running(POLICE, FIRE, MARKET)
    roll.check_in(POLICE, by=ROOM, now=LATER)
    roll.tell_cannot_come("另有险情", by=liaison(MARKET), now=LATER)
    ended = roll.summons.stand_down(roll.units, by="commander.1", reason="险情已解除", now=LATER)
    assert ended.outcome == "stood_down"
    assert "险情" not in ended.model_dump_json()
    assert states(roll.units) == {
        POLICE: UnitSummonsState.ARRIVED,
        FIRE: UnitSummonsState.STOOD_DOWN,
        MARKET: UnitSummonsState.STOOD_DOWN,
    }


def test_what_it_is_now_is_said_in_words_and_not_by_code() -> None:
    roll = running(POLICE)
    roll.summons.stand_down(roll.units, by="d", reason=None, now=LATER)
    with pytest.raises(SummonsOver, match=r"this summons is stood down$") as refused:
        roll.summons.stand_down(roll.units, by="d", reason=None, now=LATER)
    assert refused.value.facts == {"state": "stood_down"}
    with pytest.raises(NoRoomCode, match=r"it is stood down$"):
        roll.summons.code_on_the_wall()


def test_a_summons_only_asked_for_can_be_withdrawn() -> None:
    summons, units = summons_asked(POLICE)
    assert summons.stand_down(units, by="director.1", reason="已处置", now=LATER).outcome == "stood_down"


def test_the_room_has_its_code_from_the_approval_to_the_end() -> None:
    summons, units = summons_asked(POLICE)
    with pytest.raises(NoRoomCode, match="it is asked"):
        summons.code_on_the_wall()
    approve(summons, units)
    assert summons.code_on_the_wall() == ROOM_CODE
    summons.stand_down(units, by="director.1", reason=None, now=LATER)
    with pytest.raises(NoRoomCode, match="it is stood down"):
        summons.code_on_the_wall()


def test_a_clock_set_back_an_hour_writes_no_negative_span() -> None:
    earlier = MONDAY - minutes(60)
    summons, units = summons_asked(POLICE, FIRE)
    approve(summons, units, now=earlier)
    assert summons.decided_at == MONDAY
    assert {unit.called_at for unit in units} == {MONDAY}
    ended = summons.stand_down(units, by="director.1", reason=None, now=earlier)
    assert ended.ended_at == summons.ended_at == MONDAY
    other, named = summons_asked(POLICE)
    assert other.refuse("不需要", by=COMMANDER, now=earlier).refused_at == MONDAY
    assert states(named) == {POLICE: UnitSummonsState.NAMED}


def test_the_end_lies_behind_everything_that_happened_in_it() -> None:
    roll = running(POLICE, FIRE)
    roll.check_in(POLICE, by=ROOM, now=MONDAY + minutes(30))
    _, ended = roll.give_up(FIRE, at=MONDAY + minutes(10))
    assert isinstance(ended, SummonsEnded)
    assert ended.ended_at == MONDAY + minutes(30)


def test_a_drill_is_marked_in_all_it_tells_and_has_no_case() -> None:
    summons, units, asked = Summons.ask_drill(drill(POLICE, FIRE), summons_id=SUMMONS_ID, now=MONDAY)
    told = [asked, *summons.approve(units, GRADED, by=COMMANDER, pack_version="v1", room_code=ROOM_CODE, now=LATER)]
    assert {event.drill for event in told} == {True}
    assert {(event.case_id, event.case_code) for event in told} == {(SUMMONS_ID, "drill")}
    assert (summons.drill, summons.case_id) == (True, None)
    with pytest.raises(AskerMayNotApprove):
        approve(*_asked_drill(), by=Actor(staff=DIRECTOR.staff, role=Role.COMMANDER))


def _asked_drill() -> tuple[Summons, list[CalledUnit]]:
    summons, units, _ = Summons.ask_drill(drill(POLICE), summons_id=SUMMONS_ID, now=MONDAY)
    return summons, units


# -- every state and verb ----------------------------------------------------------------------------------------------


def asked() -> RollCall:
    return RollCall(*summons_asked(POLICE))


def refused_one() -> RollCall:
    roll = asked()
    roll.summons.refuse("不需要", by=COMMANDER, now=LATER)
    return roll


def assembled() -> RollCall:
    roll = running(POLICE)
    roll.check_in(POLICE, by=ROOM, now=LATER)
    return roll


def incomplete() -> RollCall:
    roll = running(POLICE)
    roll.give_up(POLICE, at=LATER)
    return roll


def stood_down() -> RollCall:
    roll = running(POLICE)
    roll.summons.stand_down(roll.units, by="director.1", reason="已处置", now=LATER)
    return roll


BROUGHT_INTO: dict[SummonsState, Callable[[], RollCall]] = {
    SummonsState.ASKED: asked,
    SummonsState.RUNNING: lambda: running(POLICE),
    SummonsState.REFUSED: refused_one,
    SummonsState.ASSEMBLED: assembled,
    SummonsState.INCOMPLETE: incomplete,
    SummonsState.STOOD_DOWN: stood_down,
}
ACTS: dict[SummonsVerb, Callable[[RollCall], Any]] = {
    "approve": lambda roll: approve(roll.summons, roll.units),
    "refuse": lambda roll: roll.summons.refuse("不需要", by=COMMANDER, now=LATER),
    "stand_down": lambda roll: roll.summons.stand_down(roll.units, by="director.1", reason="已处置", now=LATER),
}


@pytest.mark.parametrize(("state", "verb"), list(product(SummonsState, ACTS)))
def test_every_state_and_verb_is_a_move_or_a_named_refusal(state: SummonsState, verb: SummonsVerb) -> None:
    roll = BROUGHT_INTO[state]()
    assert roll.summons.state == state
    after = SUMMONS_MOVES.get((state, verb))
    if after is not None:
        ACTS[verb](roll)
        assert roll.summons.state == after
        return
    with pytest.raises((SummonsDecided, SummonsOver)) as refused:
        ACTS[verb](roll)
    assert refused.value.field == "summons_id"
    assert roll.summons.state == state


@pytest.mark.parametrize("begin", [running, drilling])
def test_every_running_summons_can_be_stood_down(begin: Callable[..., RollCall]) -> None:
    roll = begin(POLICE, FIRE)
    assert roll.summons.stand_down(roll.units, by="director.1", reason=None, now=LATER).outcome == "stood_down"
