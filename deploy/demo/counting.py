"""Pure counting over a ledger: what the events tell, what the state says, what is missing and what is there twice."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from deploy.demo.ledger import Fact, Ledger
from shared.contracts.dispatch import (
    CaseDesignated,
    CaseRouted,
    SummonsEnded,
    SummonsUnitArrived,
    SummonsUnitCalled,
    SummonsUnitNotArrived,
    WorkOrderDispatched,
    WorkOrderReopened,
    WorkOrderReportedBack,
    WorkOrderReturned,
    WorkOrderSignedOff,
)
from shared.contracts.escalation import (
    ArrivalGivenUp,
    ClockArmed,
    ClockCancelled,
    ClockMet,
    ClockOverdue,
    VerificationRecorded,
)
from shared.contracts.intake import CaseAccepted, CaseClosed, CaseNotAccepted, CaseRegistered, CaseReopened

TABLE = ("rule", "fallback", "triage")
OPEN_ORDERS = ("dispatched", "signed_off", "handling")
OPEN_CLOCKS = ("armed", "overdue")


@dataclass(frozen=True, slots=True)
class EventCounts:
    """What the recorded events tell. `placements`: by the table or a person, first and later ones; triage is none."""

    registered: int
    accepted: int
    not_accepted: int
    placements: int
    routed: int
    triage: int
    designated: int
    work_orders: int
    lead_orders: int
    supporting: int
    signed_off: int
    returned: int
    reported_back: int
    reported_by_leads: int
    verified: int
    closed: int
    reopened: int
    reopened_for_requester: int
    work_orders_reopened_for_requester: int
    summons_issued: int
    arrived_in_time: int
    arrived_late: int
    unanswered: int
    clocks_armed: int
    clocks_met: int
    clocks_met_late: int
    clocks_cancelled: int
    clocks_fired: int


@dataclass(frozen=True, slots=True)
class StateCounts:
    """What the services' own tables say."""

    cases: Mapping[str, int]
    work_orders: Mapping[str, int]
    support_orders: Mapping[str, int]
    signed_off: int
    returned: int
    reports: int
    verifications: Mapping[str, int]
    clocks: Mapping[str, int]
    clocks_fired: int
    awaited_units: int

    @property
    def open_clocks(self) -> int:
        return sum(self.clocks.get(state, 0) for state in OPEN_CLOCKS)


class _Told:
    """The events of a ledger by type."""

    def __init__(self, ledger: Ledger) -> None:
        self._by_type: dict[str, list[Fact]] = {}
        for facts in ledger.events.values():
            for fact in facts:
                self._by_type.setdefault(fact.type, []).append(fact)

    def of(self, type_: str) -> list[Fact]:
        return self._by_type.get(type_, [])

    def number(self, type_: str) -> int:
        return len(self.of(type_))

    def where(self, type_: str, **values: object) -> list[Fact]:
        return [fact for fact in self.of(type_) if all(fact.data.get(key) == value for key, value in values.items())]


def count_events(ledger: Ledger) -> EventCounts:
    told = _Told(ledger)
    placed = [fact for fact in told.of(CaseRouted.TYPE) if fact.data.get("by") != "triage"]
    called, arrived, missing = _summoned_units(told)
    on_time = sum(_in_time(told, called & arrived.keys(), arrived))
    own_reopened = told.where(CaseReopened.TYPE, handling_mode="self")
    return EventCounts(
        registered=told.number(CaseRegistered.TYPE),
        accepted=told.number(CaseAccepted.TYPE),
        not_accepted=told.number(CaseNotAccepted.TYPE),
        placements=len(placed),
        routed=len({fact.case for fact in placed}),
        triage=len({fact.case for fact in told.where(CaseRouted.TYPE, by="triage")}),
        designated=told.number(CaseDesignated.TYPE),
        work_orders=told.number(WorkOrderDispatched.TYPE),
        lead_orders=len(told.where(WorkOrderDispatched.TYPE, role="lead")),
        supporting=len(told.where(WorkOrderDispatched.TYPE, role="support")),
        signed_off=told.number(WorkOrderSignedOff.TYPE),
        returned=told.number(WorkOrderReturned.TYPE),
        reported_back=told.number(WorkOrderReportedBack.TYPE),
        reported_by_leads=len(told.where(WorkOrderReportedBack.TYPE, role="lead")),
        verified=told.number(VerificationRecorded.TYPE),
        closed=told.number(CaseClosed.TYPE),
        reopened=told.number(WorkOrderReopened.TYPE) + len(own_reopened),
        reopened_for_requester=len(told.where(CaseReopened.TYPE, handling_mode="forward")),
        work_orders_reopened_for_requester=len(told.where(WorkOrderReopened.TYPE, cause="dissatisfied")),
        summons_issued=len(called),
        arrived_in_time=on_time,
        arrived_late=len(called & arrived.keys()) - on_time,
        unanswered=len(called & missing),
        clocks_armed=told.number(ClockArmed.TYPE),
        clocks_met=len(told.where(ClockMet.TYPE, late=False)),
        clocks_met_late=len(told.where(ClockMet.TYPE, late=True)),
        clocks_cancelled=told.number(ClockCancelled.TYPE),
        clocks_fired=told.number(ClockOverdue.TYPE),
    )


