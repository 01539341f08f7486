"""What a verb on a whole case needs from outside, and what it leaves behind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.dispatch.model.base import Base
from services.dispatch.policy.cases import ReachedBy, reached_by
from shared.centre.pack import CentrePack, Mode, Unit
from shared.centre.standing import Switch, mode_at
from shared.contracts.base import CaseEvent


@dataclass(frozen=True, slots=True)
class Moment:
    """The pack the case began with, the time, where new ids come from, the rotating units in the hall just now, and
    the switches of mode (平战) since the case was accepted.
    """

    pack: CentrePack
    now: datetime
    new_id: Callable[[], UUID]
    in_hall: frozenset[str] = frozenset()
    switches: tuple[Switch, ...] = ()

    def reaches(self, unit: Unit) -> ReachedBy:
        return reached_by(unit, in_hall=self.in_hall)

    def mode_at(self, at: datetime) -> Mode:
        return mode_at(self.switches, at)


@dataclass(frozen=True, slots=True)
class Changes:
    """New rows to keep and events to record, in their order. What the verb changed itself is changed already."""

    rows: tuple[Base, ...] = ()
    events: tuple[CaseEvent, ...] = ()

    def __add__(self, other: "Changes") -> "Changes":
        return Changes((*self.rows, *other.rows), (*self.events, *other.events))
