"""Every migration can be applied, undone and applied again, and ends in just what the models say."""

import asyncio
from importlib import import_module
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from deploy.databases import with_database
from deploy.embedded.running import ServerAddresses
from shared.infra import lock_spaces
from shared.infra.database import make_engine
from shared.infra.migrations import current, downgrade, migrate
from tests.support.databases import NAMES, migrations_of

pytestmark = pytest.mark.servers


def metadata_of(name: str) -> sa.MetaData:
    return import_module(f"services.{name}.model").Base.metadata


def differences(connection: sa.Connection, name: str) -> list[Any]:
    def ours(thing: str | None, kind: str, parents: Any) -> bool:
        if kind == "schema":
            return thing == name
        return not (kind == "table" and thing == "schema_version")

    context = MigrationContext.configure(
        connection,
        opts={"include_schemas": True, "include_name": ours, "compare_type": True, "version_table_schema": name},
    )
    return compare_metadata(context, metadata_of(name))


@pytest.mark.parametrize("name", NAMES)
async def test_models_and_migrations_agree(database_url: str, name: str) -> None:
    engine = make_engine(database_url, service="tests")
    try:
        async with engine.connect() as connection:
            assert await connection.run_sync(differences, name) == []
            await connection.execute(sa.text(f"alter table {name}.inbox add column stray integer"))
            assert await connection.run_sync(differences, name) != [], "the comparison must be able to fail"
    finally:
        await engine.dispose()


async def test_all_services_may_migrate_at_once(addresses: ServerAddresses) -> None:
    name = f"test_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(addresses.database_url)
    await connection.execute(f'create database "{name}"')
    engines = [make_engine(with_database(addresses.database_url, name), service="tests") for _ in NAMES * 2]
    try:
        done = await asyncio.gather(
            *(
                migrate(engine, schema=one, folder=migrations_of(one))
                for engine, one in zip(engines, NAMES * 2, strict=True)
            )
        )
        assert done.count(True) >= len(NAMES)
        for one in NAMES:
            assert await current(engines[0], one) is not None
    finally:
        for engine in engines:
            await engine.dispose()
        await connection.execute(f'drop database "{name}" with (force)')
        await connection.close()


@pytest.mark.parametrize("name", NAMES)
async def test_a_copy_of_the_old_version_that_leads_holds_no_migration_up(database_url: str, name: str) -> None:
    engine = make_engine(database_url, service="tests")
    older = await asyncpg.connect(database_url)
    try:
        for space in (lock_spaces.RELAY, lock_spaces.READING):
            assert await older.fetchval("select pg_try_advisory_lock($1, hashtext($2))", space, name)
        async with engine.connect() as connection:
            await connection.run_sync(downgrade, name, migrations_of(name), "base")
            await connection.commit()
        async with asyncio.timeout(10):
            assert await migrate(engine, schema=name, folder=migrations_of(name))
    finally:
        await older.close()
        await engine.dispose()


@pytest.mark.parametrize("name", NAMES)
async def test_a_migration_is_undone_and_applied_again(database_url: str, name: str) -> None:
    engine = make_engine(database_url, service="tests")
    try:
        assert not await migrate(engine, schema=name, folder=migrations_of(name)), "nothing is missing"
        async with engine.connect() as connection:
            await connection.run_sync(downgrade, name, migrations_of(name), "base")
            await connection.commit()
            left = await connection.scalars(
                sa.text("select table_name from information_schema.tables where table_schema = :name"), {"name": name}
            )
            assert set(left) <= {"schema_version"}
        assert await current(engine, name) is None
        assert await migrate(engine, schema=name, folder=migrations_of(name))
        async with engine.connect() as connection:
            assert await connection.run_sync(differences, name) == []
    finally:
        await engine.dispose()
