"""Which copy of a service reads: one at a time, so that events are applied in the order in which they come.

Copies that read side by side are right as well, as the inbox applies each event once and in turn. But each would be
handed what must wait for an event in another's hands, put it back, and get it again: of two copies a case took several
times as long as of one. So who leads (an advisory lock) reads, and the others stand by.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (this file speaks to a library without types)

import asyncio
from contextlib import suppress
from typing import Any

import asyncpg

from shared.infra.logs import get_log

LEASE_S = 5.0
"""Whoever leads and says nothing for so long is taken for dead by the database: a process may stand still."""

WORD_S = 1.0
TRY_S = 0.5
LOCK_SPACE = 7002
TROUBLES = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)


class Leading:
    def __init__(self, database_url: str, *, service: str) -> None:
        self._database_url = database_url
        self._service = service
        self._stopping = asyncio.Event()
        self._leads = asyncio.Event()
        self._log = get_log("leading")

    @property
    def leads(self) -> bool:
        return self._leads.is_set()

    async def wait(self) -> None:
        """Until this copy leads. While the database is away nobody does, and there is nothing to apply events to."""
        await self._leads.wait()

    async def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Runs until stopped; every trouble is logged and tried again."""
        while not self._stopping.is_set():
            try:
                await self._lead()
            except TROUBLES as trouble:
                self._log.warning("lead lost", service=self._service, trouble=type(trouble).__name__)
                await self._pause(TRY_S)
            finally:
                self._leads.clear()

    async def _lead(self) -> None:
        settings = {"idle_session_timeout": f"{LEASE_S * 1000:.0f}"}
        connection: Any = await asyncpg.connect(
            self._database_url, timeout=5, command_timeout=LEASE_S, server_settings=settings
        )
        try:
            while not await connection.fetchval(
                "select pg_try_advisory_lock($1, hashtext($2))", LOCK_SPACE, self._service
            ):
                await self._pause(TRY_S)
                if self._stopping.is_set():
                    return
            self._leads.set()
            while not self._stopping.is_set():
                await self._pause(WORD_S)
                await connection.execute("select")
        finally:
            with suppress(*TROUBLES):
                await connection.close(timeout=2)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
