"""Pure decisions about a summons: what follows what, and how it ends."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Literal

from shared.centre.pack import CentrePack
from shared.contracts.actors import UNIT_ROLES
from shared.contracts.base import Level
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
DRILL_LEVEL: Level = "IV"


# -- one unit ----------------------------------------------------------------------------------------------------------

AnswerVerb = Literal["acknowledge", "on_the_way", "substitute", "cannot_come"]
CalledUnitVerb = Literal["call", "arrive", "give_up", "stand_down"] | AnswerVerb

_S = UnitSummonsState
ANSWERED = frozenset({_S.ACKNOWLEDGED, _S.ON_THE_WAY, _S.SUBSTITUTE_SENT, _S.CANNOT_COME})
CALLED = ANSWERED | {_S.CALLED}
AWAITED = CALLED | {_S.NAMED}

# A unit may think better of anything it said, until it is there or the summons is over: the last word counts.
ANSWER_MOVES: Mapping[tuple[UnitSummonsState, AnswerVerb], UnitSummonsState] = {
    (_S.CALLED, "acknowledge"): _S.ACKNOWLEDGED,
    (_S.CANNOT_COME, "acknowledge"): _S.ACKNOWLEDGED,
    **{(state, "on_the_way"): _S.ON_THE_WAY for state in CALLED},
    **{(state, "substitute"): _S.SUBSTITUTE_SENT for state in CALLED},
    **{(state, "cannot_come"): _S.CANNOT_COME for state in CALLED - {_S.CANNOT_COME}},
}
CALLED_UNIT_MOVES: Mapping[tuple[UnitSummonsState, CalledUnitVerb], UnitSummonsState] = {
    (_S.NAMED, "call"): _S.CALLED,
    **ANSWER_MOVES,
    **{(state, "arrive"): _S.ARRIVED for state in CALLED},
    **{(state, "give_up"): _S.NOT_ARRIVED for state in CALLED},
    **{(state, "stand_down"): _S.STOOD_DOWN for state in AWAITED},
}


def awaited(unit: UnitSummonsState, *, drill: bool) -> bool:
    """演练: nobody has to come to a drill, so there whoever has answered is awaited no longer."""
    return unit in AWAITED and not (drill and unit in ANSWERED)


def how_it_ends(units: Iterable[UnitSummonsState], *, drill: bool = False) -> Literal["assemble", "give_up"] | None:
    """None while a unit is awaited; a summons at which one unit is missing is not assembled."""
    states = set(units)
    if any(awaited(state, drill=drill) for state in states):
        return None
    complete = states <= (ANSWERED | {_S.ARRIVED}) if drill else states == {_S.ARRIVED}
    return "assemble" if complete else "give_up"


# -- the command room's code -------------------------------------------------------------------------------------------

ROOM_CODES = 1_000_000
WRONG_CODES_MAX = 5


# -- posts -------------------------------------------------------------------------------------------------------------

UNIT_POSTS = frozenset(role.value for role in UNIT_ROLES)


def is_post_of(pack: CentrePack, unit: str, post: str) -> bool:
    """`<unit>.<anything>`, or the liaison's or lead's post as the pack names it."""
    found = pack.unit(unit)
    named = () if found is None else (found.liaison.code, found.lead.code)
    return post in named or (post.startswith(f"{unit}.") and len(post) > len(unit) + 1)


def is_told_as_unit(unit: str, post: str) -> bool:
    """Whether a notice to this post reaches the unit: to its liaison or lead, by role or by the post's own name."""
    return post in UNIT_POSTS or post.startswith(f"{unit}.")
