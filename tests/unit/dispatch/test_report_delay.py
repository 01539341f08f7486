"""暂不能办结, said by a unit: by the lead, for a work order in hand, ahead, and not too often."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.dispatch.errors.cases import NotOwnUnit
from services.dispatch.errors.reports import DelayOutOfBounds
from services.dispatch.model import WorkOrderDelay
from shared.contracts.dispatch import ReportDelay
from tests.unit.dispatch.given import MONDAY, dispatched, quanzhou, staff_of

LOOP = quanzhou().closed_loop


def told(number: int = 1, *, unit: str | None = None, **given: Any) -> Any:
    case, order, _ = dispatched()
    for name, value in given.pop("order", {}).items():
        setattr(order, name, value)
    fields = {"proposed_for": MONDAY + timedelta(days=5), "reason": "等待鉴定", **given}
    ask = {"actor": staff_of(unit or order.unit), "idempotency_key": "k", "work_order_id": uuid4()}
    return WorkOrderDelay.told(
        case, order, ReportDelay.model_validate({**ask, **fields}), LOOP, number=number, now=MONDAY
    )


def test_the_first_receiver_is_told_without_a_word_of_the_reason() -> None:
    kept, event = told()
    assert (kept.reason, kept.number, event.number) == ("等待鉴定", 1, 1)
    assert "鉴定" not in event.model_dump_json()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"proposed_for": MONDAY}, "proposed_for"),
        ({"proposed_for": MONDAY - timedelta(days=1)}, "proposed_for"),
        ({"proposed_for": MONDAY + timedelta(days=LOOP.promise_days_max, minutes=1)}, "proposed_for"),
        ({"number": LOOP.promises_max + 1}, "work_order_id"),
        ({"order": {"role": "support"}}, "work_order_id"),
        ({"order": {"state": "reported_back"}}, "work_order_id"),
    ],
)
def test_refused_by_name(given: dict[str, Any], field: str) -> None:
    with pytest.raises(DelayOutOfBounds) as refused:
        told(**given)
    assert refused.value.field == field


def test_not_by_another_unit() -> None:
    with pytest.raises(NotOwnUnit):
        told(unit="court")
