"""Which facts leave nothing to say. Keys only, so that facts and notices may arrive in any order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Unless = Literal["acknowledged", "on_the_way", "arrived"]


@dataclass(frozen=True, slots=True)
class Fact:
    """`why` is one word of the trade's own list; it is told with a message that was skipped for it."""

    key: str
    why: str
    at: datetime


_NEWER_ONLY = frozenset({"on_the_way"})

OUTCOMES = ("assembled", "incomplete", "stood_down")
ORDER_ENDS = ("reported_back", "returned", "withdrawn")

# Which acts of the unit leave nothing to say about a stage of its work order.
_STAGES: Mapping[str, tuple[str, ...]] = {
    "sign_off": ("signed_off", *ORDER_ENDS),
    "contact": ("requester_contacted", *ORDER_ENDS),
    "return": ORDER_ENDS,
    "report_back": ORDER_ENDS,
}


def summons_key(summons_id: UUID, what: str) -> str:
    return f"summons:{summons_id}:{what}"


def unit_key(summons_id: UUID, unit: str, what: str) -> str:
    return f"summons:{summons_id}:{unit}:{what}"


def order_key(work_order_id: UUID, what: str) -> str:
    return f"work_order:{work_order_id}:{what}"


def deferral_key(deferral_id: UUID) -> str:
    return f"deferral:{deferral_id}:decided"


def handover_key(handover_id: UUID) -> str:
    return f"handover:{handover_id}:accepted"


def arrival_settled_by(
    summons_id: UUID, unit: str, *, action: str | None, unless: Unless | None = None
) -> tuple[str, ...]:
    """What makes a rung of the arrival ladder needless.

    That a unit is late is still told after the summons ended without it: only arriving, or not being needed any more,
    takes that back. `unless` is the rung's own condition, None where it is climbed in spite of it.
    """
    late = action in ("overdue", "end")
    ends = ("assembled", "stood_down") if late else OUTCOMES
    states = ("arrived",) if late else ("arrived", "not_arrived")
    own = (unless,) if unless in ("acknowledged", "on_the_way") else ()
    return (
        *(summons_key(summons_id, outcome) for outcome in ends),
        *(unit_key(summons_id, unit, state) for state in (*states, *own)),
    )


def order_settled_by(work_order_id: UUID, stage: str | None) -> tuple[str, ...]:
    """What makes a word about a stage of a work order needless; a verification is owed after the unit's part."""
    return tuple(order_key(work_order_id, act) for act in _STAGES.get(stage or "", ()))


def order_arrival_settled_by(work_order_id: UUID) -> tuple[str, ...]:
    """That a work order came need not be told to a unit that acted on it."""
    return tuple(order_key(work_order_id, act) for act in ("signed_off", *ORDER_ENDS))


def needless(settled_by: Iterable[str], settled: Mapping[str, Fact], *, issued_at: datetime | None) -> str | None:
    """Why there is nothing left to say, by the first key that is settled; None where there is.

    That a unit is on the way holds for the notices before that word only: when its estimate has passed, it is rung.
    """
    for key in settled_by:
        fact = settled.get(key)
        if fact is not None and (fact.why not in _NEWER_ONLY or issued_at is None or fact.at >= issued_at):
            return fact.why
    return None
