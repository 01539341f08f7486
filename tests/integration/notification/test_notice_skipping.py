"""State is read again before anything is sent: what is settled is not told."""

from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.base import Event
from shared.contracts.dispatch import (
    HandoverAccepted,
    HandoverOffered,
    SummonsEnded,
    SummonsUnitAcknowledged,
    SummonsUnitArrived,
    SummonsUnitCannotCome,
    SummonsUnitOnTheWay,
    WorkOrderReopened,
    WorkOrderReportedBack,
    WorkOrderSignedOff,
)
from shared.contracts.dispatch.words import ReopenCause, ReportOutcome
from shared.contracts.escalation import NoticeIssued
from tests.integration.notification.given import (
    LIAISON,
    MONDAY,
    UNIT,
    Bench,
    Scripted,
    Whistle,
    down,
    quanzhou,
    work_order,
)

pytestmark = pytest.mark.servers


def later(minutes: float) -> Any:
    return MONDAY + timedelta(minutes=minutes)


def of_unit(event: type[Event], whistle: Whistle, **at: Any) -> Event:
    return event.model_validate({**whistle.ids(), **at})


def ended(whistle: Whistle, outcome: str) -> SummonsEnded:
    ids = {name: value for name, value in whistle.ids().items() if name != "unit"}
    return SummonsEnded.model_validate({**ids, "outcome": outcome, "ended_at": later(2)})


async def test_a_unit_that_arrived_is_not_rung(bench: Bench) -> None:
    email = Scripted("email")
    courier = bench.with_channels(email)
    await bench.reaches(LIAISON, "email")
    whistle = Whistle()
    await bench.hears(of_unit(SummonsUnitArrived, whistle, arrived_at=later(1)), whistle.rung(4, action="remind"))
    await courier.run()
    assert email.calls == 0
    assert await bench.states() == {f"{LIAISON} inbox": "skipped"}
    (skipped,) = await bench.events("message.skipped")
    assert skipped["why"] == "arrived"
    assert await bench.events("notice.handed_over") == []


async def test_a_message_that_waits_is_looked_at_again(bench: Bench) -> None:
    """The channel was away when the unit was called; when it is back, the unit has arrived."""
    email = Scripted("email", script=[down()])
    courier = bench.with_channels(email)
    await bench.reaches(LIAISON, "email")
    whistle = Whistle()
    await bench.hears(whistle.rung())
    await courier.run()
    await bench.hears(of_unit(SummonsUnitArrived, whistle, arrived_at=later(1)))
    await bench.after(seconds=5)
    assert (email.calls, email.taken) == (1, [])
    assert (await bench.states())[f"{LIAISON} email"] == "skipped"


@pytest.mark.parametrize(
    ("step", "why", "spared"),
    [(2, "ladder", True), (2, "cannot_come", False), (4, "ladder", False), (1, "ladder", False)],
)
async def test_only_the_rung_for_silence_is_spared_by_an_acknowledgement(
    bench: Bench, step: int, why: str, spared: bool
) -> None:
    courier = bench.with_channels()
    whistle = Whistle()
    await bench.hears(
        whistle.called(),
        of_unit(SummonsUnitAcknowledged, whistle, acknowledged_at=later(1)),
        whistle.rung(step, why=why, issued_at=later(3)),
    )
    await courier.run()
    assert await bench.states() == {f"{LIAISON} inbox": "skipped" if spared else "delivered"}


@pytest.mark.parametrize(("told_at", "state"), [(12, "skipped"), (5, "delivered")])
async def test_on_the_way_spares_a_unit_only_what_was_issued_before(bench: Bench, told_at: int, state: str) -> None:
    """After its own estimate has passed it is rung again, though it said once that it is on the way."""
    courier = bench.with_channels()
    whistle = Whistle()
    on_the_way = of_unit(SummonsUnitOnTheWay, whistle, expected_at=later(9), told_at=later(told_at))
    await bench.hears(whistle.called(), on_the_way, whistle.rung(3, why="rung_again", issued_at=later(10)))
    await courier.run()
    assert await bench.states() == {f"{LIAISON} inbox": state}


async def test_a_word_about_a_late_unit_is_told_even_after_the_summons_ended_without_it(bench: Bench) -> None:
    courier = bench.with_channels()
    whistle = Whistle()
    await bench.hears(ended(whistle, "incomplete"), whistle.rung(5, post="duty_director", action="overdue"))
    await courier.run()
    assert await bench.states() == {"duty_director inbox": "delivered"}


