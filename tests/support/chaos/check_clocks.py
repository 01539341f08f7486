"""Checks on time: every obligation has a clock, none that came due was missed, none did anything twice."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from shared.contracts.dispatch import ModeSwitched, SuspensionApproved, SuspensionEnded
from shared.contracts.escalation import (
    AuditFound,
    ClockArmed,
    ClockCancelled,
    ClockMet,
    ClockOverdue,
    ClockWarned,
    NoticeIssued,
)
from tests.support.chaos.books import Books, ClockRow, Recorded
from tests.support.chaos.owed_clocks import owed_clocks

OPEN = ("armed", "overdue")
# In its other states nothing is owed on a case in time: it only waits to be filed, or is over.
OWED_ON = ("registered", "handling", "to_follow_up", "to_explain")
CLOSED_ALREADY = "case closed already"
LAPSES = "return"
UNTOLD = "verify"
"""Of a task for the grid on a case that was over already only its clock is told: armed, and cancelled at once."""
ANOTHER_MODE = ":m"
"""A switch of mode gives the same promise another clock, with its own number behind the key."""


# -- missed ------------------------------------------------------------------------------------------------------------


def obligations_have_clocks(books: Books) -> Iterator[str]:
    clocks = {clock.key for clock in books.clocks}
    for event, key in owed_clocks(books.events):
        if key not in clocks:
            yield f"{event.data['case_code']}: {event.type} and no clock {key}"


def the_auditor_found_nothing(books: Books) -> Iterator[str]:
    """What it mends afterwards was missing before."""
    for event in books.of(AuditFound.TYPE):
        yield f"{event.data['case_code']}: the auditor found {event.data['finding']} of {event.data['clock']}"


def open_cases_have_open_clocks(books: Books) -> Iterator[str]:
    """But for those whose work order is suspended on record (挂账): their time stands still."""
    running = {clock.case_id for clock in books.clocks if clock.state in OPEN}
    suspended = Counter(event.data["case_id"] for event in books.of(SuspensionApproved.TYPE))
    suspended.subtract(event.data["case_id"] for event in books.of(SuspensionEnded.TYPE))
    for row in books.cases:
        if row.state in OWED_ON and row.case_id not in running and suspended[row.case_id] <= 0:
            yield f"{row.code} is {row.state} and no clock of it runs"


def due_clocks_have_fired(books: Books) -> Iterator[str]:
    """Whoever was open when the time was up has fired; one armed for a case long over was never open.

    A right that nobody used lapses and never fires, and may end late where an outage lies over its time.
    """
    for clock in books.clocks:
        if clock.stage == LAPSES and clock.ended_at is not None:
            continue
        until = clock.ended_at or books.at
        if until > clock.due_at and clock.fired_at is None and clock.reason != CLOSED_ALREADY:
            yield f"clock {clock.key} was due at {clock.due_at} and never fired"


def nothing_due_is_left(books: Books) -> Iterator[str]:
    for clock in books.clocks:
        if clock.next_at is not None and clock.next_at <= books.at:
            yield f"clock {clock.key} has had something to do since {clock.next_at}"


def fired_clocks_told_somebody(books: Books) -> Iterator[str]:
    """The rung at the due time is climbed by whatever fired the clock, unless it fired in the act of ending."""
    told = {(event.data["clock"], event.data["step"]) for event in books.of(NoticeIssued.TYPE)}
    fired = {event.data["clock"]: event for event in books.of(ClockOverdue.TYPE)}
    ended = {event.data["clock"]: event for event in books.of(ClockMet.TYPE, ClockCancelled.TYPE)}
    for clock in books.clocks:
        event, end = fired.get(clock.key), ended.get(clock.key)
        if event is None or (end is not None and end.trace == event.trace):
            continue
        for step in clock.plan:
            if step.get("action") == "overdue" and step.get("told") and (clock.key, step["number"]) not in told:
                yield f"clock {clock.key} fired and rung {step['number']} told nobody"


def clocks_stand_as_their_events_say(books: Books) -> Iterator[str]:
    said = _by_clock(books)
    for clock in books.clocks:
        if _standing(said[clock.key]) != (clock.state, clock.fired_at is not None):
            yield f"clock {clock.key} is {clock.state}, its events say {_standing(said[clock.key])[0]}"
    for key in said.keys() - {clock.key for clock in books.clocks}:
        yield f"clock {key} is on record and not in the table"


def _by_clock(books: Books) -> dict[str, list[Recorded]]:
    said: dict[str, list[Recorded]] = defaultdict(list)
    for event in books.of(ClockArmed.TYPE, ClockOverdue.TYPE, ClockMet.TYPE, ClockCancelled.TYPE):
        said[event.data["clock"]].append(event)
    return said


def _standing(said: list[Recorded]) -> tuple[str, bool]:
    state, fired = "never armed", False
    for event in said:
        match event.type:
            case ClockArmed.TYPE:
                state = "armed"
            case ClockOverdue.TYPE:
                state, fired = "overdue", True
            case ClockMet.TYPE:
                state = "met_late" if event.data["late"] else "met"
            case _:
                state = "cancelled"
    return state, fired


# -- double ------------------------------------------------------------------------------------------------------------


def clocks_have_obligations(books: Books) -> Iterator[str]:
    """One obligation, one clock: a second one would stand under a key that nothing on record led to."""
    owed = {key for _, key in owed_clocks(books.events)}
    switches = {str(event.data["number"]) for event in books.of(ModeSwitched.TYPE)}
    for clock in books.clocks:
        base, mark, number = clock.key.rpartition(ANOTHER_MODE)
        known = clock.key in owed or (mark and number in switches and base in owed)
        if not known and not (clock.stage == UNTOLD and clock.state == "cancelled"):
            yield f"clock {clock.key} was armed and nothing on record led to it"


def clocks_fired_once(books: Books) -> Iterator[str]:
    fired = Counter(event.data["clock"] for event in books.of(ClockOverdue.TYPE))
    yield from (f"clock {key} fired {number} times" for key, number in fired.items() if number > 1)


def clocks_began_and_ended_once(books: Books) -> Iterator[str]:
    for what, types in (("armed", (ClockArmed.TYPE,)), ("ended", (ClockMet.TYPE, ClockCancelled.TYPE))):
        told = Counter(event.data["clock"] for event in books.of(*types))
        yield from (f"clock {key} was {what} {number} times" for key, number in told.items() if number > 1)


def warned_once(books: Books) -> Iterator[str]:
    warned = Counter((event.data["clock"], event.data["percent"]) for event in books.of(ClockWarned.TYPE))
    yield from (f"clock {key} warned {number} times at {p} %" for (key, p), number in warned.items() if number > 1)


def rungs_climbed_once(books: Books) -> Iterator[str]:
    """One step of a ladder tells one post once; told again of a new estimate, it is another notice."""
    issued = Counter(event.data["notice_id"] for event in books.of(NoticeIssued.TYPE))
    yield from (f"notice {notice} was issued {number} times" for notice, number in issued.items() if number > 1)
    climbed = Counter(
        (event.data["clock"], event.data["step"], event.data["post"], event.data["unit"])
        for event in books.of(NoticeIssued.TYPE)
        if event.data["why"] != "rung_again"
    )
    for (key, step, post, _), number in climbed.items():
        if number > 1:
            yield f"clock {key} told {post} step {step} {number} times"


# -- neither, but worth knowing ----------------------------------------------------------------------------------------


def fired_though_in_time(books: Books) -> list[ClockRow]:
    """Called overdue because the word of what was done came late. The end says that it was in time."""
    return [clock for clock in books.clocks if clock.fired_at and clock.ended_at and clock.ended_at <= clock.due_at]
