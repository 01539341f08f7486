"""The whistle: each unit answers for itself inside 20 minutes, and who did not come is on record."""

import pytest

from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import ApproveSummons, SummonsStarted
from shared.errors import RemoteRefusal
from tests.support.centre import CentreUnderTest, key

pytestmark = pytest.mark.servers


@pytest.fixture
def units(centre: CentreUnderTest) -> tuple[str, str, str]:
    chosen = [unit.code for unit in centre.pack.units if unit.presence == "rotating"][:3]
    return chosen[0], chosen[1], chosen[2]


async def test_a_summons_with_one_unit_silent(centre: CentreUnderTest, units: tuple[str, str, str]) -> None:
    quick, late, silent = units
    receipt = await centre.window_receives(level="I")
    summons = await centre.director_summons(receipt.case_code, *units)
    await centre.commander_approves(summons)

    await centre.time_passes(minutes=2)
    await centre.unit_acknowledges(summons, quick)
    await centre.time_passes(minutes=2)  # 4: nobody else has answered: liaison again, and the lead
    called = [one for one in await centre.story(receipt.case_code) if one.type == "escalation.notice.issued"]
    leads = {one.data["unit"] for one in called if one.data["post"] == "unit_lead"}
    assert leads == {late, silent}, "an answer of one unit silences only its own ladder"

    await centre.time_passes(minutes=11)
    await centre.unit_arrives(summons, quick)
    await centre.time_passes(minutes=8)  # 23: overdue for the others
    await centre.unit_arrives(summons, late)
    view = await centre.summons(summons)
    assert {one.unit: one.state for one in view.units} == {quick: "arrived", late: "arrived", silent: "called"}

    await centre.time_passes(minutes=40)
    view = await centre.summons(summons)
    assert {one.unit: one.state for one in view.units} == {quick: "arrived", late: "arrived", silent: "not_arrived"}
    assert view.state == "incomplete"

    told = await centre.story(receipt.case_code)
    arrivals = {one.data["clock"].split(":")[-1]: one for one in told if one.data.get("stage") == "arrival"}
    assert set(arrivals) == set(units)
    fired = [one.data["clock"] for one in told if one.type == "escalation.clock.overdue"]
    assert sorted(name.split(":")[-1] for name in fired if name.startswith("arrival:")) == sorted([late, silent])
    met = {one.data["clock"].split(":")[-1]: one.data["late"] for one in told if one.type == "escalation.clock.met"}
    assert met[quick] is False
    assert met[late] is True
    posts = {one.data["post"] for one in told if one.type == "escalation.notice.issued"}
    assert {"liaison_officer", "unit_lead", "duty_director", "commander"} <= posts


async def test_who_asked_may_not_approve(centre: CentreUnderTest, units: tuple[str, str, str]) -> None:
    receipt = await centre.window_receives()
    summons = await centre.director_summons(receipt.case_code, units[0])
    same_person = Actor(staff=centre.director.staff, role=Role.DEPUTY_COMMANDER)
    with pytest.raises(RemoteRefusal) as refused:
        await centre.ask(ApproveSummons(actor=same_person, idempotency_key=key(), summons_id=summons), SummonsStarted)
    assert "approve" in refused.value.as_dict()["code"]
    assert (await centre.summons(summons)).state == "asked"


async def test_a_restart_in_the_middle_of_a_summons(centre: CentreUnderTest, units: tuple[str, str, str]) -> None:
    receipt = await centre.window_receives()
    summons = await centre.director_summons(receipt.case_code, *units)
    await centre.restarts()
    await centre.commander_approves(summons)
    await centre.time_passes(minutes=5)
    await centre.restarts()
    for unit in units[:2]:
        await centre.unit_acknowledges(summons, unit)
        await centre.unit_arrives(summons, unit)
    await centre.restarts()
    await centre.time_passes(minutes=16)
    fired = (await centre.events(receipt.case_code)).count("escalation.clock.overdue")
    assert fired == 1, "20 minutes are 20 minutes, whoever restarted"
    await centre.unit_arrives(summons, units[2])
    assert (await centre.summons(summons)).state == "assembled"
