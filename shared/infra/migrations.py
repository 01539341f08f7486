"""Brings a service's schema to its newest version with Alembic, one service at a time across all copies.

Files are `NNNN_pre_<what>.py` (safe before the new code runs) and `NNNN_post_<what>.py` (after the old code is gone).
"""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.infra import lock_spaces
from shared.infra.database import make_engine

if TYPE_CHECKING:
    from alembic.config import Config

_ONE_AT_A_TIME = asyncio.Lock()  # Alembic keeps its context in module globals: two services of one process would mix
ENVIRONMENT = Path(__file__).parent / "alembic"


def newest(folder: Path) -> str:
    return max(path.stem.split("_", 1)[0] for path in folder.glob("[0-9]*.py"))


async def migrate(engine: AsyncEngine, *, schema: str, folder: Path) -> bool:
    """Applies what is missing. Returns False, at the price of one query, where nothing is."""
    if await current(engine, schema) == newest(folder):
        return False
    # Over years of rows a statement takes longer than any request may, and cut off it would be begun for ever.
    patient = make_engine(engine.url.render_as_string(hide_password=False), service=schema, statement_max_s=None)
    try:
        await _migrate(patient, schema, folder)
    finally:
        await patient.dispose()
    return True


async def _migrate(engine: AsyncEngine, schema: str, folder: Path) -> None:
    async with engine.connect() as connection:
        lock = sa.text("select pg_advisory_lock(:space, hashtext(:schema))")
        await connection.execute(lock, {"space": lock_spaces.MIGRATION, "schema": schema})
        await connection.execute(sa.text(f"create schema if not exists {schema}"))
        await connection.commit()
        try:
            async with _ONE_AT_A_TIME:
                await connection.run_sync(_upgrade, schema, folder)
            await connection.commit()
        finally:
            await connection.rollback()
            await connection.execute(sa.text("select pg_advisory_unlock_all()"))
            await connection.commit()


async def current(engine: AsyncEngine, schema: str) -> str | None:
    async with engine.connect() as connection:
        there = await connection.scalar(sa.text("select to_regclass(:name)"), {"name": f"{schema}.schema_version"})
        if there is None:
            return None
        return await connection.scalar(sa.text(f"select version_num from {schema}.schema_version"))  # noqa: S608


def _upgrade(connection: sa.Connection, schema: str, folder: Path, revision: str = "heads") -> None:
    from alembic import command

    command.upgrade(_configuration(connection, schema, folder), revision)


def downgrade(connection: sa.Connection, schema: str, folder: Path, revision: str) -> None:
    from alembic import command

    command.downgrade(_configuration(connection, schema, folder), revision)


def _configuration(connection: sa.Connection, schema: str, folder: Path) -> "Config":
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(ENVIRONMENT))
    configuration.set_main_option("version_locations", str(folder))
    configuration.set_main_option("path_separator", "newline")
    configuration.attributes["connection"] = connection
    configuration.attributes["schema"] = schema
    return configuration
