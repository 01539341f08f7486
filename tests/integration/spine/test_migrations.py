"""Every migration can be applied, undone and applied again, and ends in just what the models say."""

from importlib import import_module
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

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
