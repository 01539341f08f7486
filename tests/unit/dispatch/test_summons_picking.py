"""Whom a summons calls: named, planned, both; and what is refused."""

import pytest

from services.dispatch.errors.cases import UnknownUnit
from services.dispatch.errors.summonses import NobodyNamed, NoPlan, UnitNamedTwice, UnitSummonedAlready
from services.dispatch.policy.picking import Pick, pick_units, planned_units, require_named_once
from services.dispatch.policy.summoning import is_told_as_unit
from shared.centre.pack import CentrePack, ResponsePlan
from shared.centre.response import PlannedUnit
from tests.unit.dispatch.given import WAGES, quanzhou
from tests.unit.dispatch.given_summonses import FIRE, MARKET, POLICE

PLANNED = (PlannedUnit(POLICE, "p1", "现场秩序"), PlannedUnit(FIRE, "p2", "火情"))
NOBODY: frozenset[str] = frozenset()


def with_plans(*plans: ResponsePlan) -> CentrePack:
    return quanzhou().model_copy(update={"response_plans": plans})


def test_named_ones_come_first_and_the_plans_add_theirs() -> None:
    picks = pick_units((MARKET, FIRE), PLANNED, under_way=NOBODY, by_plan=True)
    assert picks == (Pick(MARKET), Pick(FIRE, "p2", "火情"), Pick(POLICE, "p1", "现场秩序"))


def test_a_plan_does_not_call_again_whom_this_case_calls_already() -> None:
    assert pick_units((), PLANNED, under_way={POLICE}, by_plan=True) == (Pick(FIRE, "p2", "火情"),)
    with pytest.raises(UnitSummonedAlready) as refused:
        pick_units((), PLANNED, under_way={POLICE, FIRE}, by_plan=True)
    assert refused.value.field == "by_plan"
    with pytest.raises(UnitSummonedAlready) as refused:
        pick_units((MARKET,), PLANNED, under_way={MARKET}, by_plan=True)
    assert (refused.value.field, refused.value.facts) == ("units", {"unit": MARKET})


def test_nobody_named_at_all() -> None:
    with pytest.raises(NobodyNamed) as refused:
        pick_units((), (), under_way=NOBODY, by_plan=False)
    assert (refused.value.code, refused.value.field) == ("nobody_named", "units")


def test_a_plan_that_names_nobody_names_the_category_and_the_level() -> None:
    pack = with_plans(ResponsePlan(id="p1", categories=(WAGES,), level="II", units=(POLICE,), why="人数多"))
    assert [each.unit for each in planned_units(pack, WAGES, "I")] == [POLICE], "additive: I calls what II calls"
    found = pack.category(WAGES)
    name = found.name if found else ""
    assert name
    with pytest.raises(NoPlan, match=rf"category {name} \({WAGES}\) at level III") as refused:
        planned_units(pack, WAGES, "III")
    assert (refused.value.code, refused.value.facts) == ("no_plan", {"category": WAGES, "level": "III"})
    with pytest.raises(NoPlan, match="without a category at level I"):
        planned_units(pack, None, "I")


def test_units_are_known_and_named_once() -> None:
    require_named_once(quanzhou(), (POLICE, FIRE))
    with pytest.raises(UnitNamedTwice):
        require_named_once(quanzhou(), (POLICE, FIRE, POLICE))
    with pytest.raises(UnknownUnit):
        require_named_once(quanzhou(), (POLICE, "nobody"))


@pytest.mark.parametrize(
    ("post", "is_own"),
    [
        ("liaison_officer", True),
        ("unit_lead", True),
        ("police.liaison", True),
        ("duty_director", False),
        ("commander", False),
        ("policeman.liaison", False),
    ],
)
def test_a_notice_to_the_director_about_a_unit_is_no_notice_to_the_unit(post: str, is_own: bool) -> None:
    assert is_told_as_unit(POLICE, post) is is_own
