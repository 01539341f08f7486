"""Pure decisions about a summons: what follows what, and how it ends."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Literal

from shared.contracts.dispatch import UnitSummonsState


class SummonsState(StrEnum):
    ASKED = "asked"
    RUNNING = "running"
    REFUSED = "refused"
    ASSEMBLED = "assembled"
    INCOMPLETE = "incomplete"
    STOOD_DOWN = "stood_down"


SummonsVerb = Literal["approve", "refuse", "stand_down", "assemble", "give_up"]

SUMMONS_MOVES: Mapping[tuple[SummonsState, SummonsVerb], SummonsState] = {
    (SummonsState.ASKED, "approve"): SummonsState.RUNNING,
    (SummonsState.ASKED, "refuse"): SummonsState.REFUSED,
    (SummonsState.ASKED, "stand_down"): SummonsState.STOOD_DOWN,
    (SummonsState.RUNNING, "stand_down"): SummonsState.STOOD_DOWN,
    (SummonsState.RUNNING, "assemble"): SummonsState.ASSEMBLED,
    (SummonsState.RUNNING, "give_up"): SummonsState.INCOMPLETE,
}
OPEN_SUMMONSES = frozenset({SummonsState.ASKED, SummonsState.RUNNING})


CalledUnitVerb = Literal["call", "acknowledge", "arrive", "give_up", "stand_down"]

CALLED_UNIT_MOVES: Mapping[tuple[UnitSummonsState, CalledUnitVerb], UnitSummonsState] = {
    (UnitSummonsState.NAMED, "call"): UnitSummonsState.CALLED,
    (UnitSummonsState.NAMED, "stand_down"): UnitSummonsState.STOOD_DOWN,
    (UnitSummonsState.CALLED, "acknowledge"): UnitSummonsState.ACKNOWLEDGED,
    (UnitSummonsState.CALLED, "arrive"): UnitSummonsState.ARRIVED,
    (UnitSummonsState.CALLED, "give_up"): UnitSummonsState.NOT_ARRIVED,
    (UnitSummonsState.CALLED, "stand_down"): UnitSummonsState.STOOD_DOWN,
    (UnitSummonsState.ACKNOWLEDGED, "arrive"): UnitSummonsState.ARRIVED,
    (UnitSummonsState.ACKNOWLEDGED, "give_up"): UnitSummonsState.NOT_ARRIVED,
    (UnitSummonsState.ACKNOWLEDGED, "stand_down"): UnitSummonsState.STOOD_DOWN,
}
AWAITED = frozenset({UnitSummonsState.NAMED, UnitSummonsState.CALLED, UnitSummonsState.ACKNOWLEDGED})


def how_it_ends(units: Iterable[UnitSummonsState]) -> Literal["assemble", "give_up"] | None:
    """None while a unit is awaited; a summons at which one unit is missing is not assembled."""
    states = set(units)
    if states & AWAITED:
        return None
    return "assemble" if states == {UnitSummonsState.ARRIVED} else "give_up"
