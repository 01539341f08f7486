"""From acceptance to the lead unit and back, over a real database."""

import asyncio
from uuid import uuid4

import pytest
import sqlalchemy as sa

from services.dispatch.errors.cases import CaseNotInTriage, CaseUnknown, UnitReturnedIt
from services.dispatch.errors.handing import DirectorDecides
from services.dispatch.model import RoutedCase
from services.dispatch.operations.cases import redispatch_case, route_accepted_case
from services.dispatch.operations.work_orders import sign_off_work_order
from services.dispatch.policy.cases import CaseState, WorkOrderState
from services.dispatch.queries.cases import list_triage
from services.dispatch.queries.work_orders import list_work_orders
from shared.codes import case_code
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import (
    CaseRouted,
    ListTriage,
    ListWorkOrders,
    SignOffWorkOrder,
    WorkOrderDispatched,
    WorkOrderReopened,
)
from shared.contracts.escalation import VerificationOutcome
from shared.contracts.intake import CaseAccepted, CaseClosed, CaseReopened, DissatisfactionCause, HandlingMode
from shared.errors import AlreadyHandled, IdempotencyKeyReused, NotFound
from tests.integration.dispatch.given import Bench, verified
from tests.unit.dispatch.given import DESK, DIRECTOR, DISPATCHER, LEAD, OTHER, accepted, quanzhou, redispatch, staff_of

pytestmark = pytest.mark.servers


def reopened(event: CaseAccepted, bench: Bench, *, mode: HandlingMode = HandlingMode.FORWARD) -> CaseReopened:
    return CaseReopened(
        case_id=event.case_id,
        case_code=event.case_code,
        cause=DissatisfactionCause.UNIT,
        handling_mode=mode,
        category=event.category,
        level=event.level,
        owner=event.owner,
        pack_version=event.pack_version,
        round=2,
        reopened_at=bench.now,
    )


def closed(event: CaseAccepted, bench: Bench) -> CaseClosed:
    return CaseClosed(case_id=event.case_id, case_code=event.case_code, outcome="solved", round=1, closed_at=bench.now)


async def test_an_accepted_case_is_routed_and_dispatched_in_one_transaction(bench: Bench) -> None:
    case = await bench.case_arrives()
    (order,) = await bench.orders(case.case_id)
    assert (case.owner, case.state, case.current_work_order_id) == (LEAD, CaseState.DISPATCHED, order.work_order_id)
    assert await bench.events(case.case_code) == ["case.routed", "work_order.dispatched"]
    (routed,) = await bench.event_data(case.case_code, CaseRouted)
    assert (routed["by"], routed["rule"], routed["unit"]) == ("rule", "labour", LEAD)
    assert routed["reason"] == case.reason
    (sent,) = await bench.event_data(case.case_code, WorkOrderDispatched)
    assert (sent["unit"], sent["reached_by"], sent["returns"]) == (LEAD, "desk", 0)


async def test_what_no_rule_places_waits_for_a_person(bench: Bench) -> None:
    case = await bench.case_arrives(accepted(category=None))
    assert await bench.events(case.case_code) == ["case.routed"]
    listed = await list_triage(bench.work, ListTriage(actor=DISPATCHER), now=bench.now)
    assert listed.total == 1
    assert (listed.cases[0].case_code, listed.cases[0].returns) == (case.case_code, 0)
    assert "未定事项类别" in listed.cases[0].reason


async def test_a_case_handled_at_its_window_leaves_no_trace_whatever_becomes_of_it(bench: Bench) -> None:
    event = accepted(mode=HandlingMode.SELF)
    await bench.hears(event, reopened(event, bench, mode=HandlingMode.SELF), closed(event, bench))
    assert await bench.count("routed_case") == 0
    assert await bench.events(event.case_code) == []


async def test_an_event_applied_twice_changes_nothing(bench: Bench) -> None:
    envelopes = await bench.hears(accepted())
    await bench.delivers(envelopes)
    await bench.delivers([*envelopes, *envelopes])
    assert (await bench.count("routed_case"), await bench.count("work_order")) == (1, 1)


async def test_a_batch_may_hold_a_case_from_beginning_to_end(bench: Bench) -> None:
    events = [accepted() for _ in range(20)]
    await bench.hears(*events, *(closed(event, bench) for event in events))
    for event in events:
        (order,) = await bench.orders(event.case_id)
        assert (await bench.case(event.case_id)).state == CaseState.CLOSED
        assert order.state == WorkOrderState.CLOSED


async def test_a_failure_after_the_rows_leaves_neither_rows_nor_events(bench: Bench) -> None:
    event = accepted()
    envelope = bench.envelope(event)
    async with bench.work.begin() as tx:  # the very event is in the record already: recording it again must fail
        await tx.session.execute(
            sa.text("insert into dispatch.chain values (:chain, -5, '')").bindparams(chain=event.chain)
        )
        await tx.session.execute(sa.text("alter table dispatch.event add constraint planted check (sequence > 0)"))
    with pytest.raises(sa.exc.IntegrityError, match="planted"):
        await route_accepted_case(bench.work, event, envelope, now=bench.now)
    assert (await bench.count("routed_case"), await bench.count("work_order")) == (0, 0)


