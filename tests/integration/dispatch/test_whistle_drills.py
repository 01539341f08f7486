"""演练 end to end: asked, approved, answered or not, measured, and never mistaken for a summons."""

import asyncio

import pytest
import sqlalchemy as sa

from services.dispatch.errors.summonses import AskerMayNotApprove, NotADrill, UnitBusyForDrill
from services.dispatch.operations.drills import ask_drill
from services.dispatch.queries.drills import read_drill
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import ReadDrill, SummonsEnded, SummonsUnitCalled
from tests.integration.dispatch.given import Bench
from tests.integration.dispatch.given_whistle import drill_asked, whistle_blown
from tests.unit.dispatch.given import DIRECTOR
from tests.unit.dispatch.given_summonses import FIRE, MARKET, POLICE, answer_link, drill

pytestmark = pytest.mark.servers


async def test_a_drill_measures_who_would_have_come(bench: Bench) -> None:
    exercise = await (await drill_asked(bench, POLICE, FIRE, MARKET)).approved()
    bench.passes(seconds=2)
    for unit in (POLICE, FIRE):
        await exercise.notice_leaves(unit)
    bench.passes(seconds=88)
    await exercise.acknowledges(POLICE)
    bench.passes(minutes=25)
    await exercise.sets_out(FIRE)
    bench.passes(minutes=40)
    await exercise.is_given_up(MARKET)
    await exercise.is_given_up(POLICE)
    result = await exercise.measured()
    assert (result.state, result.answered, result.would_have_come) == ("incomplete", 2, 1)
    measured = {one.unit: (one.notified_after_s, one.answered_after_s, one.would_have_come) for one in result.units}
    assert measured == {POLICE: (2.0, 90.0, True), FIRE: (2.0, 1_590.0, False), MARKET: (None, None, False)}
    called = await bench.event_data("drill", SummonsUnitCalled)
    assert {(one["drill"], one["case_id"]) for one in called} == {(True, str(exercise.id))}
    assert [one["outcome"] for one in await bench.event_data("drill", SummonsEnded)] == ["incomplete"]


async def test_a_drill_ends_when_all_have_answered_whatever_they_said(bench: Bench) -> None:
    exercise = await (await drill_asked(bench, POLICE, FIRE, MARKET)).approved()
    await exercise.cannot_come(POLICE)
    await exercise.opens(answer_link(exercise.id, FIRE))
    await exercise.gives_code(MARKET, await exercise.code_on_the_wall())
    await exercise.notice_leaves(POLICE)
    result = await exercise.measured()
    assert (result.state, result.answered, result.would_have_come) == ("assembled", 3, 2)
    assert [unit.would_have_come for unit in result.units] == [False, True, True]
    assert result.units[0].notified_after_s == 0.0, "a receipt that comes late is measured all the same"


async def test_a_drill_is_approved_by_another_like_any_summons(bench: Bench) -> None:
    exercise = await drill_asked(bench, POLICE)
    with pytest.raises(AskerMayNotApprove):
        await bench.summons_is_approved(exercise.id, by=Actor(staff=DIRECTOR.staff, role=Role.COMMANDER))
    await exercise.is_stood_down()
    assert (await exercise.measured()).state == "stood_down"


async def test_a_drill_is_marked_where_summonses_are_listed(bench: Bench) -> None:
    real = await whistle_blown(bench, POLICE)
    exercise = await (await drill_asked(bench, FIRE)).approved()
    assert ((await real.view()).drill, (await exercise.view()).drill) == (False, True)
    assert (await exercise.view()).case_code == "drill"
    with pytest.raises(NotADrill):
        await read_drill(bench.work, ReadDrill(actor=DIRECTOR, summons_id=real.id), now=bench.now)


async def test_who_is_really_called_is_not_drilled_and_a_drill_stops_no_whistle(bench: Bench) -> None:
    real = await whistle_blown(bench, POLICE)
    with pytest.raises(UnitBusyForDrill) as refused:
        await drill_asked(bench, FIRE, POLICE)
    assert (refused.value.field, refused.value.facts) == ("units", {"unit": POLICE})
    await real.is_stood_down()
    exercise = await (await drill_asked(bench, FIRE, POLICE)).approved()
    again = await whistle_blown(bench, POLICE)
    await again.arrives(POLICE)
    assert await exercise.states() == {FIRE: "called", POLICE: "called"}


async def test_two_drills_asked_at_once_drill_a_unit_once(bench: Bench) -> None:
    asks = (ask_drill(bench.work, drill(POLICE, FIRE), now=bench.now) for _ in range(2))
    outcomes = await asyncio.gather(*asks, return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["SummonsStarted", "UnitBusyForDrill"]


@pytest.mark.parametrize(
    ("plant", "says"),
    [
        ("update dispatch.summons set drill = true", "drill_has_no_case"),
        ("update dispatch.summons set case_id = null", "drill_has_no_case"),
        ("update dispatch.summons set room_code = '12345'", "room_code_is_six_digits"),
        ("update dispatch.called_unit set state = 'substitute_sent'", "called_unit_substitute"),
        ("update dispatch.called_unit set checked_in = 'itself'", "called_unit_checked_in"),
        ("update dispatch.called_unit set arrived_at = called_at - interval '1 s'", "not_before_the_whistle"),
    ],
)
async def test_the_database_itself_refuses_what_cannot_be(bench: Bench, plant: str, says: str) -> None:
    await whistle_blown(bench, POLICE)
    with pytest.raises(sa.exc.IntegrityError, match=says):
        await _run(bench, plant)


async def _run(bench: Bench, statement: str) -> None:
    async with bench.work.begin() as tx:
        changed = await tx.session.execute(sa.text(statement))
        assert changed.rowcount, "the plant changed nothing: the test would test nothing"  # type: ignore[attr-defined]
