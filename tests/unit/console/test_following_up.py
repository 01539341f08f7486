"""回访: who asks about what, what an answer is in the request, what a dissatisfied one leads to."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from starlette.datastructures import FormData

from deploy.packs import default_pack
from services.console.policy.after_asking import aftermath
from services.console.policy.board import LiveRow, Row
from services.console.web.board_lines import Line, line_of
from services.console.web.pages.mine import _answers as answers_of  # pyright: ignore[reportPrivateUsage]
from services.console.web.pages.mine import shared_out
from services.intake.policy import leads_to
from shared.contracts.actors import Actor, Role
from shared.contracts.intake import DissatisfactionCause, FollowUpCase, Satisfaction
from shared.story import Story

PACK = default_pack()
NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)


def line(stage: Any, *hands: str) -> Line:
    row = Row(code="26-0000104-5", stage=stage, hands=hands, shown=True)
    return line_of(LiveRow(id=UUID(int=1), version=1, row=row), Story(PACK), PACK, NOW)


@pytest.mark.parametrize(
    ("line", "mine", "others"),
    [
        (line("follow_up"), 1, 0),
        (line("follow_up", "clerk.1"), 0, 1),
        (line("follow_up", "police.liaison", "grid.1"), 1, 0),
        (line("close", "clerk.1"), 1, 0),
        (line("handle"), 0, 0),
    ],
)
def test_whoever_handled_or_verified_does_not_ask(line: Line, mine: int, others: int) -> None:
    own, left = shared_out([line], "clerk.1")
    assert (len(own), len(left)) == (mine, others)


def told(**fields: str) -> FollowUpCase:
    form = FormData([("kind", "telephone"), *fields.items()])
    known = {"actor": Actor(staff="clerk.1", role=Role.INTAKE_CLERK), "idempotency_key": "k"}
    return FollowUpCase.model_validate({**known, "case_code": "26-0000104-5", **answers_of(form)})


def test_an_answer_is_what_was_said_and_nothing_else() -> None:
    asked = {"responded": "yes", "solved": "no", "satisfaction": "dissatisfied", "cause": "unit"}
    reached = told(reached="reached", **asked)
    assert (reached.contacted, reached.solved, reached.cause, reached.missed) == (True, False, "unit", None)
    missed = told(reached="wrong_number", **asked)
    assert (missed.contacted, missed.missed, missed.satisfaction, missed.cause) == (False, "wrong_number", None, None)
    nothing = told()
    assert (nothing.contacted, nothing.missed) == (False, None), "intake then says what is missing"
    assert told(reached="reached", **{**asked, "satisfaction": "satisfied"}).cause is None


@pytest.mark.parametrize("round_", [1, 2, 3, 4])
def test_what_is_told_before_is_what_intake_does(round_: int) -> None:
    row = Row(code="26-0000104-5", category="labour.wages.arrears", unit="police", round=round_)
    after = aftermath(PACK, row, now=NOW)
    most = PACK.closed_loop.reopenings_max
    unit, dissatisfied = DissatisfactionCause.UNIT, Satisfaction.DISSATISFIED
    next_ = leads_to(dissatisfied, unit, reopenings=round_ - 1, reopenings_max=most)
    assert (next_ == "to_explain") is after.often
    assert (after.due_at is not None) is (next_ == "reopened")
    if after.due_at is not None:
        assert after.round == round_ + 1
        assert after.due_at > NOW
