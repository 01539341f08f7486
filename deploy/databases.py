"""A centre is a database of its own: nothing of one centre can ever be read, locked or slowed by another."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import os
from urllib.parse import urlsplit, urlunsplit

import asyncpg


async def database_for(database_url: str, centre: str) -> str:
    """The centre's database on the embedded server, made at first use; an address from outside is used as it is."""
    if os.environ.get("MUSTER_DATABASE_URL"):
        return database_url
    name = f"muster_{centre}"
    connection = await asyncpg.connect(database_url, timeout=10)
    try:
        if await connection.fetchval("select 1 from pg_database where datname = $1", name) is None:
            try:
                await connection.execute(f'create database "{name}"')
            except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
                return with_database(database_url, name)
    finally:
        await connection.close()
    return with_database(database_url, name)


def with_database(database_url: str, name: str) -> str:
    return urlunsplit(urlsplit(database_url)._replace(path=f"/{name}"))
