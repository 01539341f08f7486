"""The whistle's migration keeps what older rows say, on the way down and up again."""

import pytest
import sqlalchemy as sa

from shared.infra.database import make_engine
from shared.infra.migrations import downgrade, migrate
from tests.integration.dispatch.given import Bench
from tests.integration.dispatch.given_whistle import drill_asked, whistle_blown
from tests.support.databases import migrations_of
from tests.unit.dispatch.given_summonses import FIRE, MARKET, POLICE, answer_link

pytestmark = pytest.mark.servers
BEFORE = "0004"


async def rows(bench: Bench, query: str) -> list[tuple[object, ...]]:
    async with bench.work.read() as session:
        return [tuple(row) for row in await session.execute(sa.text(query))]


async def test_newer_answers_become_the_nearest_older_ones_and_drills_go(bench: Bench, database_url: str) -> None:
    whistle = await whistle_blown(bench, POLICE, FIRE, MARKET)
    await whistle.opens(answer_link(whistle.id, POLICE, "on_the_way"), arrives_in_minutes=5)
    await whistle.cannot_come(FIRE)
    await (await drill_asked(bench, "court")).approved()
    engine = make_engine(database_url, service="tests")
    try:
        async with engine.connect() as connection:
            await connection.run_sync(downgrade, "dispatch", migrations_of("dispatch"), BEFORE)
            await connection.commit()
        kept = 'select unit, state from dispatch.called_unit order by "position"'
        assert await rows(bench, kept) == [(POLICE, "acknowledged"), (FIRE, "called"), (MARKET, "called")]
        set_back = (
            "update dispatch.called_unit set acknowledged_at = called_at - interval '1 hour' where unit = 'police'"
        )
        async with engine.begin() as connection:
            await connection.execute(sa.text(set_back))
        assert await migrate(engine, schema="dispatch", folder=migrations_of("dispatch"))
    finally:
        await engine.dispose()
    assert await rows(bench, "select count(*) from dispatch.called_unit where acknowledged_at < called_at") == [(0,)]
    assert await rows(bench, "select drill from dispatch.summons") == [(False,)]
    await whistle.arrives(POLICE)
    assert (await whistle.states())[POLICE] == "arrived"
