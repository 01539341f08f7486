"""A sound little ledger: one case all the way, one declined, one in triage, one summons of three units."""

from dataclasses import replace
from itertools import count
from typing import Any

from deploy.demo.ledger import Fact, Ledger

_numbers = count(1)


def fact(type_: str, case: str, **data: Any) -> Fact:
    return Fact(f"event-{next(_numbers)}", type_, case, data)


def sound_ledger() -> Ledger:
    events = {"intake": intake(), "dispatch": dispatch(), "escalation": escalation()}
    return Ledger(
        events=events,
        streamed={service: tuple(one.event_id for one in facts) for service, facts in events.items()},
        receipts=("case-1", "case-2", "case-3"),
        cases={"case-1": "closed", "case-2": "not_accepted", "case-3": "handling"},
        work_orders=(("case-1", "reported_back"),),
        signed_off_orders=1,
        reports=1,
        verifications=("recorded",),
        clocks=(("met", False), ("met_late", True), ("met", True), ("cancelled", True), ("armed", False)),
        awaited_units=0,
        dead_letters=0,
    )


def intake() -> tuple[Fact, ...]:
    return (
        *(fact("intake.case.registered", code) for code in ("1", "2", "3")),
        fact("intake.case.accepted", "1", handling_mode="forward"),
        fact("intake.case.accepted", "3", handling_mode="forward"),
        fact("intake.case.not_accepted", "2"),
        fact("intake.case.closed", "1"),
    )


def dispatch() -> tuple[Fact, ...]:
    called = [fact("dispatch.summons.unit_called", "1", summons_id="s", unit=unit) for unit in ("a", "b", "c")]
    away = [fact("dispatch.summons.unit_called", "1", summons_id="off", unit="a")]
    return (
        fact("dispatch.case.routed", "1", by="rule"),
        fact("dispatch.case.routed", "3", by="triage"),
        fact("dispatch.work_order.dispatched", "1", role="lead"),
        fact("dispatch.work_order.signed_off", "1"),
        fact("dispatch.work_order.reported_back", "1", role="lead"),
        *called,
        *away,
        fact("dispatch.summons.unit_arrived", "1", summons_id="s", unit="a", arrived_at="2026-11-23T09:10:00Z"),
        fact("dispatch.summons.unit_arrived", "1", summons_id="s", unit="b", arrived_at="2026-11-23T09:25:00Z"),
        fact("dispatch.summons.unit_not_arrived", "1", summons_id="s", unit="c"),
        fact("dispatch.summons.ended", "1", summons_id="s", outcome="incomplete"),
        fact("dispatch.summons.ended", "1", summons_id="off", outcome="stood_down"),
    )


def escalation() -> tuple[Fact, ...]:
    due = "2026-11-23T09:20:00Z"
    return (
        *(
            fact("escalation.clock.armed", "1", clock=f"arrival:s:{unit}", stage="arrival", due_at=due)
            for unit in ("a", "b", "c")
        ),
        fact("escalation.clock.armed", "1", clock="verify:1", stage="verify", due_at=due),
        fact("escalation.clock.armed", "1", clock="accept:1", stage="accept", due_at=due),
        *(fact("escalation.clock.overdue", "1") for _ in range(3)),
        fact("escalation.clock.met", "1", late=False),
        fact("escalation.clock.met", "1", late=False),
        fact("escalation.clock.met", "1", late=True),
        fact("escalation.clock.cancelled", "1"),
        fact("escalation.verification.recorded", "1"),
    )


def with_events(ledger: Ledger, service: str, *facts: Fact) -> Ledger:
    """Recorded and published."""
    events = {**ledger.events, service: (*ledger.events[service], *facts)}
    streamed = {**ledger.streamed, service: (*ledger.streamed[service], *(one.event_id for one in facts))}
    return replace(ledger, events=events, streamed=streamed)


def without_event(ledger: Ledger, service: str, type_: str) -> Ledger:
    """As if one event of this type had never been recorded."""
    gone = next(one for one in ledger.events[service] if one.type == type_)
    events = tuple(one for one in ledger.events[service] if one is not gone)
    ids = tuple(one for one in ledger.streamed[service] if one != gone.event_id)
    return replace(ledger, events={**ledger.events, service: events}, streamed={**ledger.streamed, service: ids})
