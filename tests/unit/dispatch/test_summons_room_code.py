"""The code on the command room's wall: who is there reads it, who guesses is told to ask the room."""

import pytest

from services.dispatch.errors.summonses import NoRoomCode, RoomCodeBlocked, UnitArrivedAlready, WrongRoomCode
from services.dispatch.model import RollCall
from services.dispatch.policy.summoning import WRONG_CODES_MAX
from shared.contracts.dispatch import SummonsUnitArrived, UnitSummonsState
from tests.unit.dispatch.given import ROOM, staff_of
from tests.unit.dispatch.given_summonses import (
    FIRE,
    LATER,
    POLICE,
    ROOM_CODE,
    WRONG_CODE,
    drilling,
    running,
    states,
    summons_asked,
)


def guesses(roll: RollCall, unit: str, code: str = WRONG_CODE) -> WrongRoomCode | RoomCodeBlocked | None:
    return roll.try_code(code, by=staff_of(unit))


def test_the_right_code_checks_the_unit_in_and_is_told_as_such() -> None:
    roll = running(POLICE, FIRE)
    assert guesses(roll, POLICE, ROOM_CODE) is None
    (arrived,) = roll.check_in_own(by=staff_of(POLICE), now=LATER)
    assert isinstance(arrived, SummonsUnitArrived)
    assert (arrived.checked_in, arrived.unit) == ("code", POLICE)
    assert ROOM_CODE not in arrived.model_dump_json()
    assert (roll.units[0].checked_in, roll.units[0].checked_in_by) == ("code", "handler.police")
    by_room, _ = roll.check_in(FIRE, by=ROOM, now=LATER)
    assert isinstance(by_room, SummonsUnitArrived)
    assert by_room.checked_in == "room"


def test_five_wrong_codes_leave_the_unit_to_the_room_and_no_other_unit() -> None:
    roll = running(POLICE, FIRE)
    for wrong in range(1, WRONG_CODES_MAX):
        refusal = guesses(roll, POLICE)
        assert isinstance(refusal, WrongRoomCode)
        assert refusal.facts == {"tries_left": WRONG_CODES_MAX - wrong}
    last = guesses(roll, POLICE)
    assert isinstance(last, RoomCodeBlocked)
    assert "command room" in last.message
    assert isinstance(guesses(roll, POLICE, ROOM_CODE), RoomCodeBlocked), "the right one does not help any more"
    assert guesses(roll, FIRE, ROOM_CODE) is None
    roll.check_in(POLICE, by=ROOM, now=LATER)
    assert states(roll.units) == {POLICE: UnitSummonsState.ARRIVED, FIRE: UnitSummonsState.CALLED}


def test_who_cannot_be_checked_in_learns_nothing_about_the_code() -> None:
    roll = running(POLICE, FIRE)
    roll.check_in(POLICE, by=ROOM, now=LATER)
    assert guesses(roll, POLICE) is None
    assert roll.units[0].wrong_codes == 0
    with pytest.raises(UnitArrivedAlready):
        roll.check_in_own(by=staff_of(POLICE), now=LATER)
    asked = RollCall(*summons_asked(POLICE))
    assert guesses(asked, POLICE) is None


def test_a_drill_has_a_code_too() -> None:
    roll = drilling(POLICE)
    assert guesses(roll, POLICE, ROOM_CODE) is None
    assert roll.check_in_own(by=staff_of(POLICE), now=LATER)


def test_a_summons_approved_before_codes_existed_has_none() -> None:
    roll = running(POLICE)
    roll.summons.room_code = None
    with pytest.raises(NoRoomCode):
        guesses(roll, POLICE, ROOM_CODE)
