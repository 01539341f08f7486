"""Which copy of a service reads: one at a time, so that events are applied in the order in which they come.

Copies that read side by side are right as well, as the inbox applies each event once and in turn. But each would be
handed what must wait for an event in another's hands, put it back, and get it again: of two copies a case took several
times as long as of one. So who leads (an advisory lock) reads, and the others stand by.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (this file speaks to a library without types)

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal

import asyncpg

from shared.infra import lock_spaces
from shared.infra.database import lease
from shared.infra.logs import get_log

LEASE_S = 5.0
"""Whoever leads and gives no sign of life for so long is taken for dead by the database: a process may stand still."""

WORD_S = 1.0
TRY_S = 0.5
CANNOT_S = 10.0
TROUBLES = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)


class Leading:
    def __init__(self, database_url: str, *, service: str, is_able: Callable[[], bool] = lambda: True) -> None:
        """`is_able`: whether this copy could read at all. Who could not for the time of the lease gives the lead up."""
        self._database_url = database_url
        self._service = service
        self._is_able = is_able
        self._stopping = asyncio.Event()
        self._leads = asyncio.Event()
        self._heard_s = time.monotonic()
        self._log = get_log("leading")

    @property
    def leads(self) -> bool:
        return self._leads.is_set()

    @property
    def state(self) -> Literal["leads", "stands by", "cannot"]:
        """`cannot`: nothing was heard of the database for some time, though others may hear of it."""
        if self.leads:
            return "leads"
        return "stands by" if time.monotonic() - self._heard_s < CANNOT_S else "cannot"

    async def leads_within(self, seconds: float) -> bool:
        """Waits for it so long. While the database is away nobody leads: there is nothing to apply events to."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._leads.wait(), seconds)
        return self.leads

    async def stop(self) -> None:
        """Gives the lead up at once."""
        self._leads.clear()
        self._stopping.set()

    async def run(self) -> None:
        """Runs until stopped; every trouble is logged and tried again."""
        while not self._stopping.is_set():
            try:
                await self._lead()
            except TROUBLES as trouble:
                self._log.warning("no lead", service=self._service, trouble=type(trouble).__name__)
            except Exception as bug:  # noqa: BLE001 - a service that never reads again would be silence for ever
                self._log.exception("leading failed", service=self._service, trouble=type(bug).__name__)
            await self._pause(TRY_S)

    async def _lead(self) -> None:
        settings = lease("reading", service=self._service, seconds=LEASE_S)
        connection: Any = await asyncpg.connect(
            self._database_url, timeout=5, command_timeout=LEASE_S, server_settings=settings
        )
        try:
            while not (self._is_able() and await self._takes_the_lead(connection)):
                await self._pause(TRY_S)
                if self._stopping.is_set():
                    return
                await self._gives_a_word(connection)
            await self._hold(connection)
        finally:
            self._leads.clear()
            with suppress(*TROUBLES):
                await connection.close(timeout=2)

    async def _hold(self, connection: Any) -> None:
        self._leads.set()
        self._log.info("reads", service=self._service)
        able_s = time.monotonic()
        while not self._stopping.is_set() and time.monotonic() - able_s < LEASE_S:
            await self._gives_a_word(connection)
            await self._pause(WORD_S)
            if self._is_able():
                able_s = time.monotonic()

    async def _takes_the_lead(self, connection: Any) -> bool:
        ask = "select pg_try_advisory_lock($1, hashtext($2))"
        return await connection.fetchval(ask, lock_spaces.READING, self._service)

    async def _gives_a_word(self, connection: Any) -> None:
        await connection.execute("select")
        self._heard_s = time.monotonic()

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
