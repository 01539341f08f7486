"""A look into the database while nobody knows what is up: tried again for as long as a fault may be felt."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (this file speaks to a library without types)

import asyncio
from typing import Any

import asyncpg

LOOK_MAX_S = 30.0
AGAIN_S = 0.2


async def connected(database_url: str) -> Any:
    """A connection. Raises TimeoutError."""
    async with asyncio.timeout(LOOK_MAX_S):
        while True:
            try:
                return await asyncpg.connect(database_url, timeout=5)
            except (OSError, asyncpg.PostgresError, TimeoutError):
                await asyncio.sleep(AGAIN_S)
