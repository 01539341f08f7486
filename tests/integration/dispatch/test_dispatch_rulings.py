"""Not ours: the duty director's designation over a real database, and what it is a precedent for."""

import asyncio

import pytest
import sqlalchemy as sa

from services.dispatch.errors.cases import CaseUnknown
from services.dispatch.errors.handing import DesignatedNotReturnable
from services.dispatch.policy.cases import CaseState
from services.dispatch.queries.cases import list_triage
from services.dispatch.queries.routes import explain_route
from services.dispatch.queries.rulings import list_rulings
from shared.codes import case_code
from shared.contracts.actors import Actor
from shared.contracts.dispatch import (
    CaseDesignated,
    ExplainRoute,
    ListRulings,
    ListTriage,
    RouteExplained,
    WorkOrderDispatched,
)
from tests.integration.dispatch.given import Bench
from tests.unit.dispatch.given import (
    DESK,
    DISPATCHER,
    FOURTH,
    LEAD,
    OTHER,
    THIRD,
    TOWN,
    WAGES,
    accepted,
    staff_of,
)

pytestmark = pytest.mark.servers
GROUND = "区委编办职责清单第三条"


async def explained(bench: Bench, code: str, *, by: Actor = DISPATCHER) -> RouteExplained:
    return await explain_route(bench.work, ExplainRoute(actor=by, case_code=code), now=bench.now)


async def rulings(bench: Bench, **asked: object) -> list[str]:
    request = ListRulings.model_validate({"actor": DISPATCHER, **asked})
    return [one.case_code for one in (await list_rulings(bench.work, request, now=bench.now)).rulings]


async def test_a_second_return_is_designated_and_stays(bench: Bench) -> None:
    case = await bench.case_arrives()
    for unit in (OTHER, None):
        await bench.returns(await bench.lead(case.case_id))
        if unit is not None:
            await bench.sends_on(case.case_code, unit)
    ruled = await bench.designates(case.case_code, THIRD)
    order = await bench.lead(case.case_id)
    assert (order.work_order_id, order.unit, order.designated) == (ruled.work_order_id, THIRD, True)
    with pytest.raises(DesignatedNotReturnable):
        await bench.returns(order)
    (told,) = await bench.event_data(case.case_code, CaseDesignated)
    assert (told["unit"], told["instead_of"], told["ruling_id"]) == (THIRD, [LEAD, OTHER], str(ruled.ruling_id))
    assert (await bench.events(case.case_code))[-3:] == ["case.designated", "case.routed", "work_order.dispatched"]
    assert (await bench.event_data(case.case_code, WorkOrderDispatched))[-1]["designated"] is True


async def test_a_ruling_takes_the_case_from_the_unit_at_work(bench: Bench) -> None:
    case = await bench.case_arrives()
    await bench.signs_off(await bench.lead(case.case_id))
    await bench.designates(case.case_code, OTHER)
    assert (await bench.case(case.case_id)).owner == OTHER
    assert [(one.unit, one.state) for one in await bench.orders(case.case_id)] == [
        (LEAD, "withdrawn"),
        (OTHER, "dispatched"),
    ]


async def test_two_designations_at_once_leave_one_lead_and_both_on_record(bench: Bench) -> None:
    for _ in range(3):
        case = await bench.case_arrives(accepted(None))
        both = (bench.designates(case.case_code, OTHER), bench.designates(case.case_code, THIRD))
        first, second = await asyncio.gather(*both)
        held = await bench.case(case.case_id)
        assert (held.state, held.hops) == (CaseState.DISPATCHED, 2)
        assert [one.unit for one in await bench.orders(case.case_id) if one.open] == [held.owner]
        told = await bench.event_data(case.case_code, CaseDesignated)
        assert {one["ruling_id"] for one in told} == {str(first.ruling_id), str(second.ruling_id)}


