"""Acts on a case: each form fits its request, each button is shown where role and state let it, and nowhere else."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from starlette.datastructures import FormData

from services.console.errors import WhyMissing
from services.console.policy.board import Row
from services.console.policy.board.row import ArrivalClock, CalledUnit
from services.console.web.case_act import CaseAct
from services.console.web.case_acts import ACTS, acts_for
from services.console.web.case_facts import CaseFacts
from services.console.web.words import LEGAL_CHANNELS
from shared.contracts.actors import Actor, Role
from shared.contracts.rights import RIGHTS
from tests.unit.console import waiting as given

FILLED = FormData(
    [
        *(("mode", "forward"), ("category", "labour.wages.arrears"), ("unit", "police"), ("supporters", "court")),
        *(("units", "police"), ("units", "court"), ("ground", "urgent"), ("by_plan", "yes"), ("reason", "需联动处置")),
        *((name, str(uuid4())) for name in ("summons", "deferral", "proposal", "order", "verification")),
        *(("approve", "yes"), ("confirm", "no"), ("level", "listed"), ("outcome", "improved"), ("place", "350521104")),
        *(("leader", "26-0000104-5"), ("flags", "group")),
    ]
)

OTHERWISE = {"decline": {"reason": "court"}, "correct": {"level": "II"}}
"""Fields that mean something else in one form."""

FACTS = CaseFacts(
    orders=(given.order("police"), given.order("court", role="support")),
    returned=(given.returned("traffic"),),
    deferrals=(given.deferral(),),
    supervision=(given.supervision("answered"),),
    unfound=(given.unfound(),),
    route=given.route(),
    raised=True,
)
"""A case on which everything waits at once."""


def row(stage: Any = "dispatch", *states: Any, leader: str | None = None) -> Row:
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
    ever = () if stage == "accept" else ("police",)
    return Row(code="26-0000104-5", stage=stage, shown=True, arrivals=arrivals, leader=leader, ever=ever)


ROWS = (
    *(row("accept"), row("dispatch", "asked"), row("sign_off"), row("handle", "running"), row("suspended")),
    *(row("joined", leader="26-0000204-9"), row("over")),
)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_a_filled_form_fits_its_request(act: CaseAct) -> None:
    filled = FormData({**dict(FILLED), **OTHERWISE[act.name]}) if act.name in OTHERWISE else FILLED
    fields = {**act.fields(filled), **({"case_code": "26-0000104-5"} if act.of_case else {})}
    known = {"actor": Actor(staff="x", role=Role.DUTY_DIRECTOR), "idempotency_key": "k"}
    made = act.request.model_validate({**known, **fields})
    assert set(act.request.model_fields) - {"trace"} >= set(fields)
    assert made.NAME in RIGHTS


def test_every_act_has_a_letter_of_its_own() -> None:
    """Whatever waits on the case; M mutes the board's tones."""
    for role in Role:
        for one in ROWS:
            for facts in (CaseFacts(), replace(FACTS, raised=one.stage != "accept")):
                keys = [act.key for act in acts_for(Actor(staff="x", role=role), one, facts)]
                assert len(keys) == len(set(keys)), (role, one.stage)
                assert not {"J", "K", "M", "C"} & set(keys), "those move the selection, mute and call"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_shown_where_the_role_may(act: CaseAct, role: Role) -> None:
    fitting = next(one for one in ROWS if act.fits(one, FACTS))
    shown = act in acts_for(Actor(staff="x", role=role, unit="police"), fitting, FACTS)
    assert shown is (role in RIGHTS[act.request.NAME])


def test_what_the_state_does_not_let_is_not_shown() -> None:
    director = Actor(staff="x", role=Role.DUTY_DIRECTOR)

    def names(one: Row, facts: CaseFacts | None = None) -> set[str]:
        return {act.name for act in acts_for(director, one, facts)}

    assert names(row("accept")) == {"accept", "decline", "join"}
    assert names(row("handle")) == {"summon", "supervise", "correct"}
    assert names(row("joined", leader="26-0000204-9")) == {"summon", "split"}
    assert names(row("over")) == set()
    assert acts_for(director, None) == []


@pytest.mark.parametrize(
    ("facts", "act"),
    [
        (CaseFacts(deferrals=FACTS.deferrals), "deferral"),
        (CaseFacts(route=FACTS.route), "proposal"),
        (CaseFacts(supervision=FACTS.supervision), "judge"),
        (CaseFacts(unfound=FACTS.unfound), "verify-again"),
        (CaseFacts(returned=FACTS.returned), "insist-supporter"),
        (CaseFacts(raised=True), "take-up"),
        (CaseFacts(orders=FACTS.orders[:1]), "add-supporter"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_waits_on_a_case_brings_its_act(facts: CaseFacts, act: str) -> None:
    director = Actor(staff="x", role=Role.DUTY_DIRECTOR)
    assert act in {one.name for one in acts_for(director, row("handle"), facts)}
    assert act not in {one.name for one in acts_for(director, row("handle"), CaseFacts())}


def test_the_mark_changes_with_whatever_somebody_else_decides() -> None:
    """A planted decision of another, on each of the things that wait, is seen before a form is taken."""
    without = [
        replace(FACTS, deferrals=()),
        replace(FACTS, supervision=(given.supervision("open"),)),
        replace(FACTS, returned=()),
        replace(FACTS, orders=FACTS.orders[:1]),
        replace(FACTS, unfound=()),
        replace(FACTS, route=None),
        replace(FACTS, raised=False),
    ]
    assert len({FACTS.mark, *(one.mark for one in without)}) == len(without) + 1
    assert replace(FACTS, supervision=(given.supervision("answered", late=True),)).mark == FACTS.mark, "time alone"


def test_declined_without_words_names_the_usual_channel() -> None:
    decline = next(act for act in ACTS if act.name == "decline")
    assert decline.fields(FormData({"reason": "court"}))["legal_channel"] == LEGAL_CHANNELS["court"]
    assert decline.fields(FormData({"reason": "court", "legal_channel": "向惠安法院起诉"}))["legal_channel"] == (
        "向惠安法院起诉"
    )


@pytest.mark.parametrize(("name", "said"), [("deferral", {"approve": "no"}), ("judge", {"outcome": "not_accepted"})])
def test_whoever_refuses_says_why(name: str, said: dict[str, str]) -> None:
    act = next(act for act in ACTS if act.name == name)
    with pytest.raises(WhyMissing):
        act.fields(FormData({**said, "reason": "  "}))
    assert "理由不足" in act.fields(FormData({**said, "reason": "理由不足"})).values()
