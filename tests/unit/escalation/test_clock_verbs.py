"""The verbs of a clock: fires once, ends once, and what was overdue stays on record."""

import pytest

from services.escalation.model import CaseClocks, Clock
from services.escalation.policy.obligations import CLOSED_ALREADY, Obligation, Which
from services.escalation.policy.terms import terms_of
from shared.contracts.escalation import (
    ArrivalGivenUp,
    ClockArmed,
    ClockCancelled,
    ClockMet,
    ClockOverdue,
    ClockWarned,
    NoticeIssued,
)
from tests.unit.escalation.given import UNIT, Story, at, quanzhou


def kinds(told: object) -> list[str]:
    return [type(one).__name__ for one in told]  # type: ignore[attr-defined]


def test_arming_tells_the_terms() -> None:
    clock = Story().clock()
    armed = clock.armed()
    assert isinstance(armed, ClockArmed)
    assert (armed.due_at, armed.limit, armed.stage, armed.owes) == (at(20), "20 minute", "arrival", UNIT)
    assert (clock.state, clock.next_at, clock.done, clock.open) == ("armed", at(0), [], True)


def test_it_warns_and_climbs_and_fires_and_is_given_up() -> None:
    clock = Story().clock()
    assert kinds(clock.advance(at(0))) == ["NoticeIssued"]
    assert kinds(clock.advance(at(3))) == ["NoticeIssued", "NoticeIssued"]
    assert kinds(clock.advance(at(10))) == ["ClockWarned"]
    assert clock.advance(at(12)) == ()
    assert kinds(clock.advance(at(17))) == ["NoticeIssued", "ClockWarned"]
    assert (clock.warned, clock.state) == ([50, 80], "armed")
    overdue, *notices = clock.advance(at(20))
    assert isinstance(overdue, ClockOverdue)
    assert overdue.summons_id == clock.summons_id
    assert [(one.post, one.unit, one.action, one.step) for one in notices if isinstance(one, NoticeIssued)] == [
        ("duty_director", None, "overdue", 5),
        ("commander", None, "overdue", 5),
    ]
    assert (clock.state, clock.fired_at, clock.next_at) == ("overdue", at(20), at(60))
    (given_up,) = clock.advance(at(61))
    assert isinstance(given_up, ArrivalGivenUp)
    assert (given_up.unit, given_up.given_up_at) == (UNIT, at(61))
    assert (clock.next_at, clock.open) == (None, True)


def test_an_acknowledged_summons_is_not_chased_for_its_acknowledgement() -> None:
    clock = Story().clock()
    clock.advance(at(0))
    clock.acknowledge(at(1))
    clock.acknowledge(at(2))
    assert clock.acknowledged_at == at(1)
    assert clock.advance(at(5)) == ()
    told = clock.advance(at(15))
    assert kinds(told)[0] == "ClockWarned"
    assert {(one.step, one.why) for one in told if isinstance(one, NoticeIssued)} == {(3, "rung_again"), (4, "ladder")}


def test_after_an_outage_all_is_done_at_once_but_no_warning_that_is_too_late() -> None:
    clock = Story().clock()
    told = clock.advance(at(30))
    assert not any(isinstance(one, ClockWarned) for one in told)
    assert kinds(told).count("ClockOverdue") == 1
    assert clock.warned == []
    assert clock.advance(at(31)) == ()


@pytest.mark.parametrize(
    ("met_at", "swept_at", "state", "told", "fired_at"),
    [
        (10, None, "met", ["ClockMet"], None),
        (20, None, "met", ["ClockMet"], None),
        (21, None, "met_late", ["ClockOverdue", "ClockMet"], 25),
        (21, 20, "met_late", ["ClockMet"], 20),
        # Told late of something done in time: met, and that the clock had fired stays.
        (19, 20, "met", ["ClockMet"], 20),
    ],
)
def test_met_in_time_or_late(
    met_at: int, swept_at: int | None, state: str, told: list[str], fired_at: int | None
) -> None:
    clock = Story().clock()
    if swept_at is not None:
        clock.advance(at(swept_at))
    events = clock.meet(at(met_at), now=at(25))
    assert kinds(events) == told
    assert isinstance(events[-1], ClockMet)
    assert events[-1].late is (state == "met_late")
    assert (clock.state, clock.ended_at, clock.next_at) == (state, at(met_at), None)
    assert clock.fired_at == (None if fired_at is None else at(fired_at))


