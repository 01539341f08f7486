"""Carries out a plan of faults, one after the other, and waits each time until a case goes through again."""

import asyncio
import os
import shutil
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

from deploy.embedded.servers import EmbeddedServers
from shared.contracts.subjects import SERVICES
from tests.support.chaos.copies import Copies
from tests.support.chaos.fault_plan import SINGLE_KILLS, Fault, Kind
from tests.support.chaos.forging import Forge
from tests.support.chaos.history import History
from tests.support.chaos.kill_plan import Victim
from tests.support.chaos.killer import Killer
from tests.support.chaos.probe import Probe
from tests.support.chaos.relay_hold import relay_held
from tests.support.chaos.shared_clock import SharedClock

ONE_HOUR = timedelta(hours=1)
STOPPED_S, RUNNING_S = 0.4, 0.1
ALIVE_MAX_S = 60.0
PILE_MAX_S = 20.0
SERVER_KILLS = {Kind.KILL_NATS: Victim.NATS, Kind.KILL_POSTGRES: Victim.POSTGRES}
OUT_OF_ORDER_OF = "dispatch"  # of a case that comes in it tells twice at once: routed, dispatched


class Nemesis:
    def __init__(
        self,
        killer: Killer,
        servers: EmbeddedServers,
        copies: Copies,
        clock: SharedClock,
        history: History,
        probe: Probe,
        forge: Forge,
        *,
        database_url: str,
        burst: int,
    ) -> None:
        self._killer = killer
        self._servers = servers
        self._copies = copies
        self._clock = clock
        self._history = history
        self._probe = probe
        self._forge = forge
        self._database_url = database_url
        self._burst = burst
        self.done: list[Fault] = []
        self.calm = True
        self._strikes: dict[Kind, Callable[[Fault], Awaitable[dict[str, Any]]]] = {
            Kind.CUT_RELAY: self._cut_relay,
            Kind.FREEZE: self._freeze,
            Kind.NATS_AWAY: self._nats_away,
            Kind.POSTGRES_AWAY: self._postgres_away,
            Kind.REDELIVERY: self._redeliver,
            Kind.OUT_OF_ORDER: self._disorder,
            Kind.UNDECODABLE: self._send_undecodable,
            Kind.REFUSED: self._send_refused,
            Kind.SLOW_CONSUMER: self._slow_down,
            Kind.EMPTIED_BROKER: self._empty_broker,
            Kind.CLOCK_FORWARD: self._jump_forward,
            Kind.CLOCK_BACK: self._jump_back,
            Kind.BACKLOG: self._pile_up,
            **dict.fromkeys(SERVER_KILLS, self._kill_server),
            **{kind: self._kill_copy for kind, name in SINGLE_KILLS.items() if name in self._copies.services},
        }

    async def carry_out(self, plan: Sequence[Fault], may_strike: Callable[[int], Awaitable[bool]]) -> None:
        """Each is over, and felt no more, before the next one; `may_strike` of its number says when."""
        for fault in plan:
            while not await may_strike(fault.number):
                await asyncio.sleep(0.2)
            self.calm = False
            await self._probe.measure_before(fault)
            self._history.note("begins", number=fault.number, fault=fault.name, seconds_long=fault.seconds)
            facts = await self._strikes[fault.kind](fault)
            self._history.note("struck", number=fault.number, fault=fault.name, **facts)
            self.done.append(fault)
            await self._probe.measure(fault, began_s=asyncio.get_running_loop().time())
            self.calm = True

    # -- blows ---------------------------------------------------------------------------------------------------------

    async def _kill_copy(self, fault: Fault) -> dict[str, Any]:
        return {"pids": [await self._killer.kill_copy(SINGLE_KILLS[fault.kind], fault.lot)]}

    async def _kill_server(self, fault: Fault) -> dict[str, Any]:
        return {"pids": [await self._killer.kill_server(SERVER_KILLS[fault.kind])]}

    async def _cut_relay(self, fault: Fault) -> dict[str, Any]:
        return {"pids": await self._killer.cut_relay(fault.lot)}

    # -- what lasts ----------------------------------------------------------------------------------------------------

    async def _freeze(self, fault: Fault) -> dict[str, Any]:
        """A copy, or now and then the broker: it holds what it holds, and answers nobody."""
        copies = [copy for service in self._copies.services for copy in self._copies.living(service)]
        place = int(fault.lot * (len(copies) + 1))
        pid = copies[place].pid if place < len(copies) else self._servers.nats and self._servers.nats.pid
        assert pid is not None
        with _Stopped(pid):
            await asyncio.sleep(fault.seconds)
        return {"frozen": copies[place].name if place < len(copies) else "nats"}

    async def _slow_down(self, fault: Fault) -> dict[str, Any]:
        """All copies of one service get a fifth of the time."""
        service = self._copies.services[int(fault.lot * len(self._copies.services))]
        ends_s = asyncio.get_running_loop().time() + fault.seconds
        while asyncio.get_running_loop().time() < ends_s:
            with _Stopped(*(copy.pid for copy in self._copies.living(service))):
                await asyncio.sleep(STOPPED_S)
            await asyncio.sleep(RUNNING_S)
        return {"slow": service}

    async def _nats_away(self, fault: Fault) -> dict[str, Any]:
        return await self._away(Victim.NATS, fault.seconds)

    async def _postgres_away(self, fault: Fault) -> dict[str, Any]:
        return await self._away(Victim.POSTGRES, fault.seconds)

    async def _empty_broker(self, fault: Fault) -> dict[str, Any]:
        return await self._away(Victim.NATS, 0.0, emptied=True)

    async def _away(self, victim: Victim, seconds: float, *, emptied: bool = False) -> dict[str, Any]:
        server = self._servers.nats if victim is Victim.NATS else self._servers.postgres
        assert server is not None
        async with self._killer.nothing_restarted():
            pid = await self._killer.kill_server(victim)
            await asyncio.sleep(seconds)
            if emptied:
                await asyncio.to_thread(shutil.rmtree, server.data_dir / "jetstream")
                self._forge.forget()
        async with asyncio.timeout(ALIVE_MAX_S):
            while not server.alive():
                await asyncio.sleep(0.05)
        return {"pids": [pid]}

    # -- the broker's deliveries ---------------------------------------------------------------------------------------

    async def _redeliver(self, fault: Fault) -> dict[str, Any]:
        return {"copies": await self._forge.repeat(fault.number, fault.lot, times=fault.times)}

    async def _disorder(self, fault: Fault) -> dict[str, Any]:
        """What is recorded reaches the readers from its end to its beginning, before the relay sends it properly."""
        async with relay_held(self._database_url, OUT_OF_ORDER_OF) as holder:
            for number in range(2):
                await self._probe.enter(f"disorder/{fault.number}/{number}")
            async with asyncio.timeout(PILE_MAX_S):
                while await self._forge.longest_wait(holder, OUT_OF_ORDER_OF) < 2:
                    await asyncio.sleep(0.05)
            return {"reversed": await self._forge.send_reversed(holder, OUT_OF_ORDER_OF, fault.number)}

    async def _send_undecodable(self, fault: Fault) -> dict[str, Any]:
        await self._forge.send_undecodable(fault.number)
        return {"letters": await self._forge.until_kept()}

    async def _send_refused(self, fault: Fault) -> dict[str, Any]:
        await self._forge.send_refused(fault.number)
        return {"letters": await self._forge.until_kept()}

    async def _pile_up(self, fault: Fault) -> dict[str, Any]:
        """Nothing is published by anybody while cases come in."""
        async with AsyncExitStack() as holds:
            for service in SERVICES:
                await holds.enter_async_context(relay_held(self._database_url, service))
            ends_s = asyncio.get_running_loop().time() + fault.seconds
            for number in range(self._burst):
                await self._probe.enter(f"burst/{fault.number}/{number}")
            await asyncio.sleep(max(0.0, ends_s - asyncio.get_running_loop().time()))
        return {"cases": self._burst}

    # -- time ----------------------------------------------------------------------------------------------------------

    async def _jump_forward(self, fault: Fault) -> dict[str, Any]:
        self._clock.jump(ONE_HOUR)
        return {}

    async def _jump_back(self, fault: Fault) -> dict[str, Any]:
        self._clock.jump(-ONE_HOUR)
        return {}


class _Stopped:
    """SIGSTOP, and SIGCONT whatever happens; whoever died meanwhile needs neither."""

    def __init__(self, *pids: int) -> None:
        self._pids = pids

    def __enter__(self) -> None:
        self._send(signal.SIGSTOP)

    def __exit__(self, *_: object) -> None:
        self._send(signal.SIGCONT)

    def _send(self, what: signal.Signals) -> None:
        for pid in self._pids:
            try:
                os.kill(pid, what)
            except ProcessLookupError:
                continue
