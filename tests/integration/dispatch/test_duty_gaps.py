"""A gap is told once, seven days ahead; filled and open again, it is told again."""

from datetime import date, timedelta

import pytest

from services.dispatch.operations.duty_gaps import find_duty_gaps
from shared.contracts.dispatch import DutyGapFound
from tests.integration.dispatch.given import Bench
from tests.integration.dispatch.test_duty_rosters import local, rota, sets

pytestmark = pytest.mark.servers


def ending(day: date | None) -> object:
    return tuple(rotation.model_copy(update={"ends_on": day}) for rotation in rota().rotations)


async def told(bench: Bench) -> list[dict[str, object]]:
    await find_duty_gaps(bench.work)
    return await bench.event_data("duty:director", DutyGapFound)


async def test_a_gap_is_told_once_when_it_comes_near(bench: Bench) -> None:
    await sets(bench, rota(rotations=ending(date(2026, 12, 6))))
    assert await told(bench) == []
    for _ in range(3):
        bench.passes(days=3)
        await told(bench)
        await told(bench)
    (gap,) = await told(bench)
    assert gap["starts_at"] == "2026-12-07T00:00:00Z"
    bench.passes(days=20)
    assert len(await told(bench)) == 1, "the gap goes on, it is not another one"


async def test_a_gap_filled_and_open_again_is_told_again(bench: Bench) -> None:
    await sets(bench, rota(rotations=ending(date(2026, 11, 26))))
    assert len(await told(bench)) == 1
    await sets(bench, rota())
    assert len(await told(bench)) == 1
    await sets(bench, rota(rotations=ending(date(2026, 11, 27))))
    assert [gap["starts_at"] for gap in await told(bench)] == ["2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z"]


async def test_the_clock_set_back_tells_nothing_twice(bench: Bench) -> None:
    await sets(bench, rota(rotations=ending(date(2026, 11, 26))))
    assert len(await told(bench)) == 1
    bench.clock.move(timedelta(hours=-1))
    assert len(await told(bench)) == 1
    bench.clock.move_to(local(26, 9))
    assert len(await told(bench)) == 1
