"""吹哨报到 over a real database: one approval calls all, each answers for itself, none is called twice."""

import asyncio
from uuid import UUID, uuid4

import pytest

from services.dispatch.errors.cases import CaseIsClosed, CaseUnknown, UnknownUnit
from services.dispatch.errors.summonses import SummonsDecided, SummonsOver, UnitNamedTwice, UnitSummonedAlready
from services.dispatch.operations.answers import acknowledge_summons
from services.dispatch.operations.arrivals import check_in_arrival
from services.dispatch.operations.summonses import refuse_summons, stand_down_summons
from services.dispatch.queries.summonses import list_summonses
from shared.codes import case_code
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import (
    AcknowledgeSummons,
    CheckInArrival,
    ListSummonses,
    RefuseSummons,
    StandDownSummons,
    SummonsEnded,
    SummonsUnitCalled,
    UnitSummonsState,
)
from shared.contracts.escalation import ArrivalGivenUp
from shared.contracts.intake import CaseClosed
from shared.errors import NotFound
from tests.integration.dispatch.given import Bench
from tests.unit.dispatch.given import COMMANDER, DIRECTOR, ROOM, accepted, quanzhou, staff_of

pytestmark = pytest.mark.servers
POLICE, FIRE, MARKET = "police", "fire-rescue", "market"


async def arrives(bench: Bench, summons_id: UUID, unit: str) -> None:
    command = CheckInArrival(actor=ROOM, idempotency_key=uuid4().hex, summons_id=summons_id, unit=unit)
    await check_in_arrival(bench.work, command, now=bench.now)


async def acknowledges(bench: Bench, summons_id: UUID, unit: str) -> None:
    command = AcknowledgeSummons(actor=staff_of(unit), idempotency_key=uuid4().hex, summons_id=summons_id)
    await acknowledge_summons(bench.work, command, now=bench.now)


def given_up(bench: Bench, code: str, case_id: UUID, summons_id: UUID, unit: str) -> ArrivalGivenUp:
    return ArrivalGivenUp(
        case_id=case_id,
        case_code=code,
        clock=f"arrival:{summons_id}:{unit}",
        stage="arrival",
        owes=unit,
        summons_id=summons_id,
        unit=unit,
        given_up_at=bench.now,
    )


async def outcome(bench: Bench, code: str) -> list[str]:
    return [data["outcome"] for data in await bench.event_data(code, SummonsEnded)]


async def test_one_approval_calls_every_unit_in_its_own_transaction(bench: Bench) -> None:
    case = await bench.case_arrives()
    everybody = [unit.code for unit in quanzhou().units if unit.kind != "centre"]
    summons_id = await bench.summons_is_asked(case.case_code, *everybody)
    assert await bench.event_data(case.case_code, SummonsUnitCalled) == []
    bench.passes(minutes=2)
    await bench.summons_is_approved(summons_id)
    called = await bench.event_data(case.case_code, SummonsUnitCalled)
    assert [data["unit"] for data in called] == everybody
    assert {data["pack_version"] for data in called} == {quanzhou().version}
    assert await bench.events(case.case_code) == [
        "case.routed",
        "work_order.dispatched",
        "summons.asked",
        "summons.approved",
        *["summons.unit_called"] * len(everybody),
    ]
    _, units = await bench.summons(summons_id)
    assert set(units.values()) == {UnitSummonsState.CALLED}


async def test_all_arrive_and_the_summons_is_assembled(bench: Bench) -> None:
    case = await bench.case_arrives()
    summons_id = await bench.summons_is_asked(case.case_code, POLICE, FIRE)
    await bench.summons_is_approved(summons_id)
    await acknowledges(bench, summons_id, POLICE)
    await arrives(bench, summons_id, POLICE)
    await arrives(bench, summons_id, FIRE)
    assert await outcome(bench, case.case_code) == ["assembled"]
    with pytest.raises(SummonsOver):
        await bench_stands_down(bench, summons_id)


async def bench_stands_down(bench: Bench, summons_id: UUID) -> None:
    command = StandDownSummons(actor=DIRECTOR, idempotency_key=uuid4().hex, summons_id=summons_id, reason="险情已解除")
    await stand_down_summons(bench.work, command, now=bench.now)


async def test_one_silent_unit_is_recorded_and_the_summons_ends_incomplete(bench: Bench) -> None:
    case = await bench.case_arrives()
    summons_id = await bench.summons_is_asked(case.case_code, POLICE, FIRE)
    await bench.summons_is_approved(summons_id)
    await arrives(bench, summons_id, POLICE)
    bench.passes(minutes=60)
    await bench.hears(
        given_up(bench, case.case_code, case.case_id, summons_id, POLICE),
        given_up(bench, case.case_code, case.case_id, summons_id, FIRE),
    )
    assert await outcome(bench, case.case_code) == ["incomplete"]
    _, units = await bench.summons(summons_id)
    assert units == {POLICE: UnitSummonsState.ARRIVED, FIRE: UnitSummonsState.NOT_ARRIVED}
    assert (await bench.events(case.case_code)).count("summons.unit_not_arrived") == 1
    with pytest.raises(SummonsOver, match="checked in any more"):
        await arrives(bench, summons_id, FIRE)


