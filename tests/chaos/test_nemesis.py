"""Everything that may go wrong goes wrong while a centre is at work: nothing is lost, missed, done twice or broken."""

import pytest

from benchmarks.chaos import SEEDS, SIZES, one_run
from shared.contracts.dispatch import ModeSwitched, SummonsApproved, SummonsUnitArrived, WorkOrderReturned
from shared.contracts.escalation import VerificationRecorded
from shared.contracts.intake import CaseFollowedUp
from tests.support.chaos.fault_plan import Kind
from tests.support.chaos.outcome import Outcome

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.timeout(600)]
AT_WORK = (WorkOrderReturned, SummonsApproved, SummonsUnitArrived, VerificationRecorded, CaseFollowedUp, ModeSwitched)
PROVOKED = ("event became a dead letter", "undecodable event", "consumers missing on the broker")
"""Error lines that poison and an emptied broker must bring about."""


@pytest.mark.parametrize("seed", SEEDS)
def test_a_centre_survives_every_kind_of_fault(seed: int) -> None:
    outcome = one_run(SIZES["short"], seed, ("benchmarks.chaos", "--seed", str(seed)))
    all_was_struck_and_checked(outcome)


def all_was_struck_and_checked(outcome: Outcome) -> None:
    planned = outcome.settings
    assert outcome.words() == []
    assert {fault.kind for fault in outcome.struck} == set(Kind)
    assert len(outcome.felt_s) == len(planned.faults), "after each of them a case went through"
    books = outcome.books
    assert len(books.cases) == len(planned.plan.cases) + outcome.entered_by_probe
    assert books.board is not None
    assert len(books.board) == len(books.cases)
    assert [one for one in AT_WORK if not books.of(one.TYPE)] == [], "the work was more than registering"
    assert [line for line in outcome.loud if not any(words in line for words in PROVOKED)] == []
