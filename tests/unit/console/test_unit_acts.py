"""What a unit may do with a work order: each form fits its request; each act is offered where it can be done."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from starlette.datastructures import FormData

from services.console.web.unit_acts import ORDER_ACTS, SUMMONS_ACTS, UnitAct, answers_of
from services.console.web.unit_order import OrderFile
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import CaseResults, Deferral, WorkOrderView
from shared.contracts.escalation import AppealView, ClockView, SupervisionOrderView
from shared.contracts.intake import MaskedCase
from shared.contracts.rights import RIGHTS

NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)
ID = UUID(int=7)
FILLED = FormData(
    [
        *(("order", str(ID)), ("order_id", str(ID)), ("answer", "已整改"), ("kind", "telephone"), ("days", "3")),
        *(("outcome", "solved"), ("result", "已处置"), ("replied", "yes"), ("time", "明天17点"), ("unit", "court")),
        *(("ground", "三定方案"), ("clock", "sign_off:1"), ("words", "未收到通知"), ("arrives_in_minutes", "15")),
        *(("room_code", "123456"), ("substitute", "police.2")),
    ]
)
REASONS = {"return": "not_our_duty", "appeal": "not_reached"}
COMMON: dict[str, Any] = {"case_code": "26-0000104-5", "unit": "police"}
CASE = MaskedCase.model_validate(
    {
        "case_id": ID,
        "case_code": "26-0000104-5",
        "state": "handling",
        "source": "window",
        "category": None,
        "place": None,
        "level": "II",
        "handling_mode": "forward",
        "owner": "clerk.1",
        "window": None,
        "round": 1,
        "pack_version": "v",
        "received_at": NOW,
        "registered_at": NOW,
        "closed_at": None,
        "matter": "事",
        "requester_name": None,
        "requester_phone": None,
    }
)


@pytest.mark.parametrize("act", [*ORDER_ACTS, *SUMMONS_ACTS], ids=lambda act: act.name)
def test_a_filled_form_fits_its_request(act: UnitAct) -> None:
    form = FormData([*FILLED.multi_items(), ("reason", REASONS.get(act.name, "情况属实"))])
    fields = act.fields(form, lambda typed: NOW)
    of = {"work_order_id": ID} if act.of_order and act in ORDER_ACTS else {}
    of = {"summons_id": ID} if act in SUMMONS_ACTS else of
    known = {"actor": Actor(staff="x", role=Role.LIAISON_OFFICER, unit="police"), "idempotency_key": "k"}
    made = act.request.model_validate({**known, **of, **fields})
    assert made.NAME in RIGHTS


def file(**fields: Any) -> OrderFile:
    known = {"work_order_id": ID, "state": "signed_off", "category": None, "place": None, "level": "II", "round": 1}
    order = WorkOrderView.model_validate(
        {**COMMON, **known, "dispatched_at": NOW, "signed_off_at": NOW, **fields.pop("order", {})}
    )
    nothing = CaseResults(results=(), owing=("police",))
    whole = OrderFile(order, CASE, nothing, (), (), (), (), (), NOW)
    return replace(whole, **fields)


def offered(file: OrderFile) -> set[str]:
    return {act.name for act in ORDER_ACTS if act.states <= file.standing}


def deferral(kind: str, state: str) -> Deferral:
    known = {"deferral_id": ID, "work_order_id": ID, "kind": kind, "state": state, "days": None, "due_at": NOW}
    rest = {"until": NOW + timedelta(days=9), "new_due_at": None, "reason": None, "decided_by": None}
    return Deferral.model_validate({**COMMON, **known, **rest, "asked_at": NOW, "decided_at": None})


def supervision(state: str) -> SupervisionOrderView:
    known = {"order_id": ID, "level": "reminder", "state": state, "round": 1, "due_at": NOW, "late": False}
    rest = {"issued_by": "director.1", "issued_at": NOW, "reason": None, "clock": None, "instead_of": None}
    return SupervisionOrderView.model_validate(
        {**COMMON, **known, **rest, "outcome": None, "ended_at": None, "answers": ()}
    )


def clock(**fields: Any) -> ClockView:
    known = {"clock": "sign_off:1", "stage": "sign_off", "owes": "police", "state": "overdue", "started_at": NOW}
    rest = {"due_at": NOW, "limit": "1 working_day", "limit_source": "x", "fired_at": NOW, "ended_at": None}
    return ClockView.model_validate({"case_code": "26-0000104-5", **known, **rest, **fields})


def appeal() -> AppealView:
    known = {"appeal_id": ID, "clock": "sign_off:1", "stage": "sign_off", "state": "made", "fired_at": NOW}
    rest = {"reason": "not_reached", "words": None, "made_by": "x", "made_at": NOW, "advice": None}
    ends = {"proposed_by": None, "proposed_at": None, "decided_by": None, "decided_at": None, "exempted_at": None}
    return AppealView.model_validate({**COMMON, **known, **rest, **ends})


AT_WORK = {"contact", "report", "delay", "extension", "suspension", "return"}
BOTH = CaseResults(results=(), owing=("police", "traffic"))


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        (file(order={"state": "dispatched"}), {"sign-off", "return"}),
        (file(), AT_WORK),
        (file(order={"designated": True}), AT_WORK - {"return"}),
        (file(order={"state": "handling", "round": 2}), AT_WORK - {"return"}),
        (file(order={"role": "support"}), AT_WORK - {"contact", "delay"}),
        (file(results=BOTH), AT_WORK - {"report"}),
        (file(results=BOTH, order={"role": "support"}), AT_WORK - {"contact", "delay"}),
        (file(deferrals=(deferral("extension", "asked"),)), AT_WORK - {"extension", "suspension"}),
        (file(deferrals=(deferral("suspension", "approved"),)), AT_WORK - {"extension", "suspension"} | {"resume"}),
        (file(deferrals=(deferral("suspension", "resumed"),)), AT_WORK),
        (file(supervision=(supervision("open"),)), AT_WORK | {"answer"}),
        (file(supervision=(supervision("answered"),)), AT_WORK),
        (file(clocks=(clock(),)), AT_WORK | {"appeal"}),
        (file(clocks=(clock(owes="court"),)), AT_WORK),
        (file(clocks=(clock(exempted_at=NOW),)), AT_WORK),
        (file(clocks=(clock(),), appeals=(appeal(),)), AT_WORK),
        (file(order={"state": "reported_back"}), set()),
    ],
)
def test_offered_where_it_can_be(file: OrderFile, wanted: set[str]) -> None:
    assert offered(file) == wanted


def test_who_works_on_it_is_not_who_answers_the_whistle() -> None:
    handler = {act.name for act in answers_of(Actor(staff="x", role=Role.HANDLER, unit="police"))}
    liaison = {act.name for act in answers_of(Actor(staff="x", role=Role.LIAISON_OFFICER, unit="police"))}
    assert handler == {"arrived"}
    assert liaison == {act.name for act in SUMMONS_ACTS}
