"""出动预案: units called by matter and level, in one act, with the why kept."""

import asyncio
from uuid import uuid4

import pytest

from services.dispatch.errors.summonses import NobodyNamed, NoPlan, UnitSummonedAlready
from services.dispatch.operations.packs import apply_centre_pack
from services.dispatch.queries.plans import plan_summons
from services.dispatch.queries.summonses import list_summonses
from shared.contracts.actors import OPERATOR
from shared.contracts.base import Level
from shared.contracts.dispatch import (
    ApplyCentrePack,
    ListSummonses,
    PlanSummons,
    SummonsAsked,
    SummonsPlan,
    SummonsUnitCalled,
)
from tests.integration.dispatch.given import Bench
from tests.integration.dispatch.given_whistle import asked_by_plan, construction_case
from tests.unit.dispatch.given import DIRECTOR, quanzhou

pytestmark = pytest.mark.servers
III = ["labour-rights", "resources-construction"]
II = ["police", "legal-aid"]
I = ["court", "finance"]  # noqa: E741 - the level's own name


async def plan(bench: Bench, code: str, level: Level | None = None) -> SummonsPlan:
    return await plan_summons(bench.work, PlanSummons(actor=DIRECTOR, case_code=code, level=level), now=bench.now)


async def test_a_dry_run_names_units_by_level_and_calls_nobody(bench: Bench) -> None:
    code = await construction_case(bench, "III")
    assert [unit.unit for unit in (await plan(bench, code)).units] == III
    raised = await plan(bench, code, "I")
    assert {unit.unit for unit in raised.units} == {*III, *II, *I}
    assert all(unit.plan.startswith("construction-wages-") and unit.why for unit in raised.units)
    assert await bench.count("summons") == 0
    with pytest.raises(NoPlan, match="at level IV") as refused:
        await plan(bench, code, "IV")
    assert refused.value.field == "level", "a dry run is not asked for with by_plan"


async def test_one_act_calls_the_plan_and_whom_the_director_names_besides(bench: Bench) -> None:
    code = await construction_case(bench, "II")
    summons_id = await asked_by_plan(bench, code, "market", "police")
    await bench.summons_is_approved(summons_id)
    called = [one["unit"] for one in await bench.event_data(code, SummonsUnitCalled)]
    assert set(called) == {"market", *III, *II}
    assert len(called) == 5
    (asked,) = await bench.event_data(code, SummonsAsked)
    assert set(asked["plans"]) == {"construction-wages-2", "construction-wages-3"}
    (shown,) = (await list_summonses(bench.work, ListSummonses(actor=DIRECTOR), now=bench.now)).summonses
    why = {unit.unit: (unit.plan, unit.why) for unit in shown.units}
    assert why["market"] == (None, None)
    assert why["police"][0] == "construction-wages-2", "named by a person, and by the plan"
    assert why["police"][1] is not None


async def test_a_level_raised_later_calls_only_whom_the_higher_one_adds(bench: Bench) -> None:
    code = await construction_case(bench, "III")
    first = await asked_by_plan(bench, code)
    dry = await plan(bench, code, "II")
    assert set(dry.already_under_way) == set(III)
    with pytest.raises(UnitSummonedAlready, match="all units of the response plans"):
        await asked_by_plan(bench, code)
    await bench.summons_is_approved(first)
    second = await asked_by_plan(bench, await construction_case(bench, "II"))
    assert set((await bench.summons(second))[1]) == {*III, *II}, "another case is called for on its own"


async def test_a_plan_that_names_nobody_is_refused_with_category_and_level(bench: Bench) -> None:
    case = await bench.case_arrives()
    with pytest.raises(NoPlan) as refused:
        await asked_by_plan(bench, case.case_code, "police")
    assert (refused.value.code, refused.value.field) == ("no_plan", "by_plan")
    assert refused.value.facts == {"category": case.category, "level": "IV"}
    with pytest.raises(NobodyNamed):
        await bench.summons_is_asked(case.case_code)
    assert await bench.count("summons") == 0


async def test_two_directors_ask_by_plan_at_once_and_call_each_unit_once(bench: Bench) -> None:
    code = await construction_case(bench, "II")
    outcomes = await asyncio.gather(asked_by_plan(bench, code), asked_by_plan(bench, code), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["UUID", "UnitSummonedAlready"]
    assert await bench.count("called_unit") == len(III) + len(II)


async def test_the_pack_of_the_approval_is_the_one_that_stays(bench: Bench) -> None:
    code = await construction_case(bench, "III")
    summons_id = await asked_by_plan(bench, code)
    await bench.summons_is_approved(summons_id)
    changed = quanzhou().model_copy(update={"title": "另一版", "response_plans": ()})
    command = ApplyCentrePack(actor=OPERATOR, idempotency_key=uuid4().hex, pack=changed.model_dump(mode="json"))
    await apply_centre_pack(bench.work, command, now=bench.now)
    summons, units = await bench.summons(summons_id)
    assert summons.pack_version == quanzhou().version
    assert set(units.values()) == {"called"}
