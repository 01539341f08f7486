"""点名: a summons with the units it called. What each of them answers, and who came."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.dispatch.errors.cases import NotOwnUnit
from services.dispatch.errors.summonses import RoomCodeBlocked, SubstituteOfAnotherUnit, UnitNotSummoned, WrongRoomCode
from services.dispatch.model.called_unit import CalledUnit
from services.dispatch.model.summons import Summons
from services.dispatch.policy.summoning import CALLED, WRONG_CODES_MAX, awaited, is_post_of
from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor
from shared.contracts.dispatch import SummonsEvent, SummonsUnitNotified

Told = tuple[SummonsEvent, ...]


@dataclass(frozen=True, slots=True)
class RollCall:
    """The summons is locked. Every verb changes the row of one unit, and the summons where that ends it."""

    summons: Summons
    units: Sequence[CalledUnit]

    # -- a unit's own answers ------------------------------------------------------------------------------------------

    def acknowledge(self, *, by: Actor, now: datetime) -> Told:
        """The unit has heard the whistle. Its 20 minutes run on."""
        unit = self._answering(by)
        return self._and_the_end(unit.acknowledge(self.summons.ids(), by=by.staff, now=now), now)

    def tell_on_the_way(self, minutes: int, *, by: Actor, now: datetime) -> Told:
        unit = self._answering(by)
        return self._and_the_end(unit.tell_on_the_way(self.summons.ids(), minutes, by=by.staff, now=now), now)

    def send_substitute(self, post: str, minutes: int, pack: CentrePack, *, by: Actor, now: datetime) -> Told:
        """`pack` is the one frozen at the approval."""
        unit = self._answering(by)
        if not is_post_of(pack, unit.unit, post):
            raise SubstituteOfAnotherUnit(
                f"{post!r} is no post of {unit.unit}: send one of your own, e.g. {unit.unit}.lead", field="substitute"
            )
        return self._and_the_end(unit.send_substitute(self.summons.ids(), post, minutes, by=by.staff, now=now), now)

    def tell_cannot_come(self, reason: str, *, by: Actor, now: datetime) -> Told:
        unit = self._answering(by)
        return self._and_the_end(unit.tell_cannot_come(self.summons.ids(), reason, now=now), now)

    # -- who came, and who did not -------------------------------------------------------------------------------------

    def check_in(
        self, code: str, *, by: Actor, how: Literal["room", "code"] = "room", field: str = "unit", now: datetime
    ) -> Told:
        """到场: who is in the room counts as arrived, acknowledged before or not."""
        unit = self.the(code, field=field)
        self.summons.require_awaiting(unit)
        return self._and_the_end((unit.arrive(self.summons.ids(), by=by.staff, how=how, now=now),), now)

    def check_in_own(self, *, by: Actor, now: datetime) -> Told:
        """By the code on the wall, which was tried before."""
        return self.check_in(_own(by), by=by, how="code", field="actor.unit", now=now)

    def try_code(self, given: str, *, by: Actor) -> WrongRoomCode | RoomCodeBlocked | None:
        """Counts a wrong one, to be kept even though the asker is refused with what this returns.

        A unit that cannot be checked in now learns nothing about the code: the check-in itself says why not.
        """
        unit = self.the(_own(by), field="actor.unit")
        if not self.summons.open or unit.now_is not in CALLED:
            return None
        if unit.wrong_codes >= WRONG_CODES_MAX:
            return _blocked(unit)
        if secrets.compare_digest(given, self.summons.code_on_the_wall()):
            return None
        unit.wrong_codes += 1
        left = WRONG_CODES_MAX - unit.wrong_codes
        words = f"that is not the code on the command room's wall; {left} more tries"
        return WrongRoomCode(words, field="room_code", tries_left=left) if left else _blocked(unit)

    def give_up(self, code: str, *, at: datetime) -> Told:
        """The end of the unit's ladder. Nothing where the unit came, or the summons ended, in the meantime."""
        unit = self.the(code, field="unit")
        if not self.summons.open or not awaited(unit.now_is, drill=self.summons.drill):
            return ()
        return self._and_the_end((unit.give_up(self.summons.ids(), at=at),), at)

    # -- what notification tells ---------------------------------------------------------------------------------------

    def hear_of_notice(self, code: str, channel: str, *, at: datetime) -> tuple[SummonsUnitNotified, ...]:
        """The first notice left for the unit: a fact also where it comes late, but then nobody's news any more."""
        unit = next((each for each in self.units if each.unit == code), None)
        told = None if unit is None else unit.hear_of_notice(self.summons.ids(), channel, at=at)
        return (told,) if told is not None and self.summons.open else ()

    # -- rules ---------------------------------------------------------------------------------------------------------

    def the(self, code: str, *, field: str) -> CalledUnit:
        found = next((unit for unit in self.units if unit.unit == code), None)
        if found is None:
            raise UnitNotSummoned(f"{code} is not called by this summons", field=field, unit=code)
        return found

    def _answering(self, by: Actor) -> CalledUnit:
        unit = self.the(_own(by), field="actor.unit")
        self.summons.require_awaiting(unit)
        return unit

    def _and_the_end(self, told: Told, now: datetime) -> Told:
        return (*told, *self.summons.end_if_nobody_is_awaited(self.units, now=now))


def _own(by: Actor) -> str:
    if by.unit is None:
        raise NotOwnUnit("only a summoned unit's own staff answers for it", field="actor.unit")
    return by.unit


def _blocked(unit: CalledUnit) -> RoomCodeBlocked:
    return RoomCodeBlocked(
        f"{unit.unit} gave {WRONG_CODES_MAX} wrong codes; let the command room or the duty director check it in",
        field="room_code",
        unit=unit.unit,
    )