async def test_two_commanders_at_once_call_the_units_once(bench: Bench) -> None:
    case = await bench.case_arrives()
    summons_id = await bench.summons_is_asked(case.case_code, POLICE, FIRE)
    deputy = Actor(staff="deputy.1", role=Role.DEPUTY_COMMANDER)
    approvals = (bench.summons_is_approved(summons_id), bench.summons_is_approved(summons_id, by=deputy))
    outcomes = await asyncio.gather(*approvals, return_exceptions=True)
    assert outcomes.count("running") == 1
    (refused,) = [one for one in outcomes if isinstance(one, SummonsDecided)]
    assert "approved this summons already" in refused.message
    assert len(await bench.event_data(case.case_code, SummonsUnitCalled)) == 2


async def test_two_directors_at_once_name_a_unit_once(bench: Bench) -> None:
    case = await bench.case_arrives()
    asks = (bench.summons_is_asked(case.case_code, POLICE), bench.summons_is_asked(case.case_code, FIRE, POLICE))
    outcomes = await asyncio.gather(*asks, return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["UUID", "UnitSummonedAlready"]


async def test_a_unit_under_way_is_not_named_again_and_is_free_when_the_summons_ended(bench: Bench) -> None:
    case = await bench.case_arrives()
    summons_id = await bench.summons_is_asked(case.case_code, POLICE)
    with pytest.raises(UnitSummonedAlready) as refused:
        await bench.summons_is_asked(case.case_code, FIRE, POLICE)
    assert (refused.value.field, refused.value.facts) == ("units", {"unit": POLICE})
    other_case = await bench.case_arrives()
    await bench.summons_is_asked(other_case.case_code, POLICE)
    command = RefuseSummons(actor=COMMANDER, idempotency_key="k", summons_id=summons_id, reason="电话协调即可")
    await refuse_summons(bench.work, command, now=bench.now)
    await bench.summons_is_asked(case.case_code, FIRE, POLICE)


async def test_whom_a_summons_may_not_name(bench: Bench) -> None:
    case = await bench.case_arrives()
    with pytest.raises(UnknownUnit):
        await bench.summons_is_asked(case.case_code, POLICE, "nobody")
    with pytest.raises(UnitNamedTwice):
        await bench.summons_is_asked(case.case_code, POLICE, POLICE)
    with pytest.raises(CaseUnknown):
        await bench.summons_is_asked(case_code(2026, 9_000_002), POLICE)
    with pytest.raises(NotFound):
        await bench.summons_is_approved(uuid4())
    assert await bench.count("summons") == 0


async def test_a_case_in_triage_can_be_whistled_for(bench: Bench) -> None:
    case = await bench.case_arrives(accepted(category=None))
    await bench.summons_is_approved(await bench.summons_is_asked(case.case_code, POLICE))


async def test_a_closed_case_is_not_whistled_for_and_what_ran_for_it_is_stood_down(bench: Bench) -> None:
    case = await bench.case_arrives()
    running = await bench.summons_is_asked(case.case_code, POLICE)
    await bench.summons_is_approved(running)
    asked = await bench.summons_is_asked(case.case_code, FIRE)
    await bench.hears(
        CaseClosed(case_id=case.case_id, case_code=case.case_code, outcome="solved", round=1, closed_at=bench.now)
    )
    assert await outcome(bench, case.case_code) == ["stood_down", "stood_down"]
    with pytest.raises(SummonsOver):
        await bench.summons_is_approved(asked)
    with pytest.raises(CaseIsClosed):
        await bench.summons_is_asked(case.case_code, MARKET)
    assert (await bench.events(case.case_code)).count("summons.unit_not_arrived") == 0


async def test_the_list_shows_running_ones_or_all_and_the_asker_s_words_to_the_centre_only(bench: Bench) -> None:
    case = await bench.case_arrives()
    summons_id = await bench.summons_is_asked(case.case_code, POLICE, FIRE)
    await bench.summons_is_approved(summons_id)
    (shown,) = (await list_summonses(bench.work, ListSummonses(actor=COMMANDER), now=bench.now)).summonses
    assert (shown.state, shown.asked_by, shown.approved_by) == ("running", DIRECTOR.staff, COMMANDER.staff)
    assert [unit.unit for unit in shown.units] == [POLICE, FIRE]
    assert shown.reason == "现场人数较多，需联动处置"
    (seen_by_unit,) = (await list_summonses(bench.work, ListSummonses(actor=staff_of(FIRE)), now=bench.now)).summonses
    assert seen_by_unit.reason is None
    await bench_stands_down(bench, summons_id)
    assert (await list_summonses(bench.work, ListSummonses(actor=COMMANDER), now=bench.now)).summonses == ()
    every = ListSummonses(actor=COMMANDER, only_running=False)
    (ended,) = (await list_summonses(bench.work, every, now=bench.now)).summonses
    assert {unit.state for unit in ended.units} == {UnitSummonsState.STOOD_DOWN}
