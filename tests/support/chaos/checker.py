"""All that must hold of a centre whatever was killed: each check returns what it found, in words."""

from collections.abc import Callable, Iterator, Mapping

from tests.support.chaos import (
    check_board,
    check_cases,
    check_clocks,
    check_duties,
    check_notices,
    check_persons,
    check_spine,
)
from tests.support.chaos.books import Books

Check = Callable[[Books], Iterator[str]]

LOST: tuple[Check, ...] = (
    check_cases.answered_cases_exist,
    check_cases.answers_are_kept,
    check_spine.chains_are_whole,
    check_spine.streams_have_what_is_on_record,
    check_spine.streams_say_what_is_on_record,
)
MISSED: tuple[Check, ...] = (
    *LOST,
    check_cases.first_receiver_stays,
    check_clocks.obligations_have_clocks,
    check_clocks.the_auditor_found_nothing,
    check_clocks.open_cases_have_open_clocks,
    check_clocks.due_clocks_have_fired,
    check_clocks.nothing_due_is_left,
    check_clocks.fired_clocks_told_somebody,
    check_clocks.clocks_stand_as_their_events_say,
    check_spine.streams_keep_the_order_of_chains,
    check_spine.inboxes_are_at_the_head,
    check_notices.notices_have_an_end,
    check_spine.no_dead_letters,
    check_spine.poison_is_kept,
    check_board.board_is_what_events_make,
    check_duties.rulings_are_on_record,
    check_duties.modes_are_a_chain,
)
DOUBLE: tuple[Check, ...] = (
    check_cases.cases_are_registered_once,
    check_cases.one_lead_at_every_instant,
    check_cases.placed_once,
    check_clocks.clocks_have_obligations,
    check_clocks.clocks_fired_once,
    check_clocks.clocks_began_and_ended_once,
    check_clocks.warned_once,
    check_clocks.rungs_climbed_once,
    check_spine.streams_have_nothing_twice,
)
BROKEN: tuple[Check, ...] = (
    check_cases.lead_waits_for_supporters,
    check_duties.nobody_judges_own_work,
    check_duties.nobody_approves_own_summons,
    check_duties.the_designated_do_not_return,
    check_duties.returns_are_counted,
    check_persons.nothing_of_a_requester_is_told,
)
"""Neither missed nor double: what no order of events may ever bring about."""

CHECKS: Mapping[str, Check] = {check.__name__: check for check in (*MISSED, *DOUBLE, *BROKEN)}


def faults_in(books: Books) -> dict[str, list[str]]:
    """By the name of the check; empty for a sound centre."""
    found = {name: list(check(books)) for name, check in CHECKS.items()}
    return {name: faults for name, faults in found.items() if faults}


def counted(faults: Mapping[str, list[str]], checks: tuple[Check, ...]) -> int:
    return sum(len(faults.get(check.__name__, ())) for check in checks)
