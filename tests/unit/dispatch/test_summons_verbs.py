"""A summons: asked, decided by another, answered by each unit for itself, and always ended on record."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.errors.cases import NotOwnUnit
from services.dispatch.errors.summonses import (
    AcknowledgedAlready,
    AskerMayNotApprove,
    SummonsDecided,
    SummonsNotApproved,
    SummonsOver,
    UnitArrivedAlready,
    UnitGivenUp,
    UnitNotSummoned,
)
from services.dispatch.model import CalledUnit, Graded, Summons
from services.dispatch.policy.summoning import OPEN_SUMMONSES, SUMMONS_MOVES, SummonsState, SummonsVerb
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import (
    SummonsApproved,
    SummonsEnded,
    SummonsUnitArrived,
    SummonsUnitCalled,
    SummonsUnitNotArrived,
    UnitSummonsState,
)
from shared.errors import Refused
from tests.unit.dispatch.given import (
    COMMANDER,
    DIRECTOR,
    MONDAY,
    ROOM,
    minutes,
    staff_of,
    summons_asked,
    summons_running,
)

POLICE, FIRE, MARKET = "police", "fire-rescue", "market"
LATER = MONDAY + minutes(3)


def states(units: list[CalledUnit]) -> dict[str, str]:
    return {unit.unit: unit.state for unit in units}


def test_the_approval_calls_every_unit_in_the_same_instant() -> None:
    case, summons, units = summons_asked(POLICE, FIRE, MARKET)
    events = summons.approve(units, case.graded(), by=COMMANDER, pack_version="v7", now=LATER)
    assert isinstance(events[0], SummonsApproved)
    called = [event for event in events if isinstance(event, SummonsUnitCalled)]
    assert [event.unit for event in called] == [POLICE, FIRE, MARKET]
    assert {event.called_at for event in called} == {LATER}
    assert {event.pack_version for event in called} == {"v7"}
    assert (summons.state, summons.pack_version) == (SummonsState.RUNNING, "v7")
    assert set(states(units).values()) == {UnitSummonsState.CALLED}


def test_who_asked_may_not_approve_whatever_role_they_hold_now() -> None:
    case, summons, units = summons_asked(POLICE)
    same_person = Actor(staff=DIRECTOR.staff, role=Role.DEPUTY_COMMANDER)
    with pytest.raises(AskerMayNotApprove) as refused:
        summons.approve(units, case.graded(), by=same_person, pack_version="v1", now=LATER)
    assert (refused.value.code, refused.value.field) == ("asker_may_not_approve", "actor.staff")
    assert states(units) == {POLICE: UnitSummonsState.NAMED}


def test_the_second_commander_is_told_who_decided() -> None:
    case, summons, units = summons_asked(POLICE)
    summons.approve(units, case.graded(), by=COMMANDER, pack_version="v1", now=LATER)
    deputy = Actor(staff="deputy.1", role=Role.DEPUTY_COMMANDER)
    with pytest.raises(SummonsDecided, match=r"commander\.1 approved this summons already"):
        summons.approve(units, case.graded(), by=deputy, pack_version="v1", now=LATER)
    with pytest.raises(SummonsDecided, match=r"commander\.1 approved this summons already"):
        summons.refuse("不需要", by=deputy, now=LATER)


def test_a_refused_summons_calls_nobody() -> None:
    case, summons, units = summons_asked(POLICE)
    told = summons.refuse("电话协调即可", by=COMMANDER, now=LATER)
    assert "电话协调即可" not in told.model_dump_json()
    assert (summons.state, summons.ended_at) == (SummonsState.REFUSED, LATER)
    with pytest.raises(SummonsNotApproved):
        summons.acknowledge(units, by=staff_of(POLICE), now=LATER)
    with pytest.raises(SummonsDecided, match="refused this summons already"):
        summons.approve(units, case.graded(), by=COMMANDER, pack_version="v1", now=LATER)


def test_one_units_answer_silences_no_other() -> None:
    summons, units = summons_running(POLICE, FIRE)
    summons.acknowledge(units, by=staff_of(POLICE), now=LATER)
    assert states(units) == {POLICE: UnitSummonsState.ACKNOWLEDGED, FIRE: UnitSummonsState.CALLED}
    summons.check_in(units, POLICE, by=ROOM, now=LATER)
    assert states(units) == {POLICE: UnitSummonsState.ARRIVED, FIRE: UnitSummonsState.CALLED}
    assert summons.open


def test_a_unit_arrives_without_having_acknowledged() -> None:
    summons, units = summons_running(POLICE)
    arrived, ended = summons.check_in(units, POLICE, by=ROOM, now=LATER)
    assert isinstance(arrived, SummonsUnitArrived)
    assert isinstance(ended, SummonsEnded)
    assert (ended.outcome, summons.state) == ("assembled", SummonsState.ASSEMBLED)


def test_one_unit_missing_makes_the_summons_incomplete_when_the_last_one_is_settled() -> None:
    summons, units = summons_running(POLICE, FIRE)
    (missing,) = summons.give_up(units, FIRE, at=LATER)
    assert isinstance(missing, SummonsUnitNotArrived)
    _, ended = summons.check_in(units, POLICE, by=ROOM, now=LATER)
    assert isinstance(ended, SummonsEnded)
    assert ended.outcome == "incomplete"


def test_giving_up_a_unit_that_came_meanwhile_changes_nothing() -> None:
    summons, units = summons_running(POLICE, FIRE)
    summons.check_in(units, POLICE, by=ROOM, now=LATER)
    assert summons.give_up(units, POLICE, at=LATER) == ()
    summons.stand_down(units, by="director.1", reason=None, now=LATER)
    assert summons.give_up(units, FIRE, at=LATER) == ()


def test_units_stood_down_are_not_missing() -> None:
    summons, units = summons_running(POLICE, FIRE)
    summons.check_in(units, POLICE, by=ROOM, now=LATER)
    ended = summons.stand_down(units, by="commander.1", reason="险情已解除", now=LATER)
    assert isinstance(ended, SummonsEnded)
    assert ended.outcome == "stood_down"
    assert "险情" not in ended.model_dump_json()
    assert states(units) == {POLICE: UnitSummonsState.ARRIVED, FIRE: UnitSummonsState.STOOD_DOWN}


def test_a_summons_only_asked_for_can_be_withdrawn() -> None:
    _, summons, units = summons_asked(POLICE)
    assert summons.stand_down(units, by="director.1", reason="已处置", now=LATER).outcome == "stood_down"


def test_acknowledging_is_for_the_summoned_units_own_staff() -> None:
    summons, units = summons_running(POLICE)
    with pytest.raises(UnitNotSummoned) as refused:
        summons.acknowledge(units, by=staff_of(MARKET), now=LATER)
    assert refused.value.field == "actor.unit"
    with pytest.raises(NotOwnUnit):
        summons.acknowledge(units, by=staff_of(None), now=LATER)


def test_words_for_who_answers_out_of_turn() -> None:
    summons, units = summons_running(POLICE, FIRE, MARKET)
    summons.acknowledge(units, by=staff_of(POLICE), now=LATER)
    with pytest.raises(AcknowledgedAlready):
        summons.acknowledge(units, by=staff_of(POLICE), now=LATER)
    summons.check_in(units, POLICE, by=ROOM, now=LATER)
    with pytest.raises(UnitArrivedAlready, match="checked in already"):
        summons.acknowledge(units, by=staff_of(POLICE), now=LATER)
    with pytest.raises(UnitArrivedAlready):
        summons.check_in(units, POLICE, by=ROOM, now=LATER)
    with pytest.raises(UnitNotSummoned):
        summons.check_in(units, "nobody", by=ROOM, now=LATER)
    summons.give_up(units, FIRE, at=LATER)
    with pytest.raises(UnitGivenUp, match="recorded as not arrived"):
        summons.check_in(units, FIRE, by=ROOM, now=LATER)
    summons.give_up(units, MARKET, at=LATER)
    with pytest.raises(SummonsOver, match="this summons ended"):
        summons.check_in(units, FIRE, by=ROOM, now=LATER)
    with pytest.raises(UnitArrivedAlready):
        summons.check_in(units, POLICE, by=ROOM, now=LATER)


def test_nobody_is_checked_in_before_the_approval() -> None:
    _, summons, units = summons_asked(POLICE)
    with pytest.raises(SummonsNotApproved):
        summons.check_in(units, POLICE, by=ROOM, now=LATER)


def asked() -> tuple[Summons, list[CalledUnit]]:
    _, summons, units = summons_asked(POLICE)
    return summons, units


def running() -> tuple[Summons, list[CalledUnit]]:
    return summons_running(POLICE)


def refused_one() -> tuple[Summons, list[CalledUnit]]:
    summons, units = asked()
    summons.refuse("不需要", by=COMMANDER, now=LATER)
    return summons, units


def assembled() -> tuple[Summons, list[CalledUnit]]:
    summons, units = running()
    summons.check_in(units, POLICE, by=ROOM, now=LATER)
    return summons, units


def incomplete() -> tuple[Summons, list[CalledUnit]]:
    summons, units = running()
    summons.give_up(units, POLICE, at=LATER)
    return summons, units


def stood_down() -> tuple[Summons, list[CalledUnit]]:
    summons, units = running()
    summons.stand_down(units, by="director.1", reason="已处置", now=LATER)
    return summons, units


BROUGHT_INTO: dict[SummonsState, Callable[[], tuple[Summons, list[CalledUnit]]]] = {
    SummonsState.ASKED: asked,
    SummonsState.RUNNING: running,
    SummonsState.REFUSED: refused_one,
    SummonsState.ASSEMBLED: assembled,
    SummonsState.INCOMPLETE: incomplete,
    SummonsState.STOOD_DOWN: stood_down,
}
GRADED: Graded = {"category": None, "place": None, "level": "IV", "pack_version": "v1"}
ACTS: dict[SummonsVerb, Callable[[Summons, list[CalledUnit]], Any]] = {
    "approve": lambda one, units: one.approve(units, GRADED, by=COMMANDER, pack_version="v1", now=LATER),
    "refuse": lambda one, _: one.refuse("不需要", by=COMMANDER, now=LATER),
    "stand_down": lambda one, units: one.stand_down(units, by="director.1", reason="已处置", now=LATER),
}


@pytest.mark.parametrize(("state", "verb"), list(product(SummonsState, ACTS)))
def test_every_state_and_verb_is_a_move_or_a_named_refusal(state: SummonsState, verb: SummonsVerb) -> None:
    summons, units = BROUGHT_INTO[state]()
    assert summons.state == state
    after = SUMMONS_MOVES.get((state, verb))
    if after is not None:
        ACTS[verb](summons, units)
        assert summons.state == after
        return
    with pytest.raises((SummonsDecided, SummonsOver)) as refused:
        ACTS[verb](summons, units)
    assert refused.value.field == "summons_id"
    assert summons.state == state


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["acknowledge", "arrive", "give_up", "stand_down"]), st.sampled_from([POLICE, FIRE, MARKET])
        ),
        max_size=15,
    )
)
def test_a_summons_ends_once_and_every_unit_has_one_end(steps: list[tuple[str, str]]) -> None:
    summons, units = summons_running(POLICE, FIRE, MARKET)
    told: list[object] = []
    for verb, unit in steps:
        try:
            told += _answer(summons, units, verb, unit)
        except Refused:
            continue
    ended = [event for event in told if isinstance(event, SummonsEnded)]
    assert len(ended) == (0 if SummonsState(summons.state) in OPEN_SUMMONSES else 1)
    settled = [event for event in told if isinstance(event, SummonsUnitArrived | SummonsUnitNotArrived)]
    assert len({event.unit for event in settled}) == len(settled)
    if not ended:
        assert any(unit.now_is in (UnitSummonsState.CALLED, UnitSummonsState.ACKNOWLEDGED) for unit in units)


def _answer(summons: Summons, units: list[CalledUnit], verb: str, unit: str) -> tuple[object, ...]:
    match verb:
        case "acknowledge":
            return (summons.acknowledge(units, by=staff_of(unit), now=LATER),)
        case "arrive":
            return summons.check_in(units, unit, by=ROOM, now=LATER)
        case "give_up":
            return summons.give_up(units, unit, at=LATER)
        case _:
            return (summons.stand_down(units, by="director.1", reason=None, now=LATER),)
