"""The database itself keeps a promise as it was made; each guard is tried."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.escalation.model import Base, CaseFile
from shared.contracts.dispatch import SummonsUnitArrived, SummonsUnitCalled
from shared.infra.migrations import downgrade, migrate
from tests.integration.escalation.given import Bench
from tests.unit.escalation.given import UNIT, Story, at

MIGRATIONS = Path(__file__).parents[3] / "services" / "escalation" / "migrations"

pytestmark = pytest.mark.servers


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("update escalation.clock set due_at = due_at + interval '1 day'", "never edited"),
        ("update escalation.clock set started_at = started_at - interval '1 day'", "never edited"),
        ("update escalation.clock set fired_at = null, state = 'armed'", "it fired"),
        ("delete from escalation.clock", "never deleted"),
        ("update escalation.clock set state = 'met'", "clock_open_until_ended"),
        ("update escalation.clock set state = 'cancelled', ended_at = now(), next_at = null", "cancelled_with_reason"),
        ("update escalation.clock set ended_at = now(), state = 'met_late'", "clock_ended_is_silent"),
        ("update escalation.clock set state = 'asleep'", "clock_"),
        ("delete from escalation.event", "append-only"),
        ("update escalation.case_file set closed_at = now()", "case_file_closed_with_reason"),
    ],
)
async def test_refused(bench: Bench, engine: AsyncEngine, change: str, words: str) -> None:
    await bench.hears(Story().registered())
    await bench.sweep(at(20))
    with pytest.raises(DBAPIError, match=words):
        async with engine.begin() as connection:
            await connection.execute(sa.text(change))


async def test_an_ended_clock_stays_as_it_ended(bench: Bench, engine: AsyncEngine) -> None:
    story = Story()
    await bench.hears(story.registered(), story.accepted(accepted_at=at(16)))
    late = "update escalation.clock set state = 'met' where state = 'met_late'"
    with pytest.raises(DBAPIError, match="it has ended"):
        async with engine.begin() as connection:
            await connection.execute(sa.text(late))


async def test_the_model_is_what_the_migration_made(engine: AsyncEngine) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def differences(connection: sa.Connection) -> list[object]:
        options = {
            "include_schemas": True,
            "include_name": lambda name, kind, _: kind != "schema" or name == "escalation",
        }
        context = MigrationContext.configure(connection, opts={**options, "compare_type": True})
        found = compare_metadata(context, Base.metadata)
        return [one for one in found if "schema_version" not in str(one)]

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        checks = sa.text("""select conname from pg_constraint where contype = 'c'
            and connamespace = 'escalation'::regnamespace""")
        made = set((await connection.scalars(checks)).all())
    declared = {
        str(one.name)
        for table in Base.metadata.tables.values()
        for one in table.constraints
        if isinstance(one, sa.CheckConstraint)
    }
    assert made == declared


async def test_undone_and_done_again(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.run_sync(downgrade, "escalation", MIGRATIONS, "base")
        await connection.commit()
        left = sa.text(
            "select count(*) from pg_tables where schemaname = 'escalation' and tablename <> 'schema_version'"
        )
        assert await connection.scalar(left) == 0
    assert await migrate(engine, schema="escalation", folder=MIGRATIONS)
    assert not await migrate(engine, schema="escalation", folder=MIGRATIONS)


async def test_clocks_that_run_keep_their_place_through_the_change_of_their_table(
    bench: Bench, engine: AsyncEngine
) -> None:
    """Back to the first form and forth again, with a clock that runs, one that has ended, and two drills."""
    running, ended = Story(), Story()
    drills = [Story(code="drill"), Story(code="drill")]
    await bench.hears(*(story.tell(SummonsUnitCalled) for story in (running, ended, *drills)))
    await bench.hears(ended.tell(SummonsUnitArrived, arrived_at=at(1)))
    await bench.sweep(at(3))
    (before,) = await bench.rows(running)
    assert before.done == [0, 1]
    async with engine.connect() as connection:
        await connection.run_sync(downgrade, "escalation", MIGRATIONS, "0001")
        await connection.commit()
        steps = sa.text("select next_step from escalation.clock where case_id = :case")
        assert await connection.scalar(steps, {"case": running.case_id}) == 2
    assert await migrate(engine, schema="escalation", folder=MIGRATIONS)
    (after,) = await bench.rows(running)
    assert (after.done, after.next_at) == (before.done, before.next_at)
    assert (await bench.states(ended))[f"arrival:{UNIT}"] == "met"


async def test_a_case_has_one_code_and_drills_share_theirs(bench: Bench) -> None:
    story, other = Story(), Story()
    await bench.hears(*(Story(code="drill").tell(SummonsUnitCalled, drill=True) for _ in range(2)), story.registered())
    with pytest.raises(DBAPIError, match="case_file_code"):
        async with bench.work.begin() as tx:
            tx.add(CaseFile(case_id=other.case_id, case_code=story.code, joined=False, splits=0))


async def test_due_clocks_are_found_by_an_index(bench: Bench, engine: AsyncEngine) -> None:
    await bench.hears(Story().registered())
    async with engine.begin() as connection:
        await connection.execute(sa.text("set local enable_seqscan = off"))
        query = "explain select * from escalation.clock where next_at <= now() order by next_at limit 500"
        plan = "\n".join((await connection.scalars(sa.text(query))).all())
    assert "clock_next" in plan