async def test_not_ours_then_returned_then_sent_to_another(bench: Bench) -> None:
    case = await bench.case_arrives()
    order = await bench.lead(case.case_id)
    bench.passes(minutes=30)
    await bench.returns(order)
    back = await bench.case(case.case_id)
    assert (back.owner, back.state, back.returns, back.waiting_since) == (DESK, CaseState.TRIAGE, 1, bench.now)
    with pytest.raises(UnitReturnedIt):
        await bench.sends_on(case.case_code, LEAD)
    sent = await bench.sends_on(case.case_code, OTHER)
    assert (await bench.lead(case.case_id)).work_order_id == sent.work_order_id
    assert await bench.events(case.case_code) == [
        "case.routed",
        "work_order.dispatched",
        "work_order.returned",
        "case.routed",
        "work_order.dispatched",
    ]
    again = (await bench.event_data(case.case_code, WorkOrderDispatched))[-1]
    assert (again["unit"], again["reached_by"], again["returns"]) == (OTHER, "liaison", 1)
    by_person = (await bench.event_data(case.case_code, CaseRouted))[-1]
    assert (by_person["by"], by_person["reason"]) == ("person", "由调度员派单。")


async def test_the_second_return_waits_marked_and_its_ground_is_for_the_centre_only(bench: Bench) -> None:
    case = await bench.case_arrives()
    await bench.returns(await bench.lead(case.case_id))
    await bench.sends_on(case.case_code, OTHER)
    await bench.returns(await bench.lead(case.case_id))
    (waiting,) = (await list_triage(bench.work, ListTriage(actor=DISPATCHER), now=bench.now)).cases
    assert waiting.returns == 2
    assert waiting.reason.startswith("公安分局退单")
    assert "轮值主任" in waiting.reason
    assert waiting.ground == "三定方案未列此项职责"
    (seen_by_unit,) = (await list_triage(bench.work, ListTriage(actor=staff_of(OTHER)), now=bench.now)).cases
    assert seen_by_unit.ground is None
    assert (waiting.desk, waiting.returned_by) == ("duty_director", (LEAD, OTHER))
    with pytest.raises(DirectorDecides):
        await bench.sends_on(case.case_code, LEAD, by=DIRECTOR)
    assert (await bench.designates(case.case_code, LEAD)).unit == LEAD


async def test_a_report_that_does_not_hold_in_the_field_reopens_the_same_work_order(bench: Bench) -> None:
    case = await bench.case_arrives()
    order = await bench.lead(case.case_id)
    await bench.signs_off(order)
    await bench.reports(order)
    await bench.hears(verified(order, bench))
    again = await bench.lead(case.case_id)
    assert (again.work_order_id, again.round, again.state) == (order.work_order_id, 2, WorkOrderState.HANDLING)
    (told,) = await bench.event_data(case.case_code, WorkOrderReopened)
    assert (told["cause"], told["round"], told["unit"]) == ("not_verified", 2, LEAD)
    await bench.reports(again)
    assert await bench.count("work_order_report") == 2, "what was reported before stays"


@pytest.mark.parametrize("outcome", list(VerificationOutcome))
async def test_only_solved_leaves_the_work_order_reported(bench: Bench, outcome: VerificationOutcome) -> None:
    case = await bench.case_arrives()
    order = await bench.lead(case.case_id)
    await bench.signs_off(order)
    await bench.reports(order)
    await bench.hears(verified(order, bench, outcome))
    expected = WorkOrderState.REPORTED_BACK if outcome is VerificationOutcome.SOLVED else WorkOrderState.HANDLING
    assert (await bench.lead(case.case_id)).state == expected


async def test_a_verification_of_an_earlier_round_or_of_a_closed_case_is_old_news(bench: Bench) -> None:
    event = accepted()
    case = await bench.case_arrives(event)
    order = await bench.lead(case.case_id)
    await bench.signs_off(order)
    await bench.reports(order)
    await bench.hears(verified(order, bench, round_=7))
    assert (await bench.lead(case.case_id)).state == WorkOrderState.REPORTED_BACK
    await bench.hears(closed(event, bench))
    await bench.hears(verified(order, bench))
    assert (await bench.lead(case.case_id)).state == WorkOrderState.REPORTED_BACK
    assert "work_order.reopened" not in await bench.events(case.case_code)


