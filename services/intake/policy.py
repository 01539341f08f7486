"""Pure decisions of intake: which verb is possible in which state, and what a follow-up leads to."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Literal

from shared.contracts.intake import DissatisfactionCause, Satisfaction

ATTEMPTS_BEFORE_UNREACHABLE = 3


class CaseState(StrEnum):
    REGISTERED = "registered"
    NOT_ACCEPTED = "not_accepted"
    HANDLING = "handling"
    TO_FOLLOW_UP = "to_follow_up"
    FOLLOWED_UP = "followed_up"
    CLOSED = "closed"


Verb = Literal["accept", "decline", "correct", "finish", "follow_up", "close"]

POSSIBLE: Mapping[Verb, frozenset[CaseState]] = {
    "accept": frozenset({CaseState.REGISTERED}),
    "decline": frozenset({CaseState.REGISTERED}),
    "correct": frozenset({CaseState.HANDLING, CaseState.TO_FOLLOW_UP, CaseState.FOLLOWED_UP}),
    "finish": frozenset({CaseState.HANDLING}),
    "follow_up": frozenset({CaseState.TO_FOLLOW_UP}),
    "close": frozenset({CaseState.FOLLOWED_UP, CaseState.TO_FOLLOW_UP}),
}

Outcome = Literal["solved", "explained", "unreachable"]


def must_reopen(satisfaction: Satisfaction | None, cause: DissatisfactionCause | None) -> bool:
    """Dissatisfied with a cause on the unit's side: back to the unit. Same facts after lawful handling: explained."""
    return satisfaction is Satisfaction.DISSATISFIED and cause is DissatisfactionCause.UNIT


def outcome_of(*, contacted: bool, solved: bool | None) -> Outcome:
    if not contacted:
        return "unreachable"
    return "solved" if solved else "explained"


def rank_of(chosen: str, suggested: Sequence[str]) -> int | None:
    """Which suggestion was taken, counted from 1."""
    return suggested.index(chosen) + 1 if chosen in suggested else None
