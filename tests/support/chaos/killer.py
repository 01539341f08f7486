"""Carries out a plan of kills, keeps everything running otherwise, and measures how long each blow was felt."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (this file speaks to a library without types)

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from deploy.embedded.errors import ServerUnusable
from deploy.embedded.servers import EmbeddedServers
from shared.clock import Clock
from shared.contracts.subjects import SERVICES
from shared.infra import lock_spaces
from tests.support.chaos import kill_plan
from tests.support.chaos.copies import Copies, kill
from tests.support.chaos.history import History
from tests.support.chaos.kill_plan import Kill, Victim
from tests.support.chaos.probe import Probe

LOOK_S = 0.25
KEEP_S = 0.5
AWAY_LOOKS = 1  # a dead process is started again at the second look: half a second to a second later
ALIVE_MAX_S = 30.0
CUT_RELAY = """
    select pid, pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and granted
      and classid = any($1::oid[]) and objid = (hashtext($2)::bigint & 4294967295)::oid
      and database = (select oid from pg_database where datname = current_database())"""


class Killer:
    def __init__(
        self,
        servers: EmbeddedServers,
        copies: Copies,
        clock: Clock,
        history: History,
        probe: Probe,
        *,
        database_url: str,
    ) -> None:
        self._servers = servers
        self._copies = copies
        self._clock = clock
        self._history = history
        self._probe = probe
        self._database_url = database_url
        self.done: list[Kill] = []
        self.ended = 0
        self._restarting = True

    async def keep_alive(self) -> None:
        """Until cancelled: what died is started again, the servers on the same ports, as their keepers would."""
        while True:
            await asyncio.sleep(KEEP_S)
            for copy in self._copies.restart_dead(after_looks=AWAY_LOOKS):
                self._history.note("started again", copy=copy.name, start=copy.starts)
            try:
                if self._restarting and await asyncio.to_thread(self._servers.restart_dead):
                    self._history.note("server started again")
            except (ServerUnusable, OSError) as trouble:
                self._history.note("server not started again", trouble=str(trouble))

    @asynccontextmanager
    async def nothing_restarted(self) -> AsyncGenerator[None]:
        """A server that is killed meanwhile stays away until the end."""
        self._restarting = False
        try:
            yield
        finally:
            self._restarting = True

    async def carry_out(self, plan: Sequence[Kill]) -> None:
        """Returns when the last blow was felt by nobody any more."""
        async with asyncio.TaskGroup() as probes:
            for blow in plan:
                while self._clock.now() < blow.at:
                    await asyncio.sleep(min(LOOK_S, self._clock.real_seconds(blow.at - self._clock.now())))
                began_s = asyncio.get_running_loop().time()
                for victim in blow.victims:
                    await self._hit(blow, victim)
                self.done.append(blow)
                probes.create_task(self._probe.measure(blow, began_s=began_s))

    async def _hit(self, blow: Kill, victim: Victim) -> None:
        if victim in kill_plan.SERVICES:
            pids = [await self.kill_copy(victim, blow.lot)]
        elif victim is Victim.RELAY:
            pids = await self.cut_relay(blow.lot)
        else:
            pids = [await self.kill_server(victim)]
        self._history.note("killed", number=blow.number, victim=victim.value, pids=pids)

    async def kill_copy(self, service: str, lot: float) -> int:
        """Where no copy lives at the moment, the next one that does: a blow is never lost."""
        async with asyncio.timeout(ALIVE_MAX_S):
            while not (living := self._copies.living(service)):
                await asyncio.sleep(0.05)
        self.ended += 1
        return kill(living[int(lot * len(living))])

    async def kill_server(self, victim: Victim) -> int:
        server: Any = self._servers.nats if victim is Victim.NATS else self._servers.postgres
        async with asyncio.timeout(ALIVE_MAX_S):
            while not server.alive():
                await asyncio.sleep(0.05)
        pid: int = server.pid
        self.ended += 1
        os.kill(pid, signal.SIGKILL)
        return pid

    async def cut_relay(self, lot: float) -> list[int]:
        """By which one service's relay leads, and its reading; in the order of the lot, the first that has one."""
        first = int(lot * len(SERVICES))
        async with asyncio.timeout(ALIVE_MAX_S):
            while True:
                for service in (*SERVICES[first:], *SERVICES[:first]):
                    if pids := await self._cut(service):
                        self.ended += len(pids)
                        return pids
                await asyncio.sleep(0.1)

    async def _cut(self, service: str) -> list[int]:
        try:
            connection: Any = await asyncpg.connect(self._database_url, timeout=2)
        except (OSError, asyncpg.PostgresError, TimeoutError):
            return []
        try:
            held = [lock_spaces.RELAY, lock_spaces.READING]
            return [row["pid"] for row in await connection.fetch(CUT_RELAY, held, service)]
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return []
        finally:
            connection.terminate()
