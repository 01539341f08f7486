"""平战转换: a case open, a surge, its clock and a new one by the surge's limits, back, restored, summed up."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.embedded.running import ServerAddresses
from shared.contracts.dispatch import EndSurge, ListModePeriods, ModePeriods, ModeView, SwitchMode
from shared.contracts.escalation import ClockView
from shared.errors import RemoteRefusal
from tests.scenario.one_centre import one_centre
from tests.support.centre import CentreUnderTest, key

pytestmark = pytest.mark.servers
INSURANCE = "labour.welfare.insurance"  # no statute gives its time
HOURS_48 = timedelta(hours=48)
OWNERS = "select case_code, owner from intake.case order by 1"


@pytest.fixture
async def town(addresses: ServerAddresses, data_root: Path) -> AsyncIterator[CentreUnderTest]:
    async with one_centre(addresses, data_root) as centre:
        yield centre


async def running(town: CentreUnderTest, code: str) -> ClockView:
    (one,) = [one for one in await town.every_clock(code) if one.stage == "report_back" and one.ended_at is None]
    return one


async def test_there_and_back_again(town: CentreUnderTest) -> None:
    old = (await town.window_receives(category=INSURANCE)).case_code
    order = await town.open_order(old)
    promised = await running(town, old)
    owners = await town.fetch(OWNERS)

    now = await town.time_passes(hours=1)
    surge = SwitchMode(
        actor=town.commander,
        idempotency_key=key(),
        level="II",
        reason="台风登陆前后",
        measures=("micro-grids",),
        expected_end=now + timedelta(hours=30),
    )
    assert (await town.ask(surge, ModeView)).mode == "surge.II"
    with pytest.raises(RemoteRefusal) as refused:
        await town.ask(surge.model_copy(update={"idempotency_key": key()}), ModeView)
    assert refused.value.as_dict()["code"] == "at_this_level_already"
    await town.settle()
    changed = await running(town, old)
    assert (changed.started_at, changed.due_at) == (promised.started_at, promised.started_at + HOURS_48)

    new = (await town.window_receives(category=INSURANCE)).case_code
    fresh = await running(town, new)
    assert fresh.due_at == fresh.started_at + HOURS_48
    await town.unit_signs_off(order)
    await town.time_passes(hours=31)  # past the expected end: reminded, never ended
    notices = await town.fetch("select kind, post, unit from notification.notice where case_code is null")
    told = {(row["kind"], row["post"], row["unit"]) for row in notices}
    assert {("surge_begun", "liaison_officer", "police"), ("surge_begun", "commander", None)} <= told
    assert {("surge_late", "commander", None), ("surge_late", "duty_director", None)} <= told
    assert ("situation_report", "duty_director", None) in told

    await town.restarts()
    end = EndSurge(actor=town.commander, idempotency_key=key(), reason="险情解除")
    assert (await town.ask(end, ModeView)).mode == "normal"
    await town.settle()
    restored = await running(town, old)
    assert (restored.due_at, restored.limit) == (promised.due_at, promised.limit)
    assert (await running(town, new)).due_at == fresh.due_at
    history = await town.ask(ListModePeriods(actor=town.commander), ModePeriods)
    assert [one.mode for one in history.periods] == ["normal", "surge.II", "normal"]
    (summary,) = history.summaries
    assert (summary.figures.cases_accepted, summary.figures.work_orders, summary.figures.overdue) == (1, 1, 0)
    story = " ".join([one.type + str(one.data.get("reason")) for one in await town.story(old)])
    assert "surge_limit" in story
    assert "limit_restored" in story
    assert (await town.fetch(OWNERS))[:1] == owners, "nobody's owner is another"
