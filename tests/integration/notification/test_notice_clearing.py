"""Old notices that ended go, with all that hangs on them; what is under way or young stays."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from services.notification.model import Settled, SummonsCall
from services.notification.operations import clear_old as module
from services.notification.operations.clear_old import clear_old, clearing
from shared.contracts.dispatch import SummonsUnitArrived
from tests.integration.notification.given import LIAISON, MONDAY, Bench, Scripted, Whistle, down, work_order

pytestmark = pytest.mark.servers
HALF_YEAR = timedelta(days=180)


async def count(bench: Bench, model: Any) -> int:
    async with bench.work.read() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


async def told(bench: Bench) -> None:
    courier = bench.with_channels(Scripted("email"))
    await bench.reaches(LIAISON, "email")
    whistle = Whistle()
    arrived = SummonsUnitArrived.model_validate({**whistle.ids(), "arrived_at": MONDAY})
    await bench.hears(whistle.called(), whistle.rung(), arrived)
    await courier.run()
    await bench.hears(Whistle().rung())
    await courier.run()


async def test_what_ended_half_a_year_ago_goes(bench: Bench) -> None:
    await told(bench)
    run = clearing(bench.work, HALF_YEAR)
    await run()
    assert (len(await bench.notices()), len(await bench.attempts())) == (2, 1)
    bench.clock.move(HALF_YEAR + timedelta(seconds=1))
    again_at = await run()
    assert again_at == bench.clock.now() + timedelta(hours=1)
    assert await bench.notices() == await bench.messages() == await bench.attempts() == []
    assert await count(bench, Settled) == await count(bench, SummonsCall) == 0
    assert await bench.events("message.sent"), "the event record stays"


async def test_what_is_not_planned_or_under_way_stays(bench: Bench) -> None:
    courier = bench.with_channels(Scripted("email", always=down))
    await bench.reaches(LIAISON, "email")
    await bench.hears(Whistle().rung())
    await courier.run()
    await bench.hears(work_order())
    assert await clear_old(bench.work, MONDAY + HALF_YEAR) == 0
    assert len(await bench.notices()) == 2


async def test_a_round_is_bounded_and_the_next_comes_at_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CLEAR_MAX", 2)
    courier = bench.with_channels()
    await bench.hears(*(work_order() for _ in range(5)))
    await courier.run()
    bench.clock.move(HALF_YEAR + timedelta(seconds=1))
    run = clearing(bench.work, HALF_YEAR)
    left = []
    for _ in range(3):
        left.append((await run(), len(await bench.notices())))
    now = bench.clock.now()
    assert left == [(now, 3), (now, 1), (now + timedelta(hours=1), 0)]


async def test_after_a_look_it_rests_an_hour_unless_the_clock_was_set_back(bench: Bench) -> None:
    run = clearing(bench.work, HALF_YEAR)
    first = await run()
    bench.clock.move(timedelta(minutes=30))
    assert await run() == first
    bench.clock.move(timedelta(hours=-2))
    assert await run() == bench.clock.now() + timedelta(hours=1)
