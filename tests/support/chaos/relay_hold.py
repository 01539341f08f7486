"""Keeps a service's events from being published for a while: the relay's lock is taken away and held."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (this file speaks to a library without types)

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from shared.infra.lock_spaces import RELAY
from tests.support.chaos.looking import connected

WAITS = "select exists (select from pg_locks where locktype = 'advisory' and not granted and pid = $1)"
CUT = """
    select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and granted and classid = $1 and objid = (hashtext($2)::bigint & 4294967295)::oid
      and database = (select oid from pg_database where datname = current_database())"""
HELD_MAX_S = 30.0


@asynccontextmanager
async def relay_held(database_url: str, service: str) -> AsyncGenerator[Any]:
    """Yields the connection that holds it. First in the queue, then the leader is cut: nobody comes in between."""
    async with asyncio.timeout(HELD_MAX_S):
        holder, cutter = await connected(database_url), await connected(database_url)
        lock = asyncio.create_task(holder.execute("select pg_advisory_lock($1, hashtext($2))", RELAY, service))
        while not lock.done():
            if await cutter.fetchval(WAITS, holder.get_server_pid()):
                await cutter.execute(CUT, RELAY, service)
            await asyncio.sleep(0.02)
        await lock
    cutter.terminate()
    try:
        yield holder
    finally:
        holder.terminate()
