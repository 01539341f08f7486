"""Schemas for tests."""

from pathlib import Path

import asyncpg

from deploy.databases import with_database
from shared.infra.database import make_engine
from shared.infra.migrations import migrate
from tests.support.memory_folder import MEMORY

SERVICES = Path(__file__).parents[2] / "services"
TEMPLATE = "muster_template"
NAMES = tuple(path.parents[1].name for path in SERVICES.glob("*/migrations/0001_*.py"))


def migrations_of(name: str) -> Path:
    return SERVICES / name / "migrations"


async def migrate_all(database_url: str) -> None:
    engine = make_engine(database_url, service="tests")
    try:
        for name in NAMES:
            await migrate(engine, schema=name, folder=migrations_of(name))
    finally:
        await engine.dispose()


async def make_migrated(server_url: str, name: str) -> str:
    """A database with every service's schema: a copy of one that is migrated once for each server."""
    connection = await asyncpg.connect(server_url)
    try:
        if await connection.fetchval("select 1 from pg_database where datname = $1", TEMPLATE) is None:
            await connection.execute(f'drop database if exists "{TEMPLATE}_draft"')
            await connection.execute(f'create database "{TEMPLATE}_draft"')
            await migrate_all(with_database(server_url, f"{TEMPLATE}_draft"))
            await connection.execute(f'alter database "{TEMPLATE}_draft" rename to "{TEMPLATE}"')
        # In memory the files themselves are copied fastest; on disk that would wait for checkpoints.
        folder = str(await connection.fetchval("show data_directory"))
        strategy = "file_copy" if folder.startswith(str(MEMORY)) else "wal_log"
        await connection.execute(f'create database "{name}" template "{TEMPLATE}" strategy {strategy}')
    finally:
        await connection.close()
    return with_database(server_url, name)


async def drop_database(server_url: str, name: str) -> None:
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute(f'drop database if exists "{name}" with (force)')
    finally:
        await connection.close()
