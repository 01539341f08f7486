"""并案与拆案: a case follows another one of the same matter, or becomes a matter of its own again.

Whoever received a joined case first stays answerable for it: code, requester and follow-up stay its own. Only the work
is done once, on the leading case, and so it waits where that one waits.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypedDict, cast
from uuid import UUID

from services.intake.errors import (
    AlreadyJoined,
    CannotJoinItself,
    JoinNeedsReason,
    LeaderIsClosed,
    LeadsOthers,
    NotFirstReceiver,
    NotJoined,
    NotPossibleNow,
    UnitIsAtWork,
)
from services.intake.model.case import Case
from services.intake.policy import JOINABLE, SPLITTABLE, CaseState
from shared.contracts.actors import Actor, Role
from shared.contracts.base import CaseEvent, Level
from shared.contracts.intake import (
    CaseJoined,
    CaseSplit,
    HandlingMode,
    LeaderReopened,
    LeaderSolved,
    SimilarOffered,
    Source,
)
from shared.contracts.intake.duplicates import Differs

SOLVED = frozenset({CaseState.TO_FOLLOW_UP, CaseState.TO_EXPLAIN, CaseState.FOLLOWED_UP})


class _Ids(TypedDict):
    case_id: UUID
    case_code: str


class _Graded(TypedDict):
    category: str | None
    level: Level
    owner: str
    pack_version: str


def offer(case: Case, offered: Sequence[str], taken: str | None, *, now: datetime) -> SimilarOffered:
    return SimilarOffered(**_ids(case), offered=tuple(offered), taken=taken, offered_at=now)


def join(
    case: Case, leader: Case, *, differs: Sequence[Differs], explained: bool, leads: int, now: datetime
) -> tuple[CaseEvent, ...]:
    """`differs`: in what the two are not the same matter; `leads`: how many cases follow this one.

    What was left open about this case is taken from the leading one. Joined to what is solved already, its requester is
    asked at once.
    """
    _require_joinable(case, leader, leads=leads)
    if differs and not explained:
        what = " and ".join(differs)
        raise JoinNeedsReason(f"the two cases are of another {what}: say why they are one matter", field="reason")
    case.category = case.category or leader.category
    case.place = case.place or leader.place
    case.joined_to, case.joined_at = leader.case_id, now
    case.state, case.handling_mode = CaseState.HANDLING, HandlingMode.FORWARD
    case.accepted_at = case.accepted_at or now
    case.unit = None
    joined = CaseJoined(
        **_ids(case),
        **_graded(case),
        leader_id=leader.case_id,
        leader=leader.case_code,
        differs=tuple(differs),
        place=case.place,
        splits=case.splits,
        joined_at=now,
    )
    return (joined, leader_solved(case, leader, now=now)) if leader.state in SOLVED else (joined,)


def split(case: Case, leader: Case | None, *, cause: Literal["decided", "leader_closed"], now: datetime) -> CaseSplit:
    """Accepted at this instant, as a matter of its own; what was before stays on record."""
    if leader is None:
        raise NotJoined(f"case {case.case_code} is joined to none", field="case_code")
    if case.state not in SPLITTABLE:
        raise NotPossibleNow(f"split is not possible: the case is {case.state}", field="case_code", state=case.state)
    case.joined_to = case.joined_at = None
    case.state, case.handling_mode = CaseState.HANDLING, HandlingMode.FORWARD
    case.ask_anew()
    case.accepted_at = now
    case.splits += 1
    return CaseSplit(
        **_ids(case),
        **_graded(case),
        leader_id=leader.case_id,
        leader=leader.case_code,
        cause=cause,
        source=Source(case.source),
        handling_mode=HandlingMode.FORWARD,
        place=case.place,
        flags=tuple(case.flags),
        splits=case.splits,
        split_at=now,
    )


def leader_solved(case: Case, leader: Case, *, now: datetime) -> LeaderSolved:
    case.state = CaseState.TO_FOLLOW_UP
    return LeaderSolved(**_ids(case), **_graded(case), leader=leader.case_code, solved_at=now)


def leader_reopened(case: Case, leader: Case, *, now: datetime) -> LeaderReopened:
    """Its requester has not been asked yet, and is asked when the leading case is solved."""
    case.state = CaseState.HANDLING
    case.ask_anew()
    return LeaderReopened(**_ids(case), leader=leader.case_code, reopened_at=now)


def require_may_split(case: Case, actor: Actor) -> None:
    """Whoever received it first, or the duty director."""
    own = actor.staff == case.owner or (case.window is not None and actor.window == case.window)
    if not own and actor.role is not Role.DUTY_DIRECTOR:
        raise NotFirstReceiver(f"this case is answered for by {case.owner}", field="actor.staff", owner=case.owner)


def _require_joinable(case: Case, leader: Case, *, leads: int) -> None:
    if case.case_id == leader.case_id:
        raise CannotJoinItself(f"case {case.case_code} cannot follow itself", field="leader")
    if case.joined_to is not None:
        raise AlreadyJoined(f"case {case.case_code} follows another one already: split it first", field="case_code")
    if leads:
        raise LeadsOthers(
            f"{leads} cases follow {case.case_code}: join the other one to it instead", field="case_code", joined=leads
        )
    if case.state not in JOINABLE:
        raise NotPossibleNow(f"join is not possible: the case is {case.state}", field="case_code", state=case.state)
    if case.taken_on:
        raise UnitIsAtWork(
            f"a unit has signed off case {case.case_code} and is at work on it", field="case_code", unit=case.unit
        )
    if leader.closed_at is not None:
        raise LeaderIsClosed(
            f"case {leader.case_code} is {leader.state}: what comes again is a case of its own",
            field="leader",
            state=leader.state,
        )


def _ids(case: Case) -> _Ids:
    return {"case_id": case.case_id, "case_code": case.case_code}


def _graded(case: Case) -> _Graded:
    return {
        "category": case.category,
        "level": cast("Level", case.level),  # the database checks the column
        "owner": case.owner,
        "pack_version": case.pack_version,
    }
