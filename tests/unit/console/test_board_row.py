"""The row of a case: what each event makes of it, and that the order between the services makes no difference."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.console.model import BoardCase
from services.console.operations.project import EMPTY
from services.console.policy.board import APPLY, SECTIONS, apply, row_of
from shared.contracts.catalogue import EVENTS
from tests.unit.console.given import CHAINS, CLOCKS, CODE, DISPATCH, INTAKE, SUMMONS, Told, event, told, upto

Lengths = tuple[int, int, int, int]


@pytest.mark.parametrize(
    ("lengths", "stage"),
    [
        ((1, 0, 0, 0), "accept"),
        ((2, 0, 0, 0), "dispatch"),
        ((2, 1, 0, 0), "sign_off"),
        ((2, 2, 0, 0), "dispatch"),
        ((2, 3, 0, 0), "sign_off"),
        ((2, 4, 0, 0), "handle"),
        ((2, 13, 0, 0), "verify"),
        ((2, 13, 0, 1), "verify"),
        ((2, 13, 0, 2), "follow_up"),
        ((3, 13, 0, 2), "close"),
        ((4, 13, 0, 2), "over"),
    ],
)
def test_the_stage(lengths: Lengths, stage: str) -> None:
    row = upto(*lengths)
    assert row.stage == stage
    assert row.shown is (stage != "over")


def test_a_joined_case_waits_for_its_leader_and_is_nobodys_to_dispatch() -> None:
    leader = {"leader_id": SUMMONS, "leader": "26-0000105-2", "splits": 0}
    place = {"category": None, "place": None, "level": "IV", "owner": "clerk.1", "pack_version": "v"}
    at = "2026-11-30T09:00:00+08:00"
    joined = event("intake.case.joined", **leader, **place, differs=[], joined_at=at)
    row = told(*INTAKE[:2], joined, *DISPATCH[:2])
    assert (row.stage, row.leader) == ("joined", "26-0000105-2")
    split = {"cause": "decided", "source": "window", "handling_mode": "forward", "split_at": at}
    assert told(*INTAKE[:2], joined, event("intake.case.split", **leader, **place, **split)).stage == "dispatch"
    solved = {"leader": "26-0000105-2", "category": None, "level": "IV", "owner": "c", "pack_version": "v"}
    ended = event("intake.case.leader_solved", **solved, solved_at=at)
    assert told(*INTAKE[:2], joined, ended).stage == "follow_up"
    again = event("intake.case.leader_reopened", leader="26-0000105-2", reopened_at=at)
    assert told(*INTAKE[:2], joined, ended, again).stage == "joined"


def test_what_is_due_first_with_its_lamp() -> None:
    assert upto(2, 0, 2, 0).due_at is None, "the clock was met"
    assert (upto(2, 1, 3, 0).due_stage, upto(2, 1, 3, 0).lamp) == ("sign_off", "calm")
    assert upto(2, 1, 4, 0).lamp == "soon"
    assert upto(2, 1, 7, 0).lamp == "late"
    assert upto(2, 1, 8, 0).due_at is None
    assert upto(2, 1, 6, 0).due_stage == "sign_off", "arrival has its own place"


def test_each_called_unit_has_its_own_state() -> None:
    row = upto(2, 10, 6, 0)
    (arrival,) = row.arrivals
    assert arrival.due_at is not None
    assert {one.unit: one.state for one in arrival.units} == {"police": "arrived", "traffic": "called"}
    assert upto(2, 5, 0, 0).arrivals[0].state == "asked"
    assert upto(2, 12, 0, 0).arrivals == (), "it ended"


def test_who_sees_it_now_and_who_ever_did() -> None:
    row = upto(2, 9, 0, 0)
    assert (row.unit, row.units, row.ever) == ("police", ("police", "traffic"), ("court", "police", "traffic"))
    assert (row.returns, upto(2, 2, 0, 0).unit) == (1, None)


def test_a_drill_has_clocks_and_no_row() -> None:
    asked = event(
        "dispatch.summons.asked",
        summons_id=SUMMONS,
        drill=True,
        ground="urgent",
        units=["police"],
        asked_at="2026-11-30T09:00:00+08:00",
    )
    row = told(asked)
    assert (row.drill, row.shown, len(row.arrivals)) == (True, False, 1)
    assert upto(0, 13, 0, 0).arrivals == (), "a case that was not registered yet is no drill"


@st.composite
def interleavings(draw: st.DrawFn) -> list[Told]:
    """All chains in some order between them, each in its own."""
    left, mixed = [list(chain) for chain in CHAINS], list[Told]()
    while any(left):
        chain = draw(st.sampled_from([one for one in left if one]))
        mixed.append(chain.pop(0))
    return mixed


@given(interleavings(), st.integers(0, 27))
def test_the_order_between_chains_makes_no_difference(mixed: list[Told], cut: int) -> None:
    """So a replay from nothing, which reads one stream after the other, gives what was seen live."""
    assert told(*mixed) == upto(*map(len, CHAINS))
    part = mixed[:cut]
    replayed = [one for chain in CHAINS for one in part if one in chain]
    assert told(*part) == told(*replayed)


def test_an_event_leaves_the_facts_it_was_given_alone() -> None:
    facts: dict[str, Any] = {}
    for name, data in DISPATCH:
        before = repr(facts)
        changed = apply(name, facts, data)
        assert repr(facts) == before
        facts = changed


def test_what_changes_nothing_on_the_row_is_not_announced() -> None:
    case = BoardCase(case_code=CODE, row=row_of(CODE, EMPTY).model_dump(mode="json"), **EMPTY)
    assert case.take("intake", apply(*_split(INTAKE[0], {})))
    assert case.take("clocks", apply(*_split(CLOCKS[2], {})))
    assert not case.take("clocks", apply(*_split(CLOCKS[2], case.clocks)))
    assert case.view() == told(INTAKE[0], CLOCKS[2])


@pytest.mark.parametrize(
    ("before", "after", "differs"),
    [
        ((2, 1, 0, 0), (2, 1, 3, 0), False),  # a clock began
        ((2, 1, 3, 0), (2, 1, 4, 0), False),  # it warns
        ((2, 1, 4, 0), (2, 1, 7, 0), False),  # it ran out
        ((1, 0, 0, 0), (2, 0, 0, 0), True),
        ((2, 0, 0, 0), (2, 1, 0, 0), True),
        ((2, 1, 0, 0), (2, 2, 0, 0), True),
        ((2, 9, 0, 0), (2, 10, 0, 0), True),  # a called unit came
    ],
)
def test_only_what_somebody_did_changes_the_mark(before: Lengths, after: Lengths, differs: bool) -> None:
    """Whoever acts right after a dispatch is not told of another's change because the clock began."""
    assert upto(*before) != upto(*after)
    assert (upto(*before).mark != upto(*after).mark) is differs


def _split(one: Told, facts: Any) -> tuple[str, Any, Any]:
    return one[0], facts, one[1]


def test_every_row_of_the_table_is_an_event_and_every_section_has_some() -> None:
    assert set(APPLY) <= set(EVENTS)
    assert {section for section, _ in APPLY.values()} == set(SECTIONS)