@pytest.mark.parametrize(("ended", "told"), [(19, ["ClockCancelled"]), (21, ["ClockOverdue", "ClockCancelled"])])
def test_cancelling_does_not_hide_that_it_was_overdue(ended: int, told: list[str]) -> None:
    clock = Story().clock()
    events = clock.cancel("stood_down", at(ended), now=at(30))
    assert kinds(events) == told
    assert (clock.state, clock.reason, clock.ended_at, clock.next_at) == ("cancelled", "stood_down", at(ended), None)
    assert (clock.fired_at is not None) is (ended > 20)


STATES = ("armed", "overdue", "met", "met_late", "cancelled")


def in_state(state: str) -> tuple[CaseClocks, Clock]:
    story = Story()
    clock = story.clock()
    match state:
        case "overdue":
            clock.advance(at(20))
        case "met":
            clock.meet(at(5), now=at(5))
        case "met_late":
            clock.meet(at(25), now=at(25))
        case "cancelled":
            clock.cancel("closed", at(5), now=at(5))
        case _:
            pass
    assert clock.state == state
    return CaseClocks(story.file(), [clock]), clock


@pytest.mark.parametrize("verb", ["arm", "meet", "cancel", "acknowledge", "close"])
@pytest.mark.parametrize("state", STATES)
def test_an_ended_clock_stays_as_it_ended_whatever_comes(state: str, verb: str) -> None:
    case, clock = in_state(state)
    before = (clock.state, clock.ended_at, clock.fired_at, clock.acknowledged_at)
    which = Which(key=clock.key)
    owed = Obligation(clock.key, "arrival", UNIT, at(0), Story().grounds, unit=UNIT)
    told = {
        "arm": lambda: case.arm(owed, terms_of(quanzhou(), owed, case.facts()), now=at(40)),
        "meet": lambda: case.meet(which, at(41), now=at(41)),
        "cancel": lambda: case.cancel(which, at(41), "not_arrived", now=at(41)),
        "acknowledge": lambda: case.acknowledge(clock.key, at(41)) or (),
        "close": lambda: case.close(at(41), "closed", now=at(41)),
    }[verb]()
    changes = state in ("armed", "overdue") and verb != "arm"
    assert ((clock.state, clock.ended_at, clock.fired_at, clock.acknowledged_at) != before) is changes
    assert bool(told) is (changes and verb != "acknowledge")


def test_on_a_case_that_is_over_a_late_word_arms_and_cancels_at_once() -> None:
    story = Story()
    case = story.clocks()
    case.close(at(100), "closed", now=at(100))
    owed = story.arrival()
    told = case.arm(owed, terms_of(quanzhou(), owed, case.facts()), now=at(110))
    assert kinds(told) == ["ClockArmed", "ClockCancelled"]
    cancelled = told[1]
    assert isinstance(cancelled, ClockCancelled)
    assert cancelled.reason == CLOSED_ALREADY
    assert (case.clock(owed.key).state, case.clock(owed.key).fired_at) == ("cancelled", None)


def test_which_clocks_are_meant() -> None:
    story, other = Story(), Story()
    mine, theirs = story.clock(), other.clock()
    case = CaseClocks(story.file(), [mine, theirs])
    assert case.open(Which()) == (mine, theirs)
    assert case.open(Which(summons_id=story.summons)) == (mine,)
    assert case.open(Which(stage="verify")) == ()
    assert case.open(Which(stage="arrival", summons_id=other.summons)) == (theirs,)
    assert case.open(Which(key="arrival:unknown")) == ()
