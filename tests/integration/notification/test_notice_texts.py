"""What a text says, as it goes out: where the case is, in which language, in whose name a link answers."""

from datetime import timedelta

import pytest

from services.notification.operations.send_parcel import PURPOSES
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import SummonsEnded, WorkOrderReopened, WorkOrderReportedBack
from shared.contracts.notification import ReadInbox
from shared.links import LinkSigner
from tests.integration.notification.given import (
    CATEGORY,
    LEAD,
    LIAISON,
    MONDAY,
    SECRET,
    TOWN,
    UNIT,
    Bench,
    Scripted,
    Whistle,
    quanzhou,
    work_order,
)
from tests.integration.notification.test_notice_requests import OWN

pytestmark = pytest.mark.servers


def town() -> str:
    place = quanzhou().place(TOWN)
    assert place is not None
    return place.name


async def test_the_whistle_says_where(bench: Bench) -> None:
    email = Scripted("email")
    courier = bench.with_channels(email)
    await bench.reaches(LIAISON, "email")
    whistle = Whistle()
    await bench.hears(whistle.called(), whistle.rung())
    await courier.run()
    await bench.hears(
        SummonsEnded(
            case_id=whistle.case_id,
            case_code=whistle.code,
            summons_id=whistle.summons_id,
            outcome="stood_down",
            ended_at=MONDAY + timedelta(minutes=2),
        )
    )
    await bench.after(minutes=2)
    called, stood_down = [one.text.body for one in email.taken]
    assert town() in called
    assert town() in stood_down


async def test_the_director_reads_where_a_unit_cannot_come(bench: Bench) -> None:
    courier = bench.with_channels()
    whistle = Whistle()
    await bench.hears(whistle.called(), whistle.cannot_come())
    await courier.run()
    director = Actor(staff="director.1", role=Role.DUTY_DIRECTOR)
    (message,) = (await bench.asks(ReadInbox(actor=director))).messages
    assert message.body is not None
    assert town() in message.body


@pytest.mark.parametrize(("post", "staff", "step"), [("liaison_officer", LIAISON, 1), ("unit_lead", LEAD, 2)])
async def test_a_link_answers_in_the_name_of_the_post_it_was_sent_to(
    bench: Bench, post: str, staff: str, step: int
) -> None:
    email = Scripted("email")
    courier = bench.with_channels(email)
    await bench.reaches(staff, "email")
    await bench.hears(Whistle().rung(step, post=post))
    await courier.run()
    signer = LinkSigner((SECRET,), centre="qz")
    links = [signer.opened(url.rsplit("/", 1)[1]) for _, url in email.taken[0].text.links]
    assert [(link.staff, link.role) for link in links] == [(staff, post)] * len(PURPOSES)


async def test_texts_are_in_the_language_of_the_centre(bench: Bench) -> None:
    email = Scripted("email")
    bench.tongue = "en"
    courier = bench.with_channels(email)
    await bench.reaches(LIAISON, "email")
    await bench.hears(work_order(), work_order())
    await courier.run()
    await bench.after(seconds=11)
    (sent,) = email.taken
    assert sent.text.subject == "2 matters for you"
    assert "sends a work order" in sent.text.body
    (newest, _) = (await bench.asks(ReadInbox(actor=OWN))).messages
    assert newest.subject.startswith("Work order")


async def test_a_reopened_work_order_is_told_to_its_unit(bench: Bench) -> None:
    courier = bench.with_channels()
    order = work_order()
    reported = {"case_id": order.case_id, "case_code": order.case_code, "work_order_id": order.work_order_id}
    back = WorkOrderReportedBack.model_validate(
        {
            **reported,
            "unit": UNIT,
            "round": 1,
            "outcome": "solved",
            "category": CATEGORY,
            "place": TOWN,
            "level": "IV",
            "pack_version": quanzhou().version,
            "reported_by": LIAISON,
            "reported_back_at": MONDAY + timedelta(hours=1),
        }
    )
    again = WorkOrderReopened.model_validate(
        {
            **reported,
            "unit": UNIT,
            "round": 2,
            "cause": "dissatisfied",
            "category": CATEGORY,
            "place": TOWN,
            "level": "IV",
            "pack_version": quanzhou().version,
            "reopened_at": MONDAY + timedelta(hours=2),
        }
    )
    await bench.hears(order)
    await courier.run()
    await bench.hears(back, again)
    await bench.after(hours=2)
    newest, first = (await bench.asks(ReadInbox(actor=OWN))).messages
    assert newest.subject.startswith("重办")
    assert newest.body is not None
    assert town() in newest.body
    assert first.subject.startswith("新工单")