async def test_a_dissatisfied_requester_brings_the_work_order_back_to_the_unit(bench: Bench) -> None:
    event = accepted()
    case = await bench.case_arrives(event)
    order = await bench.lead(case.case_id)
    await bench.signs_off(order)
    await bench.reports(order)
    await bench.hears(reopened(event, bench))
    (told,) = await bench.event_data(case.case_code, WorkOrderReopened)
    assert (told["cause"], told["round"]) == ("dissatisfied", 2)
    assert (await bench.lead(case.case_id)).state == WorkOrderState.HANDLING


async def test_a_command_repeated_under_its_key_is_done_once(bench: Bench) -> None:
    case = await bench.case_arrives(accepted(category=None))
    command = redispatch(case.case_code, OTHER)
    sent = await redispatch_case(bench.work, command, now=bench.now)
    with pytest.raises(AlreadyHandled) as repeated:
        await redispatch_case(bench.work, command, now=bench.now)
    assert repeated.value.answer == sent.model_dump(mode="json")
    with pytest.raises(IdempotencyKeyReused):
        await redispatch_case(bench.work, command.model_copy(update={"unit": LEAD}), now=bench.now)
    assert await bench.count("work_order") == 1


async def test_two_dispatchers_at_once_send_a_case_to_one_unit(bench: Bench) -> None:
    case = await bench.case_arrives(accepted(category=None))
    sends = (bench.sends_on(case.case_code, OTHER), bench.sends_on(case.case_code, LEAD))
    outcomes = await asyncio.gather(*sends, return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["CaseNotInTriage", "WorkOrderSent"]
    assert len([order for order in await bench.orders(case.case_id) if order.open]) == 1


async def test_a_return_and_a_closure_at_once_end_in_one_of_the_two(bench: Bench) -> None:
    event = accepted()
    case = await bench.case_arrives(event)
    order = await bench.lead(case.case_id)
    await asyncio.gather(bench.returns(order), bench.hears(closed(event, bench)), return_exceptions=True)
    assert (await bench.case(case.case_id)).state == CaseState.CLOSED
    assert not [one for one in await bench.orders(case.case_id) if one.open]


async def test_what_does_not_exist_is_refused_by_name(bench: Bench) -> None:
    nowhere = SignOffWorkOrder(actor=staff_of(LEAD), idempotency_key="k", work_order_id=uuid4())
    with pytest.raises(NotFound) as refused:
        await sign_off_work_order(bench.work, nowhere, now=bench.now)
    assert refused.value.field == "work_order_id"
    with pytest.raises(CaseUnknown, match="not accepted yet"):
        await bench.sends_on(case_code(2026, 9_000_001), OTHER)


async def test_open_work_orders_are_listed_oldest_first_and_by_unit(bench: Bench) -> None:
    first = await bench.case_arrives()
    bench.passes(minutes=1)
    second = await bench.case_arrives(accepted("environment.noise.social"))
    bench.passes(minutes=1)
    done = await bench.case_arrives()
    order = await bench.lead(done.case_id)
    await bench.signs_off(order)
    await bench.reports(order)
    reader = Actor(staff="room.1", role=Role.COMMAND_ROOM)

    async def codes(**wanted: object) -> list[str]:
        request = ListWorkOrders.model_validate({"actor": reader, **wanted})
        return [one.case_code for one in (await list_work_orders(bench.work, request, now=bench.now)).work_orders]

    assert await codes() == [first.case_code, second.case_code]
    assert await codes(unit=OTHER) == [second.case_code]
    assert await codes(state="reported_back") == [done.case_code]
    assert await codes(limit=1) == [first.case_code]


async def test_no_free_word_of_anybody_is_in_an_event(bench: Bench) -> None:
    case = await bench.case_arrives()
    await bench.returns(await bench.lead(case.case_id))
    await bench.sends_on(case.case_code, OTHER)
    order = await bench.lead(case.case_id)
    await bench.signs_off(order)
    await bench.reports(order)
    async with bench.work.read() as session:
        record = str((await session.scalars(sa.text("select envelope::text from dispatch.event"))).all())
        kept = str((await session.execute(sa.text("select * from dispatch.work_order"))).all())
        kept += str((await session.execute(sa.text("select * from dispatch.work_order_report"))).all())
    for words in ("三定方案", "按职责改派", "工资已结清"):
        assert words not in record
        assert words in kept


async def test_running_cases_keep_the_pack_they_began_with(bench: Bench) -> None:
    event = accepted()
    old = quanzhou()
    lone = old.model_copy(update={"rules": tuple(rule for rule in old.rules if rule.id != "labour")})
    async with bench.work.begin() as tx:
        content = lone.model_dump(mode="json")
        await bench.work.packs.store(tx.session, name=lone.name, version=lone.version, content=content, at=bench.now)
    assert (await bench.case_arrives(event)).owner == LEAD
    newer = await bench.case_arrives(accepted(pack_version=lone.version))
    assert newer.owner == "luoyang", "the newer pack has only the territorial fallback for it"
    assert isinstance(newer, RoutedCase)
    with pytest.raises(CaseNotInTriage):
        await bench.sends_on(newer.case_code, OTHER)
