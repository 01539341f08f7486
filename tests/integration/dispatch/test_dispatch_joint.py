"""联办 over a real database: one transaction, one lead, and no report while a supporter owes - also two at once."""

import asyncio
from uuid import uuid4

import pytest

from services.dispatch.errors.handing import DirectorDecides
from services.dispatch.errors.joint import NotOfThisCase, SupportersOwe
from services.dispatch.model import WorkOrder
from services.dispatch.operations.joint import insist_on_supporter, release_supporter, replace_supporter
from services.dispatch.operations.packs import apply_centre_pack
from services.dispatch.policy.cases import CaseState, WorkOrderState
from services.dispatch.queries.cases import list_triage
from services.dispatch.queries.work_orders import list_work_orders, read_results
from shared.contracts.actors import OPERATOR, Actor, Role
from shared.contracts.dispatch import (
    ApplyCentrePack,
    CaseResults,
    CaseRouted,
    ListTriage,
    ListWorkOrders,
    ReadResults,
    WorkOrderDispatched,
    WorkOrderWithdrawn,
)
from shared.contracts.intake import CaseClosed
from shared.errors import Refused
from tests.integration.dispatch.given import Bench
from tests.unit.dispatch.given import (
    DIRECTOR,
    DISPATCHER,
    FOURTH,
    LEAD,
    OTHER,
    THIRD,
    accepted,
    insisting,
    joint_pack,
    releasing,
    replacing,
    staff_of,
)

pytestmark = pytest.mark.servers


@pytest.fixture
async def bench(bare_bench: Bench) -> Bench:
    """Wage arrears are handled jointly here."""
    pack = joint_pack().model_dump(mode="json")
    await apply_centre_pack(
        bare_bench.work, ApplyCentrePack(actor=OPERATOR, idempotency_key=uuid4().hex, pack=pack), now=bare_bench.now
    )
    return bare_bench


async def joint_case(bench: Bench) -> tuple[str, WorkOrder, WorkOrder, WorkOrder]:
    case = await bench.case_arrives(accepted(pack_version=joint_pack().version))
    lead, police, market = [await bench.order(case.case_code, unit) for unit in (LEAD, OTHER, THIRD)]
    return case.case_code, lead, police, market


async def finishes(bench: Bench, order: WorkOrder) -> None:
    await bench.signs_off(order)
    await bench.reports(order)


async def test_lead_and_supporters_are_dispatched_in_one_transaction(bench: Bench) -> None:
    code, lead, police, market = await joint_case(bench)
    assert await bench.events(code) == ["case.routed", *["work_order.dispatched"] * 3]
    (routed,) = await bench.event_data(code, CaseRouted)
    assert (routed["unit"], routed["supporters"], routed["rule"]) == (LEAD, [OTHER, THIRD], "joint")
    told = await bench.event_data(code, WorkOrderDispatched)
    assert [(one["unit"], one["role"]) for one in told] == [(LEAD, "lead"), (OTHER, "support"), (THIRD, "support")]
    assert [order.role for order in (lead, police, market)] == ["lead", "support", "support"]


async def test_the_lead_waits_for_its_supporters_and_then_finishes(bench: Bench) -> None:
    _, lead, police, market = await joint_case(bench)
    await bench.signs_off(lead)
    await finishes(bench, police)
    with pytest.raises(SupportersOwe) as refused:
        await bench.reports(lead)
    assert refused.value.facts["units"] == [THIRD]
    await finishes(bench, market)
    await bench.reports(lead)
    assert (await bench.lead(lead.case_id)).state == WorkOrderState.REPORTED_BACK


async def test_a_returned_support_is_released_replaced_or_insisted_on(bench: Bench) -> None:
    code, lead, police, market = await joint_case(bench)
    await bench.returns(police)
    await bench.returns(market)
    listed = await list_triage(bench.work, ListTriage(actor=DISPATCHER), now=bench.now)
    assert (listed.total, [one.unit for one in listed.returned_support]) == (0, [OTHER, THIRD])
    first = listed.returned_support[0]
    assert (first.lead, first.desk, first.ground) == (LEAD, "dispatcher", "三定方案未列此项职责")
    await insist_on_supporter(bench.work, insisting(police), now=bench.now)
    sent = await replace_supporter(bench.work, replacing(market, FOURTH), now=bench.now)
    again = await bench.order(code, OTHER)
    assert (again.designated, again.state, sent.unit) == (True, WorkOrderState.DISPATCHED, FOURTH)
    await finishes(bench, again)
    await release_supporter(bench.work, releasing(await bench.order(code, FOURTH)), now=bench.now)
    await finishes(bench, lead)
    withdrawn = await bench.event_data(code, WorkOrderWithdrawn)
    assert [(one["unit"], one["cause"]) for one in withdrawn] == [
        (OTHER, "replaced"),
        (THIRD, "replaced"),
        (FOURTH, "released"),
    ]
    assert (await list_triage(bench.work, ListTriage(actor=DISPATCHER), now=bench.now)).returned_support == ()


async def test_the_desk_of_a_returned_support_is_asked_for_too(bench: Bench) -> None:
    _, _, police, market = await joint_case(bench)
    await bench.returns(police, disputed=True)
    await bench.returns(market)
    for desk, unit in (("duty_director", OTHER), ("dispatcher", THIRD)):
        request = ListTriage.model_validate({"actor": staff_of(LEAD), "desk": desk})
        (one,) = (await list_triage(bench.work, request, now=bench.now)).returned_support
        assert (one.unit, one.desk, one.ground) == (unit, desk, None)


