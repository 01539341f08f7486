"""Rosters changed by two at once: one after the other, and never both of what contradicts."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from services.dispatch.operations.duty_gaps import find_duty_gaps
from shared.contracts.dispatch import DutyGapFound
from shared.errors import Refused
from tests.integration.dispatch.given import Bench
from tests.integration.dispatch.test_duty_rosters import UNITS, local, overrides, posts, rota, sets, who

pytestmark = pytest.mark.servers


async def test_two_who_set_a_new_roster_at_once(bench: Bench) -> None:
    await asyncio.gather(*(sets(bench, rota(title=f"轮值主任 {number}")) for number in range(4)))
    assert await bench.events("roster:director") == ["roster.changed"] * 4
    async with bench.work.read() as session:
        query = "select count(*) from dispatch.roster_version where in_force_until is null"
        assert await session.scalar(sa.text(query)) == 1
    assert posts(await who(bench))[0] == f"{UNITS[0]}.director"


async def test_of_two_replacements_at_once_one_is_refused(bench: Bench) -> None:
    await sets(bench, rota())
    primary = f"{UNITS[0]}.director"
    done = await asyncio.gather(
        *(
            overrides(bench, action="replace", staff=f"police.{name}", instead_of=primary, ends_at=local(25, 8))
            for name in "abc"
        ),
        return_exceptions=True,
    )
    assert sorted(each.code for each in done if isinstance(each, Refused)) == ["overrides_contradict"] * 2
    assert await bench.count("roster_override") == 1


async def test_two_sweeps_at_once_tell_a_gap_once(bench: Bench) -> None:
    ending = tuple(
        rotation.model_copy(update={"ends_on": bench.now.date() + timedelta(days=2)}) for rotation in rota().rotations
    )
    await sets(bench, rota(rotations=ending))
    await asyncio.gather(*(find_duty_gaps(bench.work) for _ in range(4)))
    assert len(await bench.event_data("duty:director", DutyGapFound)) == 1


async def test_an_override_that_fails_leaves_nothing_behind(bench: Bench) -> None:
    await sets(bench, rota())
    with pytest.raises(Refused):
        await overrides(bench, action="remove", staff="market.director", ends_at=local(25, 8))
    assert await bench.count("roster_override") == 0
    assert await bench.events("roster:director") == ["roster.changed"]
