"""The books: sound ones balance, and every doctored one is found and named."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from deploy.demo.ledger import Fact, Ledger
from deploy.demo.summary import summary_of
from tests.unit.demo.books import fact, sound_ledger, with_events, without_event

Doctor = Callable[[Ledger], Ledger]


def test_sound_books_balance() -> None:
    assert summary_of(sound_ledger()).faults() == ()


def test_the_counts_of_sound_books() -> None:
    assert summary_of(sound_ledger()).as_dict() == {
        "registered": 3,
        "accepted": 2,
        "not_accepted": 1,
        "routed": 1,
        "triage": 1,
        "designated": 0,
        "work_orders": 1,
        "supporting": 0,
        "signed_off": 1,
        "returned": 0,
        "reported_back": 1,
        "verified": 1,
        "closed": 1,
        "reopened": 0,
        "summons": {"issued": 3, "arrived_in_time": 1, "late": 1, "unanswered": 1, "awaited": 0},
        "clocks": {"armed": 5, "met": 2, "met_late": 1, "cancelled": 1, "open": 1, "fired": 3},
        "lost": 0,
        "duplicated": 0,
        "dead_letters": 0,
    }


def test_a_case_placed_by_a_person_later_is_in_triage_and_routed() -> None:
    later = with_events(
        sound_ledger(),
        "dispatch",
        fact("dispatch.case.routed", "3", by="person"),
        fact("dispatch.work_order.dispatched", "3", role="lead"),
    )
    counts = summary_of(replace(later, work_orders=(*later.work_orders, ("case-3", "dispatched")))).as_dict()
    assert (counts["routed"], counts["triage"], counts["work_orders"]) == (2, 1, 2)


def test_a_case_of_the_window_reopened_counts_as_reopened() -> None:
    ledger = with_events(sound_ledger(), "intake", fact("intake.case.reopened", "1", handling_mode="self"))
    summary = summary_of(ledger)
    assert summary.as_dict()["reopened"] == 1
    assert summary.faults() == ()


def test_a_unit_that_is_on_its_way_is_neither_late_nor_unanswered() -> None:
    summary = summary_of(called_once_more(sound_ledger()))
    assert summary.as_dict()["summons"] == {
        "issued": 4,
        "arrived_in_time": 1,
        "late": 1,
        "unanswered": 1,
        "awaited": 1,
    }
    assert summary.faults() == ()


def test_a_drill_may_end_without_anybody_coming() -> None:
    called = fact("dispatch.summons.unit_called", "drill", summons_id="d", unit="a", drill=True)
    given_up = fact("escalation.arrival.given_up", "drill", summons_id="d", unit="a")
    drilled = with_events(with_events(sound_ledger(), "dispatch", called), "escalation", given_up)
    assert summary_of(replace(drilled, awaited_units=1)).faults() == ()


def missing_in_the_stream(ledger: Ledger) -> Ledger:
    return replace(ledger, streamed={**ledger.streamed, "intake": ledger.streamed["intake"][1:]})


def called_once_more(ledger: Ledger, *since: Fact) -> Ledger:
    """One more unit is called, and `since` then happened in escalation; its row says it is awaited."""
    called = with_events(ledger, "dispatch", fact("dispatch.summons.unit_called", "1", summons_id="s", unit="d"))
    return replace(with_events(called, "escalation", *since), awaited_units=1)


def twice_in_the_stream(ledger: Ledger) -> Ledger:
    ids = ledger.streamed["dispatch"]
    return replace(ledger, streamed={**ledger.streamed, "dispatch": (*ids, ids[0])})


LOST: dict[str, Doctor] = {
    "answered registrations without a case": lambda ledger: replace(ledger, receipts=(*ledger.receipts, "gone")),
    "accepted cases without a route": lambda ledger: with_events(
        ledger, "intake", fact("intake.case.accepted", "9", handling_mode="forward")
    ),
    "recorded events missing in the stream": missing_in_the_stream,
    "units given up on and awaited still": lambda ledger: called_once_more(
        ledger, fact("escalation.arrival.given_up", "1", summons_id="s", unit="d")
    ),
}
DUPLICATED: dict[str, Doctor] = {
    "cases placed twice by the table": lambda ledger: with_events(
        ledger, "dispatch", fact("dispatch.case.routed", "1", by="rule")
    ),
    "cases with two open lead orders": lambda ledger: replace(
        ledger, work_orders=(*ledger.work_orders, ("case-1", "dispatched"), ("case-1", "signed_off"))
    ),
    "events twice in the stream": twice_in_the_stream,
}


@pytest.mark.parametrize("name", LOST)
def test_what_is_lost_is_found_and_named(name: str) -> None:
    summary = summary_of(LOST[name](sound_ledger()))
    assert summary.lost == 1
    assert f"{name}: 1" in summary.faults()


@pytest.mark.parametrize("name", DUPLICATED)
def test_what_is_there_twice_is_found_and_named(name: str) -> None:
    summary = summary_of(DUPLICATED[name](sound_ledger()))
    assert summary.duplicated == 1
    assert f"{name}: 1" in summary.faults()


def test_dead_letters_are_a_fault() -> None:
    assert summary_of(replace(sound_ledger(), dead_letters=2)).faults() == ("dead letters: 2",)


@pytest.mark.parametrize(
    ("service", "type_", "named"),
    [
        ("intake", "intake.case.registered", "registered = 2"),
        ("intake", "intake.case.not_accepted", "not accepted = 0"),
        ("intake", "intake.case.closed", "closed = 0"),
        ("dispatch", "dispatch.work_order.dispatched", "work orders = 0"),
        ("dispatch", "dispatch.work_order.signed_off", "signed off = 0"),
        ("dispatch", "dispatch.work_order.reported_back", "reported back = 0"),
        ("dispatch", "dispatch.summons.unit_not_arrived", "summons issued = 3"),
        ("escalation", "escalation.clock.armed", "clocks armed = 4"),
        ("escalation", "escalation.clock.met", "clocks met = 1"),
        ("escalation", "escalation.clock.cancelled", "clocks cancelled = 0"),
        ("escalation", "escalation.clock.overdue", "clocks fired = 2"),
        ("escalation", "escalation.verification.recorded", "verified = 0"),
    ],
)
def test_an_event_that_was_never_recorded_unbalances_the_books(service: str, type_: str, named: str) -> None:
    faults = summary_of(without_event(sound_ledger(), service, type_)).faults()
    assert any(fault.startswith(named) for fault in faults), faults


@pytest.mark.parametrize(
    ("doctor", "named"),
    [
        (lambda ledger: replace(ledger, cases={**ledger.cases, "case-3": "registered"}), "accepted = 2"),
        (lambda ledger: replace(ledger, cases={**ledger.cases, "case-4": "handling"}), "registered = 3"),
        (lambda ledger: replace(ledger, clocks=ledger.clocks[:-1]), "clocks armed = 5"),
        (lambda ledger: replace(ledger, verifications=()), "reported back by leads = 1"),
        (lambda ledger: replace(ledger, awaited_units=1), "summons issued = 3"),
        (lambda ledger: replace(called_once_more(ledger), awaited_units=0), "summons issued = 4"),
        (lambda ledger: replace(ledger, reports=2), "reported back = 1"),
        (
            lambda ledger: with_events(ledger, "intake", fact("intake.case.reopened", "1", handling_mode="forward")),
            "reopened for the requester = 1",
        ),
    ],
)
def test_state_that_tells_another_story_than_the_events_is_found(doctor: Doctor, named: str) -> None:
    faults = summary_of(doctor(sound_ledger())).faults()
    assert any(fault.startswith(named) for fault in faults), faults
