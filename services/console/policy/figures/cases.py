"""What is counted of a case as a whole: when it came, what it is about and where, whose it is, how it ended."""

from collections.abc import Callable, Mapping
from typing import Any

from shared.contracts.base import Event
from shared.contracts.dispatch import WorkOrderDispatched, WorkOrderReturned, WorkOrderWithdrawn
from shared.contracts.intake import CaseAccepted, CaseClosed, CaseCorrected, CaseNotAccepted, CaseRegistered, CaseSplit

Change = Mapping[str, Any]
MATTER = ("category", "place", "level")


def _registered(event: CaseRegistered) -> Change:
    return {
        **_matter(event),
        "source": event.source.value,
        "window": event.window,
        "registered_at": event.registered_at,
    }


def _matter(event: Any) -> Change:
    return {name: getattr(event, name) for name in MATTER}


def _not_accepted(event: CaseNotAccepted) -> Change:
    return {"over_at": event.decided_at, "outcome": "not_accepted"}


def _closed(event: CaseClosed) -> Change:
    return {"over_at": event.closed_at, "outcome": event.outcome}


def _sent(event: WorkOrderDispatched) -> Change:
    return {"unit": event.unit} if event.role == "lead" else {}


def _taken_back(event: WorkOrderReturned | WorkOrderWithdrawn) -> Change:
    return {"unit": None} if event.role == "lead" else {}


CASES: Mapping[str, Callable[[Any], Change]] = {
    CaseRegistered.TYPE: _registered,
    CaseAccepted.TYPE: _matter,
    CaseCorrected.TYPE: _matter,
    CaseSplit.TYPE: _matter,
    CaseNotAccepted.TYPE: _not_accepted,
    CaseClosed.TYPE: _closed,
    WorkOrderDispatched.TYPE: _sent,
    WorkOrderReturned.TYPE: _taken_back,
    WorkOrderWithdrawn.TYPE: _taken_back,
}


def case_change(event: Event) -> Change:
    """Empty where nothing of it is counted."""
    change = CASES.get(event.TYPE)
    return change(event) if change is not None else {}
