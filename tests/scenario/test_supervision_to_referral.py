"""督办到问责: what a unit leaves lying is ordered, ordered again, and put before a person; what fired stays fired."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.embedded.running import ServerAddresses
from shared.contracts.actors import Actor, Role
from shared.contracts.escalation import (
    AnswerReferral,
    AnswerSupervision,
    Appeals,
    AppealView,
    DecideAppeal,
    DecideReferral,
    JudgeSupervision,
    ListAppeals,
    ListReferrals,
    ListSupervision,
    MakeAppeal,
    ProposeOnAppeal,
    Referrals,
    ReferralView,
    SupervisionOrders,
    SupervisionOrderView,
)
from shared.errors import RemoteRefusal
from tests.scenario.one_centre import one_centre, tables_with
from tests.support.centre import CentreUnderTest, key

pytestmark = pytest.mark.servers
OFFICE = Actor(staff="oversight.1", role=Role.OVERSIGHT_OFFICE)
DEPUTY = Actor(staff="deputy.1", role=Role.DEPUTY_COMMANDER)


@pytest.fixture(scope="module")
async def house(addresses: ServerAddresses, data_root: Path) -> AsyncIterator[CentreUnderTest]:
    async with one_centre(addresses, data_root) as centre:
        yield centre


async def orders(house: CentreUnderTest, code: str) -> list[SupervisionOrderView]:
    request = ListSupervision(actor=house.director, case_code=code, only_open=False)
    found = (await house.ask(request, SupervisionOrders)).orders
    return sorted(found, key=lambda one: one.issued_at)


async def referrals(house: CentreUnderTest, code: str, actor: Actor | None = None) -> tuple[ReferralView, ...]:
    request = ListReferrals(actor=actor or house.commander, case_code=code, only_open=False)
    return (await house.ask(request, Referrals)).referrals


async def test_overdue_reminded_ordered_not_answered_referred(house: CentreUnderTest) -> None:
    receipt = await house.window_receives()
    code = receipt.case_code
    order = await house.open_order(code)
    await house.unit_signs_off(order)
    await house.unit_contacts_requester(order)
    due_at = (await house.clocks(code))["report_back"].due_at
    await house.time_passes(seconds=(due_at - house.clock.now()).total_seconds() + 1)
    await house.time_passes(days=1)
    (reminder,) = await orders(house, code)
    assert (reminder.level, reminder.unit, reminder.state) == ("reminder", order.unit, "open")
    told = await house.fetch("select post, unit from notification.notice where kind = 'supervision' order by post")
    assert [(row["post"], row["unit"]) for row in told] == [("liaison_officer", order.unit), ("unit_lead", order.unit)]

    await house.time_passes(days=2)
    reminder, written = await orders(house, code)
    assert (reminder.state, reminder.outcome, written.level) == ("closed", "unanswered", "written_order")
    assert written.instead_of == reminder.order_id

    await house.restarts()
    for _ in range(3):
        await house.time_passes(days=5)
    found = {one.cause.value: one for one in await referrals(house, code)}
    assert set(found) == {"overdue", "unanswered"}
    unanswered = found["unanswered"]
    assert str(written.order_id) in {one.ref for one in unanswered.evidence}

    alone = DecideReferral(
        actor=house.director, idempotency_key=key(), referral_id=unanswered.referral_id, refer=True, reason="拖延"
    )
    with pytest.raises(RemoteRefusal) as refused:
        await house.ask(alone, ReferralView)
    assert refused.value.remote_code == "not_allowed"
    await house.ask(alone.model_copy(update={"actor": house.commander}), ReferralView)
    again = alone.model_copy(update={"actor": DEPUTY, "idempotency_key": key()})
    with pytest.raises(RemoteRefusal) as twice:
        await house.ask(again, ReferralView)
    assert twice.value.remote_code == "referral_step_done"
    (referred,) = await referrals(house, code, OFFICE)
    answer = AnswerReferral(
        actor=OFFICE, idempotency_key=key(), referral_id=referred.referral_id, result="admonished", words="已约谈"
    )
    assert (await house.ask(answer, ReferralView)).state == "answered"

    events = [kind for kind in await house.events(code) if kind.split(".")[1] in ("supervision", "referral")]
    assert events.count("escalation.supervision.issued") == 2
    assert events.count("escalation.referral.proposed") == 2
    assert await tables_with(house, "已约谈") <= {"escalation.referral", "escalation.request"}


async def test_an_answer_is_the_unit_s_and_its_judgement_another_s(house: CentreUnderTest) -> None:
    receipt = await house.window_receives()
    order = await house.open_order(receipt.case_code)
    due_at = (await house.clocks(receipt.case_code))["report_back"].due_at
    await house.time_passes(seconds=(due_at - house.clock.now()).total_seconds() + 1)
    await house.time_passes(days=1)
    found = [one for one in await orders(house, receipt.case_code) if one.state == "open"]
    chosen = found[0]
    words = "已约定支付日期"
    answer = AnswerSupervision(
        actor=house.liaison("police"), idempotency_key=key(), order_id=chosen.order_id, answer=words
    )
    with pytest.raises(RemoteRefusal) as refused:
        await house.ask(answer, SupervisionOrderView)
    assert refused.value.remote_code == "not_your_order"
    await house.ask(answer.model_copy(update={"actor": house.liaison(order.unit)}), SupervisionOrderView)
    judge = JudgeSupervision(actor=house.director, idempotency_key=key(), order_id=chosen.order_id, outcome="accepted")
    closed = await house.ask(judge, SupervisionOrderView)
    await house.settle()
    assert (closed.state, closed.outcome) == ("closed", "accepted")
    assert await tables_with(house, words) <= {"escalation.supervision_answer", "escalation.request"}

    clock = next(
        one for one in await house.every_clock(receipt.case_code) if one.stage == "report_back" and one.fired_at
    )
    make = MakeAppeal(
        actor=house.liaison(order.unit), idempotency_key=key(), clock=clock.clock, reason="force_majeure", words="台风"
    )
    appeal = await house.ask(make, AppealView)
    propose = ProposeOnAppeal(actor=house.director, idempotency_key=key(), appeal_id=appeal.appeal_id, support=True)
    await house.ask(propose, AppealView)
    decide = DecideAppeal(actor=house.commander, idempotency_key=key(), appeal_id=appeal.appeal_id, grant=True)
    granted = await house.ask(decide, AppealView)
    await house.settle()
    after = next(one for one in await house.every_clock(receipt.case_code) if one.clock == clock.clock)
    assert after.model_copy(update={"exempted_at": None}) == clock
    assert after.exempted_at == granted.exempted_at
    assert "escalation.clock.overdue" in await house.events(receipt.case_code)
    waiting = await house.ask(ListAppeals(actor=house.commander, case_code=receipt.case_code), Appeals)
    assert waiting.appeals == ()
