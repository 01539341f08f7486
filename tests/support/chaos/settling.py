"""Whether everything recorded has been published and applied, and everything due has been done."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (this file speaks to a library without types)

import asyncio
from collections.abc import Collection
from datetime import datetime
from typing import Any

import asyncpg
import nats.errors
import nats.js.errors
from nats.aio.client import Client

from shared.clock import Clock
from shared.contracts.subjects import SERVICES
from shared.infra.messaging import is_caught_up

AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, nats.errors.Error, nats.js.errors.Error)
POLL_S = 0.1
UNPUBLISHED = " + ".join(f"(select count(*) from {service}.unsent)" for service in SERVICES)
WORK_LEFT = """
    select (select count(*) from escalation.clock where next_at <= $1)
         + (select count(*) from notification.notice where planned_at is null)
         + (select count(*) from notification.message where state = 'pending' and next_try_at <= $1)
         + (select count(*) from notification.message where state = 'sending')"""


class Settling:
    """Looks from outside, as services live in processes of their own. `client` is the broker administrator's."""

    def __init__(
        self, database_url: str, client: Client, centre: str, clock: Clock, readers: Collection[str] = SERVICES
    ) -> None:
        self._readers = readers
        self._database_url = database_url
        self._client = client
        self._centre = centre
        self._clock = clock

    async def is_quiet(self) -> bool:
        """Nothing is on its way between services. False where that cannot be seen just now."""
        return await self._left(f"select {UNPUBLISHED}") == 0 and await self._is_applied()

    async def settle(self, *, timeout_s: float) -> None:
        """Until nothing is left to do by now. Raises TimeoutError; meant for a clock that stands."""
        async with asyncio.timeout(timeout_s):
            calm = 0
            while calm < 2:  # twice: between two looks an applied event may have led to a new one
                calm = calm + 1 if await self._is_settled() else 0
                await asyncio.sleep(POLL_S)

    async def _is_settled(self) -> bool:
        return await self._left(WORK_LEFT, self._clock.now()) == 0 and await self.is_quiet()

    async def _is_applied(self) -> bool:
        try:
            return all([await is_caught_up(self._client, service, self._centre) for service in self._readers])
        except AWAY:
            return False

    async def _left(self, query: str, *arguments: datetime) -> int | None:
        try:
            connection: Any = await asyncpg.connect(self._database_url, timeout=2)
        except AWAY:
            return None
        try:
            return await connection.fetchval(query, *arguments)
        except AWAY:
            return None
        finally:
            connection.terminate()
