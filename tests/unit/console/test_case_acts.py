"""Acts on a case: each form fits its request, each button is shown where role and state let it, and nowhere else."""

from typing import Any
from uuid import uuid4

import pytest
from starlette.datastructures import FormData

from services.console.policy.board import Row
from services.console.policy.board.row import ArrivalClock, CalledUnit
from services.console.web.case_acts import ACTS, CaseAct, acts_for
from shared.contracts.actors import Actor, Role
from shared.contracts.rights import RIGHTS

FILLED = FormData(
    [
        *(("mode", "forward"), ("category", "labour.wages.arrears"), ("unit", "police"), ("supporters", "court")),
        *(("units", "police"), ("units", "court"), ("ground", "urgent"), ("by_plan", "yes"), ("reason", "需联动处置")),
        ("summons", str(uuid4())),
    ]
)


def row(stage: Any = "dispatch", *states: Any) -> Row:
    called = (CalledUnit(unit="police", state="called"),)
    arrivals = tuple(
        ArrivalClock(
            summons_id=str(uuid4()),
            state=state,
            ground="urgent",
            drill=False,
            called_at=None,
            due_at=None,
            units=called,
        )
        for state in states
    )
    return Row(code="26-0000104-5", stage=stage, shown=True, arrivals=arrivals)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_a_filled_form_fits_its_request(act: CaseAct) -> None:
    fields = {**act.fields(FILLED), **({"case_code": "26-0000104-5"} if act.of_case else {})}
    known = {"actor": Actor(staff="x", role=Role.DUTY_DIRECTOR), "idempotency_key": "k"}
    made = act.request.model_validate({**known, **fields})
    assert set(act.request.model_fields) - {"trace"} >= set(fields)
    assert made.NAME in RIGHTS


def test_every_act_has_a_letter_of_its_own() -> None:
    for role in Role:
        for one in (row("accept"), row("dispatch"), row("handle", "asked"), row("handle", "running")):
            keys = [act.key for act in acts_for(Actor(staff="x", role=role), one)]
            assert len(keys) == len(set(keys)), role
            assert not {"J", "K"} & set(keys), "those move the selection"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_shown_where_the_role_may(act: CaseAct, role: Role) -> None:
    fitting = next(one for one in (row("accept"), row("dispatch", "asked"), row("handle", "running")) if act.fits(one))
    shown = act in acts_for(Actor(staff="x", role=role, unit="police"), fitting)
    assert shown is (role in RIGHTS[act.request.NAME])


def test_what_the_state_does_not_let_is_not_shown() -> None:
    director = Actor(staff="x", role=Role.DUTY_DIRECTOR)
    assert {act.name for act in acts_for(director, row("accept"))} == {"accept"}
    assert {act.name for act in acts_for(director, row("handle"))} == {"summon"}
    assert acts_for(director, row("over")) == []
    assert acts_for(director, None) == []
