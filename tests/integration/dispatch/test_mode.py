"""平战转换 on record: one open period always, a history without a gap, of two commanders at once one wins."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.dispatch.errors.modes import ModeChangedMeanwhile
from services.dispatch.operations.modes import end_surge, look_after_surge, prolong_surge, switch_mode
from services.dispatch.operations.rosters import set_roster
from services.dispatch.queries.duty import who_is_responsible
from services.dispatch.queries.modes import list_mode_periods, read_mode
from shared.contracts.actors import OPERATOR, Actor
from shared.contracts.dispatch import (
    ListModePeriods,
    ModePeriods,
    ModeView,
    ReadMode,
    SetRoster,
    SituationReportDue,
    SurgeReminded,
    SurgeSummarized,
    WhoIsResponsible,
)
from shared.duty import Member, Roster, Rotation
from shared.errors import Refused
from tests.integration.dispatch.given import Bench
from tests.unit.dispatch.given import MONDAY, accepted, staff_of
from tests.unit.modes.given import COMMANDER, DAY, DEPUTY, ending, prolonging, surge_to

pytestmark = pytest.mark.servers
INSURANCE = "labour.welfare.insurance"  # no statute gives its time


async def switches(bench: Bench, level: Any = "II", **asked: Any) -> ModeView:
    asked.setdefault("until", bench.now + DAY)
    return await switch_mode(bench.work, surge_to(level, **asked), now=bench.now)


async def ends(bench: Bench) -> ModeView:
    return await end_surge(bench.work, ending(), now=bench.now)


async def history(bench: Bench, by: Actor = OPERATOR) -> ModePeriods:
    return await list_mode_periods(bench.work, ListModePeriods(actor=by), now=bench.now)


async def mode_then(bench: Bench, at: datetime) -> str:
    return (await read_mode(bench.work, ReadMode(actor=OPERATOR, at=at), now=bench.now)).mode


async def test_a_surge_from_the_first_act_to_the_summary(bench: Bench) -> None:
    assert (await read_mode(bench.work, ReadMode(actor=OPERATOR), now=bench.now)).mode == "normal"
    before = await bench.case_arrives(accepted(INSURANCE))
    begun = await switches(bench, measures=("micro-grids",))
    assert (begun.mode, begun.number, begun.measures) == ("surge.II", 2, ("micro-grids",))
    bench.passes(hours=1)
    late, quick = [await bench.case_arrives(accepted(INSURANCE)) for _ in range(2)]
    order = await bench.lead(quick.case_id)
    await bench.signs_off(order)
    await bench.reports(order)
    summons_id = await bench.summons_is_asked(late.case_code, "police", "market")
    await bench.summons_is_approved(summons_id)
    bench.passes(hours=22)
    await prolong_surge(bench.work, prolonging(bench.now + 3 * DAY), now=bench.now)
    bench.passes(hours=47)  # the 48 hours of the surge are over for what came in it, and for what it re-termed
    back = await ends(bench)
    assert (back.mode, back.number, back.expected_end) == ("normal", 3, None)
    await look_after_surge(bench.work)
    await look_after_surge(bench.work)
    (told,) = await bench.event_data("mode", SurgeSummarized)
    (summary,) = (await history(bench)).summaries
    figures = summary.figures
    assert told["figures"] == figures.model_dump(mode="json")
    assert (figures.cases_accepted, figures.cases_closed, figures.work_orders) == (3, 0, 3)
    assert (figures.summonses, figures.summoned, figures.arrived_in_time, figures.prolonged) == (1, 2, 0, 1)
    lead = (await bench.lead(before.case_id)).unit
    assert figures.overdue == 2, "the one of before and the one of the surge; not the one that was reported"
    assert {unit.unit: unit.overdue for unit in figures.units} == {lead: 2, "police": 0, "market": 0}
    assert await bench.events("mode") == ["mode.switched", "mode.prolonged", "mode.switched", "mode.summarized"]


async def test_the_words_are_for_the_centres_own_staff(bench: Bench) -> None:
    await switches(bench)
    assert (await history(bench)).periods[0].reason == "台风登陆前后"
    assert (await history(bench, by=staff_of("police"))).periods[0].reason is None


async def test_of_two_commanders_at_once_one_wins_and_the_other_is_told(bench: Bench) -> None:
    acts = [switches(bench, "II", by=COMMANDER, seen=1), switches(bench, "I", by=DEPUTY, seen=1)]
    results = await asyncio.gather(*acts, return_exceptions=True)
    (won,) = [one for one in results if isinstance(one, ModeView)]
    (told,) = [one for one in results if isinstance(one, BaseException)]
    assert isinstance(told, ModeChangedMeanwhile)
    assert told.facts["by"] == won.switched_by
    assert [one.mode for one in (await history(bench)).periods] == [won.mode, "normal"]


async def test_reminders_and_reports_come_from_rows_and_are_told_once_however_many_sweep(bench: Bench) -> None:
    await switches(bench)  # level II: reports every eight hours; reminded two hours ahead, at the end, then every two
    assert await look_after_surge(bench.work) == MONDAY + timedelta(hours=8)
    bench.clock.move_to(MONDAY + timedelta(hours=8))
    await asyncio.gather(*(look_after_surge(bench.work) for _ in range(3)))
    assert len(await bench.event_data("mode", SituationReportDue)) == 1
    for hours in (16, 22, 24, 26):
        bench.clock.move_to(MONDAY + timedelta(hours=hours))
        await asyncio.gather(*(look_after_surge(bench.work) for _ in range(2)))
    reports = await bench.event_data("mode", SituationReportDue)
    reminders = await bench.event_data("mode", SurgeReminded)
    assert [one["number"] for one in reports] == [1, 2, 3]
    assert [one["late"] for one in reminders] == [False, True, True]
    assert await mode_then(bench, bench.now) == "surge.II", "it never ends by itself"
    await ends(bench)
    bench.passes(days=3)
    assert await look_after_surge(bench.work) is None
    assert len(await bench.event_data("mode", SurgeReminded)) == len(reminders)


ACTS = st.lists(
    st.tuples(st.sampled_from(["I", "II", "III", "IV", "normal", "prolong"]), st.integers(0, 600)), max_size=12
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
async def test_the_history_has_no_gap_and_the_mode_of_every_instant_is_on_record(
    bench: Bench, acts: list[tuple[str, int]]
) -> None:
    """Whatever is asked in whatever order; `expected` is what a plain list of the acts that went through says."""
    bench.passes(seconds=1)
    start, expected = bench.now, [(bench.now, (await history(bench)).periods[0].mode)]
    for act, minutes in acts:
        bench.passes(minutes=minutes, seconds=1)
        try:
            if act == "normal":
                done = await ends(bench)
            elif act == "prolong":
                await prolong_surge(bench.work, prolonging(bench.now + 2 * DAY), now=bench.now)
                continue
            else:
                done = await switches(bench, act)
        except Refused:
            continue
        expected.append((bench.now, done.mode))
    periods = (await history(bench)).periods
    assert [one.number for one in periods if one.ended_at is None] == [periods[0].number], "one is open, always"
    for later, earlier in itertools.pairwise(periods):
        assert later.began_at == earlier.ended_at
    for at, mode in expected:
        assert await mode_then(bench, at) == mode
    assert await mode_then(bench, datetime(1950, 1, 1, tzinfo=UTC)) == "normal"
    assert await mode_then(bench, start - timedelta(seconds=1)) is not None
    if (await mode_then(bench, bench.now)) != "normal":
        await ends(bench)


@pytest.mark.parametrize(
    "planted",
    [
        "insert into dispatch.mode_period (number, mode, measures, switched_by, began_at)"
        " values (2, 'normal', '{}', 'x', now())",  # a second one beside the open one
        "update dispatch.mode_period set ended_at = now() where number = 1",  # ended, and nothing begins
        "delete from dispatch.mode_period where number = 1",
        "update dispatch.mode_period set mode = 'surge.I' where number = 1",  # a surge without its surge
        "update dispatch.mode_period set began_at = '1990-01-01Z' where number = 1",  # history rewritten
    ],
)
async def test_a_gap_or_a_second_open_period_is_refused_by_the_database(bench: Bench, planted: str) -> None:
    with pytest.raises(sa.exc.DBAPIError):
        async with bench.work.begin() as tx:
            await tx.session.execute(sa.text(planted))


async def test_in_a_surge_the_rosters_and_rules_of_the_surge_answer(bench: Bench) -> None:
    for code, staff in (("leader", "commander.1"), ("leader-surge", "deputy.1")):
        rotation = Rotation(id="p", members=(Member(staff=staff),), every="daily", starts_on=MONDAY.date())
        roster = Roster(code=code, kind="leader", title="值班领导", rotations=(rotation,))
        command = SetRoster(actor=OPERATOR, idempotency_key=uuid4().hex, roster=roster)
        await set_roster(bench.work, command, now=bench.now)

    async def leads(at: datetime) -> list[str]:
        ask = WhoIsResponsible(actor=OPERATOR, kind="leader", at=at)
        return [one.staff for one in (await who_is_responsible(bench.work, ask, now=bench.now)).on_duty]

    quiet = await bench.case_arrives(accepted("safety.fire.hazards"))
    assert len(await bench.orders(quiet.case_id)) == 1
    bench.passes(hours=1)
    await switches(bench, "II")
    began = bench.now
    assert await leads(bench.now) == ["deputy.1"]
    hurried = await bench.case_arrives(
        accepted("safety.fire.hazards").model_copy(update={"accepted_at": bench.now, "registered_at": bench.now})
    )
    orders = {order.unit: order.role for order in await bench.orders(hurried.case_id)}
    assert orders == {"fire-rescue": "lead", "enforcement-emergency": "support"}
    bench.passes(hours=1)
    await ends(bench)
    assert await leads(bench.now) == ["commander.1"]
    assert await leads(began) == ["deputy.1"], "who answered then stays on record"