async def test_a_return_after_one_that_was_decided_is_listed_for_the_director(bench: Bench) -> None:
    code, _, police, _ = await joint_case(bench)
    await bench.returns(police)
    await replace_supporter(bench.work, replacing(police, FOURTH), now=bench.now)
    await bench.returns(await bench.order(code, FOURTH))
    for desk, units in (("dispatcher", []), ("duty_director", [FOURTH])):
        request = ListTriage.model_validate({"actor": DISPATCHER, "desk": desk})
        listed = await list_triage(bench.work, request, now=bench.now)
        assert [one.unit for one in listed.returned_support] == units
    with pytest.raises(DirectorDecides):
        await release_supporter(bench.work, releasing(await bench.order(code, FOURTH)), now=bench.now)


async def test_supporters_stay_with_the_case_when_its_lead_returns(bench: Bench) -> None:
    code, lead, police, _ = await joint_case(bench)
    await bench.returns(lead)
    await finishes(bench, police)
    await bench.sends_on(code, OTHER)
    case = await bench.case(lead.case_id)
    assert (case.owner, case.state, case.hops) == (OTHER, CaseState.DISPATCHED, 2)
    open_orders = [(order.unit, order.role) for order in await bench.orders(lead.case_id) if order.open]
    assert sorted(open_orders) == [(THIRD, "support"), (OTHER, "lead")]


async def test_a_supporter_becomes_the_lead_in_one_act(bench: Bench) -> None:
    code, lead, police, _ = await joint_case(bench)
    await bench.designates(code, OTHER, LEAD)
    case = await bench.case(lead.case_id)
    assert case.owner == OTHER
    states = {order.work_order_id: order.state for order in await bench.orders(lead.case_id)}
    assert states[police.work_order_id] == states[lead.work_order_id] == WorkOrderState.WITHDRAWN
    assert (await bench.order(code, LEAD)).role == "support"


async def test_closing_ends_every_work_order(bench: Bench) -> None:
    code, lead, police, _ = await joint_case(bench)
    await bench.returns(police)
    closed = CaseClosed(case_id=lead.case_id, case_code=code, outcome="solved", round=1, closed_at=bench.now)
    await bench.hears(closed)
    assert {order.state for order in await bench.orders(lead.case_id)} == {WorkOrderState.CLOSED}


async def test_a_report_of_the_lead_and_a_new_supporter_at_once_end_in_one_of_the_two(bench: Bench) -> None:
    for _ in range(5):
        case = await bench.case_arrives(accepted("labour.welfare.union", pack_version=joint_pack().version))
        lead = await bench.lead(case.case_id)
        await bench.signs_off(lead)
        outcomes = await asyncio.gather(
            bench.reports(lead), bench.adds_supporter(case.case_code, FOURTH), return_exceptions=True
        )
        (refused,) = [one for one in outcomes if isinstance(one, BaseException)]
        assert isinstance(refused, Refused)
        assert refused.code in ("supporters_owe", "lead_not_at_work")
        orders = await bench.orders(case.case_id)
        reported = any(order.state == WorkOrderState.REPORTED_BACK for order in orders)
        assert reported == (len(orders) == 1)


async def test_two_who_add_the_same_supporter_at_once_add_one(bench: Bench) -> None:
    code, lead, _, _ = await joint_case(bench)
    adds = (bench.adds_supporter(code, FOURTH), bench.adds_supporter(code, FOURTH, by=DIRECTOR))
    outcomes = await asyncio.gather(*adds, return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["UnitHasWorkOrder", "WorkOrderSent"]
    assert len([order for order in await bench.orders(lead.case_id) if order.unit == FOURTH]) == 1


async def test_results_are_read_by_the_units_of_the_case_and_the_centre_only(bench: Bench) -> None:
    code, _, police, market = await joint_case(bench)
    await finishes(bench, police)
    await bench.returns(market)
    await release_supporter(bench.work, releasing(market), now=bench.now)

    async def read(actor: Actor) -> CaseResults:
        return await read_results(bench.work, ReadResults(actor=actor, case_code=code), now=bench.now)

    for actor in (DISPATCHER, staff_of(LEAD), staff_of(OTHER)):
        seen = await read(actor)
        assert [(one.unit, one.role, one.result) for one in seen.results] == [(OTHER, "support", "工资已结清")]
        assert seen.owing == (LEAD,)
    grid = Actor(staff="grid.1", role=Role.GRID_WORKER, grid="g01")
    for stranger in (staff_of(FOURTH), staff_of(THIRD), staff_of(None), grid):
        with pytest.raises(NotOfThisCase):
            await read(stranger)


async def test_a_unit_lists_its_own_work_and_that_of_the_cases_it_shares(bench: Bench) -> None:
    code, _, _, market = await joint_case(bench)
    other = await bench.case_arrives(accepted("consumer", pack_version=joint_pack().version))
    await bench.returns(market)

    async def seen(actor: Actor, **wanted: object) -> list[tuple[str, str, str]]:
        request = ListWorkOrders.model_validate({"actor": actor, **wanted})
        found = await list_work_orders(bench.work, request, now=bench.now)
        return [(one.case_code, one.unit, one.role) for one in found.work_orders]

    shared = [(code, LEAD, "lead"), (code, OTHER, "support")]
    assert await seen(staff_of(LEAD)) == shared
    assert await seen(staff_of(OTHER), unit=LEAD) == shared[:1]
    assert await seen(staff_of(THIRD)) == [(other.case_code, THIRD, "lead")], "what it returned is no more its case"
    assert await seen(staff_of(THIRD), state="returned") == [(code, THIRD, "support")]
    assert await seen(staff_of(FOURTH)) == await seen(staff_of(None)) == []
    assert await seen(DISPATCHER, case_code=code) == shared
    assert len(await seen(DISPATCHER)) == 3