async def test_a_ruling_is_a_precedent_up_and_down_the_tree_and_in_its_township(bench: Bench) -> None:
    cases = {
        "same": await bench.case_arrives(accepted(WAGES, TOWN)),
        "above, in a grid": await bench.case_arrives(accepted("labour.wages", f"{TOWN}.g01")),
        "elsewhere": await bench.case_arrives(accepted(WAGES, "350521106")),
        "beside": await bench.case_arrives(accepted("labour.injury", TOWN)),
        "unplaced": await bench.case_arrives(accepted(None, None)),
    }
    named = {case.case_code: name for name, case in cases.items()}
    for case in cases.values():
        bench.passes(minutes=1)
        await bench.designates(case.case_code, OTHER)

    async def found(**asked: object) -> list[str]:
        return [named[code] for code in await rulings(bench, **asked)]

    alike = ["above, in a grid", "same"]
    assert await found(category=WAGES, place=TOWN) == alike
    assert await found(category="labour.wages", place=f"{TOWN}.g02") == alike
    assert await found(category="labour", place=TOWN) == ["beside", *alike]
    assert await found(category=WAGES) == ["elsewhere", *alike]
    assert await found(category="labour.wage") == []
    assert await found(case_code=cases["same"].case_code) == ["same"]
    assert await found(limit=1) == ["unplaced"]
    assert len(await found()) == 5


async def test_precedents_are_shown_where_a_person_decides_and_where_a_route_is_explained(bench: Bench) -> None:
    before = [await bench.case_arrives() for _ in range(4)]
    for case in before:
        bench.passes(minutes=1)
        await bench.designates(case.case_code, OTHER)
    case = await bench.case_arrives()
    await bench.returns(await bench.lead(case.case_id))
    await bench.case_arrives(accepted(None))
    newest = [one.case_code for one in reversed(before)]
    listed = await list_triage(bench.work, ListTriage(actor=DISPATCHER), now=bench.now)
    shown = {one.case_code: [each.case_code for each in one.precedents] for one in listed.cases}
    assert shown[case.case_code] == newest[:3]
    assert sorted(len(each) for each in shown.values()) == [0, 3]
    assert [one.case_code for one in (await explained(bench, case.case_code)).precedents] == newest
    own = await explained(bench, before[0].case_code)
    assert own.precedents[0].case_code == before[0].case_code


async def test_a_route_is_explained_from_the_first_to_the_last(bench: Bench) -> None:
    case = await bench.case_arrives()
    await bench.returns(await bench.lead(case.case_id))
    await bench.sends_on(case.case_code, OTHER, FOURTH)
    await bench.designates(case.case_code, THIRD)
    why = await explained(bench, case.case_code)
    assert (why.owner, why.state, why.hops, why.proposal) == (THIRD, "dispatched", 3, None)
    told = [(one.number, one.by, one.unit, one.supporters, one.decided_by) for one in why.routings]
    assert told == [
        (1, "rule", LEAD, (), "table"),
        (2, "person", OTHER, (FOURTH,), "dispatcher:dispatcher.1"),
        (3, "designation", THIRD, (FOURTH,), "duty_director:director.1"),
    ]
    assert [one.words for one in why.routings] == [None, "按职责改派给承办单位", GROUND]
    assert (why.routings[0].rule, why.routings[0].category, why.routings[0].source) == ("labour", WAGES, "window")


async def test_words_are_for_the_centres_staff_only(bench: Bench) -> None:
    case = await bench.case_arrives()
    await bench.designates(case.case_code, OTHER)
    seen = await explained(bench, case.case_code, by=staff_of(OTHER))
    assert [one.words for one in seen.routings] == [None, None]
    assert [one.ground for one in seen.precedents] == [None]
    request = ListRulings(actor=staff_of(OTHER))
    assert [one.ground for one in (await list_rulings(bench.work, request, now=bench.now)).rulings] == [None]
    request = ListRulings(actor=DISPATCHER)
    assert [one.ground for one in (await list_rulings(bench.work, request, now=bench.now)).rulings] == [GROUND]
    async with bench.work.read() as session:
        record = str((await session.scalars(sa.text("select envelope::text from dispatch.event"))).all())
    assert GROUND not in record


async def test_triage_is_listed_by_the_desk_that_has_to_decide(bench: Bench) -> None:
    mine = await bench.case_arrives()
    await bench.returns(await bench.lead(mine.case_id), disputed=True)
    other = await bench.case_arrives(accepted(None))
    for desk, case in (("duty_director", mine), ("dispatcher", other)):
        request = ListTriage.model_validate({"actor": DISPATCHER, "desk": desk})
        listed = await list_triage(bench.work, request, now=bench.now)
        assert (listed.total, [one.case_code for one in listed.cases]) == (1, [case.case_code])
        assert (listed.cases[0].desk, (await bench.case(case.case_id)).owner) == (desk, DESK)


async def test_a_case_nobody_knows_is_not_explained(bench: Bench) -> None:
    with pytest.raises(CaseUnknown) as refused:
        await explained(bench, case_code(2026, 9_000_002))
    assert refused.value.field == "case_code"
