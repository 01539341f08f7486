"""Every check is silent over sound books, and sees the one thing it is there for."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.support.chaos.books import BoardRow, Books, CaseRow, ClockRow, MessageRow, NoticeRow, RoutedRow, Streamed
from tests.support.chaos.check_clocks import fired_though_in_time
from tests.support.chaos.checker import BROKEN, CHECKS, DOUBLE, MISSED, faults_in
from tests.support.chaos.digests import digest_of_body
from tests.support.chaos.witness import Answered
from tests.unit.chaos.sound import (
    CASE,
    CONTACT,
    ORDER,
    OWN,
    REPORT,
    RETURN,
    SIGN_OFF,
    Writer,
    an_id,
    clock,
    minutes,
    receipt,
    sound_books,
    told,
    told_again,
    told_as,
    with_events,
    without,
)

Plant = Callable[[Books], Books]
ANOTHER = an_id("another order")
RETURNED = {"work_order_id": ANOTHER, "unit": "a", "role": "lead", "goes_to": "dispatcher"}
STRAY = BoardRow(CASE, "T-1", {}, {})


def changed_clock(books: Books, key: str, **changed: Any) -> Books:
    rows: tuple[ClockRow, ...] = tuple(replace(row, **changed) if row.key == key else row for row in books.clocks)
    return replace(books, clocks=rows)


def another_answer(books: Books) -> Books:
    told = Answered("intake", "register_case", "k3", {**receipt(CASE), "case_id": an_id("gone"), "case_code": "T-9"})
    return replace(books, answered=(*books.answered, told))


def changed_event(books: Books) -> Books:
    first, *rest = books.events
    data = {**first.data, "owner": "somebody"}
    return replace(books, events=(replace(first, envelope={**first.envelope, "data": data}), *rest))


def swapped_in_the_stream(books: Books) -> Books:
    ids = list(books.streamed["intake"])
    ids[0], ids[2] = ids[2], ids[0]  # registered and accepted, of one chain
    return replace(books, streamed={**books.streamed, "intake": tuple(ids)})


def in_the_stream(books: Books, *more: Streamed) -> Books:
    return replace(books, streamed={**books.streamed, "intake": (*books.streamed["intake"], *more)})


def altered_in_the_stream(books: Books, body: bytes) -> Books:
    first, *rest = books.streamed["intake"]
    return replace(books, streamed={**books.streamed, "intake": (replace(first, digest=digest_of_body(body)), *rest)})


def another_owner(books: Books) -> Books:
    envelope = books.events[0].envelope
    told = {**envelope, "data": {**envelope["data"], "owner": "somebody"}}
    return altered_in_the_stream(books, json.dumps(told).encode())


def behind(books: Books) -> Books:
    where = next(key for key in books.applied if key[0] == "escalation" and key[2] == CASE)
    return replace(books, applied={**books.applied, where: 0})


PLANTED: Mapping[str, Plant] = {
    "answered_cases_exist": another_answer,
    "answers_are_kept": lambda books: replace(books, kept={("intake", "register_case", "k1"): receipt(CASE)}),
    "first_receiver_stays": lambda books: told_again(books, "intake.case.registered", owner="clerk.9"),
    "obligations_have_clocks": lambda books: replace(
        books, clocks=tuple(row for row in books.clocks if row.key != REPORT)
    ),
    "the_auditor_found_nothing": lambda books: told_as(
        books, "escalation.clock.armed", "escalation.audit.found", finding="missing"
    ),
    "open_cases_have_open_clocks": lambda books: replace(
        books, clocks=tuple(replace(row, state="cancelled") for row in books.clocks)
    ),
    "due_clocks_have_fired": lambda books: changed_clock(books, SIGN_OFF, fired_at=None),
    "nothing_due_is_left": lambda books: changed_clock(books, REPORT, next_at=minutes(59)),
    "fired_clocks_told_somebody": lambda books: without(books, "escalation.notice.issued"),
    "clocks_stand_as_their_events_say": lambda books: changed_clock(books, REPORT, state="cancelled"),
    "chains_are_whole": changed_event,
    "streams_have_what_is_on_record": lambda books: replace(
        books, streamed={**books.streamed, "dispatch": books.streamed["dispatch"][1:]}
    ),
    "streams_say_what_is_on_record": another_owner,
    "streams_keep_the_order_of_chains": swapped_in_the_stream,
    "inboxes_are_at_the_head": behind,
    "notices_have_an_end": lambda books: replace(
        books, notices=(NoticeRow(books.notices[0].notice_id, planned=False, ends=()),)
    ),
    "no_dead_letters": lambda books: replace(books, dead_letters=("escalation-from-intake intake.case.closed: bug",)),
    "cases_are_registered_once": lambda books: told_again(books, "intake.case.registered"),
    "one_lead_at_every_instant": lambda books: told_again(
        books, "dispatch.work_order.dispatched", work_order_id=ANOTHER
    ),
    "placed_once": lambda books: told_again(books, "dispatch.case.routed"),
    "clocks_have_obligations": lambda books: replace(
        books, clocks=(*books.clocks, clock(f"contact:{ANOTHER}", "armed", 99))
    ),
    "clocks_fired_once": lambda books: told_again(books, "escalation.clock.overdue"),
    "clocks_began_and_ended_once": lambda books: told_again(books, "escalation.clock.met"),
    "warned_once": lambda books: told_again(books, "escalation.clock.warned"),
    "rungs_climbed_once": lambda books: told_again(books, "escalation.notice.issued"),
    "streams_have_nothing_twice": lambda books: in_the_stream(books, books.streamed["intake"][0]),
    "poison_is_kept": lambda books: replace(books, unkept=("poison by intake-from-dispatch",)),
    "board_is_what_events_make": lambda books: replace(books, events=(), board=(STRAY,)),
    "rulings_are_on_record": lambda books: replace(books, rulings=((ANOTHER, CASE),)),
    "modes_are_a_chain": lambda books: told(books, "dispatch.mode.switched", number=2, before="surge.I", mode="normal"),
    "lead_waits_for_supporters": lambda books: told(
        told_again(books, "dispatch.work_order.dispatched", work_order_id=ANOTHER, role="support"),
        "dispatch.work_order.reported_back",
        work_order_id=ORDER,
    ),
    "nobody_judges_own_work": lambda books: told(
        told(books, "dispatch.work_order.reported_back", work_order_id=ORDER, reported_by="handler.a"),
        "escalation.verification.recorded",
        verified_by="handler.a",
    ),
    "nobody_approves_own_summons": lambda books: told(
        told(books, "dispatch.summons.asked", summons_id=ANOTHER), "dispatch.summons.approved", summons_id=ANOTHER
    ),
    "the_designated_do_not_return": lambda books: told(
        told_again(books, "dispatch.work_order.dispatched", work_order_id=ANOTHER, designated=True),
        "dispatch.work_order.returned",
        **RETURNED,
        returns=1,
    ),
    "returns_are_counted": lambda books: told(books, "dispatch.work_order.returned", **RETURNED, returns=2),
    "nothing_of_a_requester_is_told": lambda books: told_again(books, "intake.case.accepted", owner="13800000001"),
}

MORE_OF_IT: Mapping[str, tuple[str, Plant]] = {
    "a case without its registration": (
        "answered_cases_exist",
        lambda books: with_events(books, [e for e in books.events if e.type != "intake.case.registered"]),
    ),
    "an answer that is kept otherwise": (
        "answers_are_kept",
        lambda books: replace(
            books, kept={**books.kept, ("intake", "register_case", "k1"): {**receipt(CASE), "owner": "clerk.9"}}
        ),
    ),
    "a case nobody asked for": (
        "cases_are_registered_once",
        lambda books: replace(books, kept={("intake", "register_case", "k1"): receipt(CASE)}),
    ),
    "a requester who waits for an explanation, and no clock": (
        "open_cases_have_open_clocks",
        lambda books: replace(books, cases=(*books.cases, CaseRow(ANOTHER, "T-3", "clerk.3", "to_explain"))),
    ),
    "a clock that ended late and never fired": (
        "due_clocks_have_fired",
        lambda books: changed_clock(books, SIGN_OFF, fired_at=None, ended_at=minutes(41)),
    ),
    "a clock on record that is not in the table": (
        "clocks_stand_as_their_events_say",
        lambda books: replace(books, clocks=tuple(row for row in books.clocks if row.key != REPORT)),
    ),
    "the end of a chain cut off": (
        "chains_are_whole",
        lambda books: replace(books, events=tuple(e for e in books.events if e.type != "intake.case.closed")),
    ),
    "a message nobody recorded": (
        "streams_have_what_is_on_record",
        lambda books: in_the_stream(books, Streamed("stray", b"")),
    ),
    "a message that is no event": (
        "streams_say_what_is_on_record",
        lambda books: altered_in_the_stream(books, b"no event"),
    ),
    "a notice nobody knows": ("notices_have_an_end", lambda books: replace(books, notices=())),
    "a notice with no message": (
        "notices_have_an_end",
        lambda books: replace(books, notices=(NoticeRow(books.notices[0].notice_id, planned=True, ends=()),)),
    ),
    "a message nobody sends": (
        "notices_have_an_end",
        lambda books: replace(books, under_way=(MessageRow("m", "pending", False, 0, minutes(9), minutes(10)),)),
    ),
    "a summons that a channel took and that nobody handed over": (
        "notices_have_an_end",
        lambda books: replace(
            books, notices=(NoticeRow(books.notices[0].notice_id, planned=True, ends=("delivered", "sent")),)
        ),
    ),
    "a work order sent twice": (
        "placed_once",
        lambda books: told_again(books, "dispatch.work_order.dispatched"),
    ),
    "a lead whom no event names": (
        "one_lead_at_every_instant",
        lambda books: replace(books, routed=(RoutedRow(CASE, "dispatched", "a", ANOTHER),)),
    ),
    "words of a requester in a log": (
        "nothing_of_a_requester_is_told",
        lambda books: replace(books, leaks=("line 3 of intake-1.log",)),
    ),
    "a designation without its ruling": (
        "rulings_are_on_record",
        lambda books: told(books, "dispatch.case.designated", ruling_id=ANOTHER),
    ),
    "a second return to the dispatcher": (
        "returns_are_counted",
        lambda books: told(
            told(books, "dispatch.work_order.returned", **RETURNED, returns=1),
            "dispatch.work_order.returned",
            **RETURNED,
            returns=2,
        ),
    ),
    "a recorded case that is not on the board": (
        "board_is_what_events_make",
        lambda books: replace(books, events=books.events[:1], board=()),
    ),
    "a case in triage and with a unit": (
        "one_lead_at_every_instant",
        lambda books: replace(books, routed=(RoutedRow(CASE, "triage", "dispatcher", None),)),
    ),
}


def test_sound_books_are_sound() -> None:
    assert faults_in(sound_books()) == {}


def test_every_check_has_its_planted_fault() -> None:
    assert PLANTED.keys() == CHECKS.keys()
    assert len(CHECKS) == len(MISSED) + len(DOUBLE) + len(BROKEN)


@pytest.mark.parametrize("check", CHECKS)
def test_a_planted_fault_is_seen(check: str) -> None:
    assert check in faults_in(PLANTED[check](sound_books()))


@pytest.mark.parametrize("what", MORE_OF_IT)
def test_its_other_forms_are_seen_too(what: str) -> None:
    check, plant = MORE_OF_IT[what]
    assert check in faults_in(plant(sound_books()))


def test_a_clock_armed_for_a_case_long_over_was_never_due() -> None:
    books = changed_clock(sound_books(), f"handle:{OWN}", ended_at=minutes(600), reason="case closed already")
    assert "due_clocks_have_fired" not in faults_in(books)


def test_a_right_that_lapsed_during_an_outage_is_no_missed_clock() -> None:
    lapsed = {"state": "cancelled", "due_at": minutes(400), "next_at": None, "ended_at": minutes(401)}
    assert "due_clocks_have_fired" not in faults_in(changed_clock(sound_books(), RETURN, **lapsed))
    assert "due_clocks_have_fired" in faults_in(changed_clock(sound_books(), CONTACT, **lapsed))


def test_a_suspended_case_has_no_clock() -> None:
    stopped = PLANTED["open_cases_have_open_clocks"](sound_books())
    book = Writer(list(stopped.events), dict(stopped.heads))
    book.record("dispatch.deferral.suspended", work_order_id=ORDER)
    assert "open_cases_have_open_clocks" not in faults_in(with_events(stopped, book.events))
    book.record("dispatch.deferral.resumed", work_order_id=ORDER, round=1, number=1)
    assert "open_cases_have_open_clocks" in faults_in(with_events(stopped, book.events))


def test_a_return_makes_room_for_another_lead() -> None:
    books = sound_books()
    book = Writer(list(books.events), dict(books.heads))
    book.record("dispatch.work_order.returned", work_order_id=ORDER, role="lead", returns=1)
    book.record("dispatch.work_order.dispatched", work_order_id=ANOTHER, role="lead", round=1, returns=1)
    after = replace(with_events(books, book.events), routed=(RoutedRow(CASE, "dispatched", "b", ANOTHER),))
    assert "one_lead_at_every_instant" not in faults_in(after)


def test_what_was_called_overdue_though_it_was_done_in_time_is_counted() -> None:
    assert fired_though_in_time(sound_books()) == []
    books = changed_clock(sound_books(), SIGN_OFF, ended_at=minutes(39), state="met")
    assert [row.key for row in fired_though_in_time(books)] == [SIGN_OFF]
