"""One promise in time, as it is counted: what its clock tells changes it, and its verdict follows from that."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from shared.contracts.base import Event
from shared.contracts.escalation import (
    AppealGranted,
    ClockArmed,
    ClockCancelled,
    ClockMet,
    ClockOverdue,
    ClockRecomputed,
    Stage,
)

Verdict = Literal["open", "in_time", "late", "exempt", "void"]
"""`open`: under way, its time not passed; `void`: not owed any more before its time was up, so nobody failed in it."""

Change = Mapping[str, Any]
UNIT_STAGES: frozenset[Stage] = frozenset({"contact", "sign_off", "report_back", "arrival", "supervision"})
"""What units owe; the rest is owed by the centre's own posts and the grid."""

A_RIGHT: Stage = "return"
SENT: frozenset[Stage] = frozenset({"sign_off", "arrival"})
"""Counted on the day it was sent or called (all work orders sent, all units summoned), the others when they are due."""


def counted_at(stage: str, started_at: datetime | None, due_at: datetime | None) -> datetime | None:
    """Into which day it falls (DOMAIN: assessment)."""
    return started_at if stage in SENT else due_at


def verdict_of(
    *,
    met_at: datetime | None,
    fired_at: datetime | None,
    ended_at: datetime | None,
    reason: str | None,
    exempted_at: datetime | None,
) -> Verdict:
    """That it fired stays, whatever came later; a granted appeal only takes it out of the rates."""
    if fired_at is not None or reason == "not_arrived":
        return "exempt" if exempted_at is not None else "late"
    if met_at is not None:
        return "in_time"
    return "void" if ended_at is not None else "open"


def _armed(event: ClockArmed) -> Change:
    return {**_whose(event.stage, event.owes), "started_at": event.started_at, "due_at": event.due_at}


def _recomputed(event: ClockRecomputed) -> Change:
    return {"due_at": event.due_at}


def _overdue(event: ClockOverdue) -> Change:
    return {"fired_at": event.fired_at}


def _met(event: ClockMet) -> Change:
    return {"met_at": event.met_at, "ended_at": event.met_at}


def _cancelled(event: ClockCancelled) -> Change:
    return {"ended_at": event.cancelled_at, "reason": event.reason}


def _exempted(event: AppealGranted) -> Change:
    """Of another chain than the clock's own: it may be heard before what it exempts."""
    return {**_whose(event.stage, event.unit), "exempted_at": event.exempted_at}


def _whose(stage: Stage, owes: str) -> Change:
    return {"stage": stage, "unit": owes if stage in UNIT_STAGES else None}


PROMISES: Mapping[str, Callable[[Any], Change]] = {
    ClockArmed.TYPE: _armed,
    ClockRecomputed.TYPE: _recomputed,
    ClockOverdue.TYPE: _overdue,
    ClockMet.TYPE: _met,
    ClockCancelled.TYPE: _cancelled,
    AppealGranted.TYPE: _exempted,
}


def promise_change(event: Event) -> tuple[str, Change] | None:
    """The clock's key and what changes of it; None for what is no promise: a right lapses, nobody fails in it."""
    change = PROMISES.get(event.TYPE)
    if change is None or getattr(event, "stage", None) == A_RIGHT:
        return None
    told: Any = event  # each of the table names its clock
    return str(told.clock), change(event)
