"""Pure decisions of intake: which verb is possible when, what a follow-up leads to, what is the same matter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Literal

from shared.centre.pack import CentrePack
from shared.contracts.intake import DissatisfactionCause, LeadsTo, Satisfaction
from shared.contracts.intake.duplicates import Differs, SimilarReason


class CaseState(StrEnum):
    REGISTERED = "registered"
    NOT_ACCEPTED = "not_accepted"
    HANDLING = "handling"
    TO_FOLLOW_UP = "to_follow_up"
    TO_EXPLAIN = "to_explain"
    FOLLOWED_UP = "followed_up"
    CLOSED = "closed"


Verb = Literal["accept", "decline", "correct", "finish", "follow_up", "explain", "explain_delay", "close"]

POSSIBLE: Mapping[Verb, frozenset[CaseState]] = {
    "accept": frozenset({CaseState.REGISTERED}),
    "decline": frozenset({CaseState.REGISTERED}),
    "correct": frozenset({CaseState.HANDLING, CaseState.TO_FOLLOW_UP, CaseState.TO_EXPLAIN, CaseState.FOLLOWED_UP}),
    "finish": frozenset({CaseState.HANDLING}),
    "follow_up": frozenset({CaseState.TO_FOLLOW_UP}),
    "explain": frozenset({CaseState.TO_EXPLAIN}),
    "explain_delay": frozenset({CaseState.HANDLING}),
    "close": frozenset({CaseState.FOLLOWED_UP, CaseState.TO_FOLLOW_UP}),
}

Outcome = Literal["solved", "explained", "unreachable"]


def leads_to(
    satisfaction: Satisfaction | None, cause: DissatisfactionCause | None, *, reopenings: int, reopenings_max: int
) -> LeadsTo:
    """Dissatisfied with a cause on the unit's side: back to the unit, as often as the pack allows.

    The same facts after lawful handling, or one time too many: a written explanation, and no endless loop (DOMAIN:
    closed loop, 4).
    """
    if satisfaction is not Satisfaction.DISSATISFIED:
        return "followed_up"
    if cause is DissatisfactionCause.UNIT and reopenings < reopenings_max:
        return "reopened"
    return "to_explain"


def must_raise(cause: DissatisfactionCause | None, *, reopenings: int, reopenings_max: int) -> bool:
    """Whether the duty director hears of it: with the last reopening there is, and each time after it."""
    return cause is DissatisfactionCause.UNIT and reopenings + 1 >= reopenings_max


def miss_counts(last: datetime | None, now: datetime, *, days_apart: int, zone: tzinfo) -> bool:
    """Whether an attempt that reached nobody lies far enough, by the days here, after the last one that counts."""
    if last is None:
        return True
    return (now.astimezone(zone).date() - last.astimezone(zone).date()).days >= days_apart


def outcome_of(*, contacted: bool, solved: bool | None) -> Outcome:
    if not contacted:
        return "unreachable"
    return "solved" if solved else "explained"


def rank_of(chosen: str, suggested: Sequence[str]) -> int | None:
    """Which suggestion was taken, counted from 1."""
    return suggested.index(chosen) + 1 if chosen in suggested else None


# -- the same matter, brought twice ------------------------------------------------------------------------------------

JOINABLE = frozenset({CaseState.REGISTERED, CaseState.HANDLING})
SPLITTABLE = frozenset({CaseState.HANDLING, CaseState.TO_FOLLOW_UP})


@dataclass(frozen=True, slots=True)
class SameMatter:
    """A category and place that are asked about, with those that are a weaker match for each."""

    category: str
    place: str
    related: tuple[str, ...]
    near: tuple[str, ...]

    def reasons(self, category: str | None, place: str | None, *, contact: bool) -> tuple[SimilarReason, ...]:
        what: SimilarReason = "same_category" if category == self.category else "related_category"
        where: SimilarReason = "same_place" if place == self.place else "near_place"
        return (what, where, "same_contact") if contact else (what, where)


def same_matter(pack: CentrePack, category: str, place: str) -> SameMatter:
    """Related: under the same parent. Near: where one of the two cases is known by its township only (a case there may
    lie in any of its grids), and all of the township where the pack's scope is that wide.
    """
    asked, where = pack.category(category), pack.place(place)
    assert asked is not None
    assert where is not None
    town = where.chain[-1]
    wide = pack.duplicates.scope == "township" or place == town
    near = {each.code for each in pack.places if each.chain[-1] == town} if wide else {town}
    kin = {
        each.code
        for each in pack.categories
        if each.parent == category or (asked.parent is not None and asked.parent in (each.parent, each.code))
    }
    return SameMatter(category, place, tuple(sorted(kin - {category})), tuple(sorted(near - {place})))


def differs(pack: CentrePack, *, categories: Sequence[str | None], places: Sequence[str | None]) -> list[Differs]:
    """In what two cases are not the same matter. What is not known of one of them does not differ."""
    known = [pack.place(code) for code in places if code is not None]
    towns = {
        code if place is None else place.chain[-1] for code, place in zip(filter(None, places), known, strict=True)
    }
    found: list[Differs] = []
    if len({code for code in categories if code is not None}) > 1:
        found.append("category")
    if len(towns) > 1:
        found.append("township")
    return found