async def test_who_is_on_the_way_is_told_that_it_is_not_needed_any_more(bench: Bench) -> None:
    courier = bench.with_channels()
    here, coming = Whistle(), Whistle(unit="legal-aid")
    coming.summons_id = here.summons_id
    await bench.hears(here.called(), coming.called(), of_unit(SummonsUnitArrived, here, arrived_at=later(1)))
    await bench.hears(ended(here, "stood_down"), here.rung(4, action="remind"))
    await courier.run()
    assert {(one.staff, one.state) for one in await bench.messages()} == {
        (LIAISON, "skipped"),
        ("legal-aid.liaison", "delivered"),
    }
    assert {one.kind for one in await bench.notices()} == {"stood_down", "summons"}


async def test_that_a_unit_cannot_come_is_told_to_the_director_at_once(bench: Bench) -> None:
    email = Scripted("email")
    courier = bench.with_channels(email)
    await bench.reaches("duty_director", "email")
    whistle = Whistle()
    await bench.hears(whistle.rung())
    await courier.run()
    await bench.hears(of_unit(SummonsUnitCannotCome, whistle, told_at=later(1)))
    await courier.run()
    assert len(email.taken) == 1
    states = await bench.states()
    assert states[f"{LIAISON} inbox"] == "answered"
    assert states["duty_director inbox"] == "delivered"


def overdue(order: Any, stage: str, *, case_id: Any) -> NoticeIssued:
    return NoticeIssued.model_validate(
        {
            "case_id": case_id,
            "case_code": "drill",
            "clock": f"{stage}:{order}",
            "stage": stage,
            "owes": UNIT,
            "notice_id": order,
            "step": 1,
            "post": "liaison_officer",
            "unit": UNIT,
            "action": "overdue",
            "work_order_id": order,
            "due_at": later(1),
            "issued_at": later(1),
        }
    )


async def test_a_work_order_signed_off_meanwhile_is_not_asked_for(bench: Bench) -> None:
    courier = bench.with_channels()
    sent = work_order()
    order: dict[str, Any] = {
        "case_id": sent.case_id,
        "case_code": "drill",
        "work_order_id": sent.work_order_id,
        "unit": UNIT,
    }
    await bench.hears(WorkOrderSignedOff(**order, round=1, signed_off_at=later(1)))
    await bench.hears(overdue(sent.work_order_id, "sign_off", case_id=sent.case_id))
    await courier.run()
    (skipped,) = await bench.events("message.skipped")
    assert skipped["why"] == "signed_off"


async def test_a_reopened_work_order_is_owed_again(bench: Bench) -> None:
    courier = bench.with_channels()
    sent = work_order()
    order: dict[str, Any] = {
        "case_id": sent.case_id,
        "case_code": "drill",
        "work_order_id": sent.work_order_id,
        "unit": UNIT,
    }
    common: dict[str, Any] = {"place": None, "level": "IV", "category": None, "pack_version": quanzhou().version}
    reported = WorkOrderReportedBack(
        **order, **common, round=1, outcome=ReportOutcome.SOLVED, reported_by="li.1", reported_back_at=later(1)
    )
    reopened = WorkOrderReopened(**order, **common, round=2, cause=ReopenCause.NOT_VERIFIED, reopened_at=later(2))
    await bench.hears(reported, reopened, overdue(sent.work_order_id, "report_back", case_id=sent.case_id))
    await courier.run()
    assert await bench.events("message.skipped") == []
    assert await bench.states() == {f"{LIAISON} inbox": "delivered"}


async def test_a_handover_that_was_accepted_needs_no_word(bench: Bench) -> None:
    courier = bench.with_channels()
    offered = HandoverOffered(
        handover_id=Whistle().summons_id,
        outgoing="director.1",
        incoming="director.2",
        open_cases=3,
        running_summonses=0,
        offered_at=MONDAY,
    )
    accepted = HandoverAccepted(
        handover_id=offered.handover_id, outgoing="director.1", incoming="director.2", accepted_at=later(1)
    )
    await bench.hears(offered)
    await courier.run()
    assert await bench.states() == {"director.2 inbox": "delivered"}
    again = offered.model_copy(update={"handover_id": Whistle().summons_id})
    await bench.hears(again, accepted.model_copy(update={"handover_id": again.handover_id}))
    await courier.run()
    assert sorted(one.state for one in await bench.messages()) == ["delivered", "skipped"]
