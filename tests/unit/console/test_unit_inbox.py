"""What a unit sees of the board: its own part of each case, in one box, by its own clock."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from deploy.packs import default_pack
from services.console.policy.board import LiveRow, OrderedUnit, Row
from services.console.web.unit_inbox import BOXES, STACKS, as_dispatch_has_them, unit_line
from shared.contracts.dispatch import WorkOrderView
from tests.unit.console.given import CHAINS, OTHER, clock, event, told, upto

PACK = default_pack()
NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)
ORDER = str(UUID(int=7))


def live(row: Row) -> LiveRow:
    return LiveRow(id=UUID(int=1), version=5, row=row)


def row(state: Any = "signed_off", **fields: Any) -> Row:
    order = OrderedUnit(work_order_id=ORDER, unit="police", role="lead", state=state, round=1)
    return Row(code="26-0000104-5", shown=True, orders=(order.model_copy(update=fields),))


def box(row: Row) -> str | None:
    item = unit_line(live(row), "police", PACK, NOW).item
    return item.box if item else None


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        (row("dispatched"), "dispatched"),
        (row("signed_off"), "in_hand"),
        (row("signed_off", supervised=True), "supervised"),
        (row("dispatched", supervised=True), "dispatched"),
        (row("reopened", round=2), "reopened"),
        (row("reopened", round=2, supervised=True), "supervised"),
        (row("reported_back"), "reported"),
    ],
)
def test_each_stands_in_one_box(row: Row, wanted: str) -> None:
    assert box(row) == wanted
    assert {one for stack in STACKS for one in stack} == set(BOXES)


def test_a_unit_sees_its_own_part_only() -> None:
    assert unit_line(live(row()), "court", PACK, NOW).item is None


def test_the_row_tells_each_unit_what_it_owes_and_until_when() -> None:
    signed = upto(2, 4, 3, 0)
    own = next(one for one in signed.orders if one.unit == "police")
    assert (own.state, own.due_stage) == ("signed_off", "sign_off")
    assert [one.unit for one in signed.orders] == ["police"], "the court returned it: nothing of it is theirs"


def test_an_open_supervision_order_presses_until_it_is_answered() -> None:
    before = [one for chain, length in zip(CHAINS, (2, 4, 0, 0), strict=True) for one in chain[:length]]
    armed = clock("armed", "supervision:1:1", "supervision", 20)
    pressed = told(*before, armed)
    assert pressed.orders[0].supervised
    assert pressed.orders[0].due_stage == "supervision"
    times = {"due_at": "2026-11-30T09:40:00+08:00", "met_at": "2026-11-30T09:30:00+08:00"}
    met = clock("met", "supervision:1:1", "supervision", 20, **times, late=False)
    assert not told(*before, armed, met).orders[0].supervised


def test_whoever_reported_or_verified_is_known_by_post() -> None:
    assert upto(2, 13, 0, 2).hands == ("grid.1", "police.liaison")
    assert upto(2, 4, 0, 0).hands == ()


def test_a_summons_is_shown_from_the_call_on_with_the_units_own_state() -> None:
    asked, called = upto(2, 5, 0, 0), upto(2, 9, 6, 0)
    assert unit_line(live(asked), "police", PACK, NOW).calls.calls == ()
    (call,) = unit_line(live(called), "police", PACK, NOW).calls.calls
    assert call.state == "acknowledged"
    assert unit_line(live(called), "traffic", PACK, NOW).calls.calls[0].state == "called"


def test_the_lead_sees_how_many_supporters_owe() -> None:
    sent = {"role": "support", "reached_by": "desk", "returns": 0, "accepted_at": "2026-11-30T09:01:00+08:00"}
    matter = {"category": None, "place": None, "level": "II", "pack_version": "v"}
    support = event(
        "dispatch.work_order.dispatched",
        **{**sent, **matter, "work_order_id": str(UUID(int=9)), "unit": "traffic", "round": 1},
        dispatched_at="2026-11-30T09:03:00+08:00",
    )
    both = told(*CHAINS[0][:2], *CHAINS[1][:4], support)
    lead = unit_line(live(both), "police", PACK, NOW).item
    supporting = unit_line(live(both), "traffic", PACK, NOW).item
    assert lead is not None
    assert supporting is not None
    assert (lead.owing, supporting.owing) == (1, 0)
    assert lead.order.work_order_id == OTHER


def view(**fields: Any) -> WorkOrderView:
    known = {"work_order_id": ORDER, "case_code": "26-0000104-5", "unit": "police", "state": "signed_off"}
    rest = {"category": None, "place": None, "level": "II", "round": 1, "dispatched_at": NOW, "signed_off_at": None}
    return WorkOrderView.model_validate({**known, **rest, **fields})


def test_what_was_just_done_shows_at_once_whatever_the_board_has_heard() -> None:
    lines = [unit_line(live(row("dispatched")), "police", PACK, NOW)]
    assert [one.box for one in as_dispatch_has_them(lines, [view()], PACK)] == ["in_hand"]
    assert [one.box for one in as_dispatch_has_them(lines, [view(state="handling", round=2)], PACK)] == ["reopened"]
    assert as_dispatch_has_them(lines, [], PACK) == [], "it was returned a moment ago"
    new = view(work_order_id=uuid4(), case_code="26-0000105-4", state="dispatched")
    assert [one.code for one in as_dispatch_has_them(lines, [view(), new], PACK)] == ["26-0000104-5", "26-0000105-4"]
    reported = [unit_line(live(row("reported_back")), "police", PACK, NOW)]
    assert [one.box for one in as_dispatch_has_them(reported, [], PACK)] == ["reported"]