Called = tuple[str, str]


def _summoned_units(told: _Told) -> tuple[set[Called], dict[Called, datetime], set[Called]]:
    """(summons, unit) that were waited for, when which of them arrived, and which of them never did."""
    stood_down = {fact.data["summons_id"] for fact in told.where(SummonsEnded.TYPE, outcome="stood_down")}
    called = {_called(fact) for fact in told.of(SummonsUnitCalled.TYPE)}
    waited_for = {one for one in called if one[0] not in stood_down}
    arrived = {
        _called(fact): datetime.fromisoformat(fact.data["arrived_at"]) for fact in told.of(SummonsUnitArrived.TYPE)
    }
    return waited_for, arrived, {_called(fact) for fact in told.of(SummonsUnitNotArrived.TYPE)}


def _given_up(told: _Told) -> set[Called]:
    """Units whose ladder is at its end, neither arrived nor recorded as not arrived. Nobody has to come to a drill."""
    called, arrived, missing = _summoned_units(told)
    of_drills = {_called(fact) for fact in told.where(SummonsUnitCalled.TYPE, drill=True)}
    given_up = {_called(fact) for fact in told.of(ArrivalGivenUp.TYPE)}
    return (given_up & called) - arrived.keys() - missing - of_drills


def _in_time(told: _Told, came: Iterable[Called], arrived: Mapping[Called, datetime]) -> Iterator[bool]:
    """By the due time of each unit's arrival clock, which is `arrival:<summons>:<unit>`."""
    due = {
        fact.data["clock"]: datetime.fromisoformat(fact.data["due_at"])
        for fact in told.where(ClockArmed.TYPE, stage="arrival")
    }
    for summons, unit in came:
        due_at = due.get(f"arrival:{summons}:{unit}")
        yield due_at is not None and arrived[summons, unit] <= due_at


def _called(fact: Fact) -> Called:
    return fact.data["summons_id"], fact.data["unit"]


def count_states(ledger: Ledger) -> StateCounts:
    return StateCounts(
        cases=Counter(ledger.cases.values()),
        work_orders=Counter(state for _, state in ledger.work_orders),
        support_orders=Counter(state for _, state in ledger.support_orders),
        signed_off=ledger.signed_off_orders,
        returned=ledger.returned_orders,
        reports=ledger.reports,
        verifications=Counter(ledger.verifications),
        clocks=Counter(state for state, _ in ledger.clocks),
        clocks_fired=sum(fired for _, fired in ledger.clocks),
        awaited_units=ledger.awaited_units,
    )


def losses_in(ledger: Ledger) -> dict[str, int]:
    """What should be there and is not, by name."""
    told = _Told(ledger)
    forwarded = {fact.case for fact in told.where(CaseAccepted.TYPE, handling_mode="forward")}
    placed = {fact.case for fact in told.of(CaseRouted.TYPE)}
    return {
        "answered registrations without a case": len(set(ledger.receipts) - ledger.cases.keys()),
        "accepted cases without a route": len(forwarded - placed),
        "recorded events missing in the stream": sum(
            len({fact.event_id for fact in facts} - set(ledger.streamed.get(service, ())))
            for service, facts in ledger.events.items()
        ),
        "units given up on and awaited still": len(_given_up(told)),
    }


def duplicates_in(ledger: Ledger) -> dict[str, int]:
    """What is there more than once, by name."""
    by_table = Counter(fact.case for fact in _Told(ledger).of(CaseRouted.TYPE) if fact.data.get("by") in TABLE)
    open_orders = Counter(case for case, state in ledger.work_orders if state in OPEN_ORDERS)
    return {
        "cases placed twice by the table": sum(number > 1 for number in by_table.values()),
        "cases with two open lead orders": sum(number > 1 for number in open_orders.values()),
        "events twice in the stream": sum(len(ids) - len(set(ids)) for ids in ledger.streamed.values()),
    }
