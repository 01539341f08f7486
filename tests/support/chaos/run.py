"""One run: a centre of processes at work on its cases, blows while it works, and what is on record afterwards."""

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from nats.aio.client import Client

from deploy.broker_users import nats_users
from deploy.databases import database_for
from deploy.demo.day import Progress, run_day
from deploy.demo.floor import Tally
from deploy.demo.plan import DayPlan
from deploy.demo.summary import Summary, summarise
from deploy.embedded.servers import EmbeddedServers
from deploy.packs import apply_pack, default_pack, default_pack_dir
from deploy.rosters import apply_rosters, rosters_beside
from shared.centre.pack import CentrePack
from shared.contracts.actors import OPERATOR
from shared.contracts.common import Health, ReadHealth
from shared.contracts.subjects import SERVICES
from shared.infra.asking import Asker
from shared.infra.messaging import ADMINISTRATOR, ASKER, connect, provision
from shared.vault import KeyRing
from tests.support.chaos.books import Books
from tests.support.chaos.check_clocks import fired_though_in_time
from tests.support.chaos.checker import DOUBLE, MISSED, counted, faults_in
from tests.support.chaos.copies import Copies
from tests.support.chaos.history import History
from tests.support.chaos.kill_plan import Kill
from tests.support.chaos.killer import Killer
from tests.support.chaos.place import Place
from tests.support.chaos.probe import Probe
from tests.support.chaos.reading import read_books
from tests.support.chaos.settling import Settling
from tests.support.chaos.shared_clock import SharedClock
from tests.support.chaos.witness import Witness

CENTRE = "kills"
PROBE_CATEGORY, PROBE_PLACE = "labour.wages.arrears", "350521104"
PATIENCE_S = 180.0
HEAD_START_S = 120.0
SETTLE_MAX_S = 120.0
TELL_EVERY_S = 20.0
HURRY = 4


@dataclass(frozen=True, slots=True)
class Settings:
    """`copies`: processes of each service. Instants of the plan and the kills are in the centre's own time.

    `to_the_end`: until every case is closed; else until the last blow is felt no more, with much left open.
    """

    seed: int
    plan: DayPlan
    kills: tuple[Kill, ...]
    begins: datetime
    speed: float
    copies: Mapping[str, int]
    to_the_end: bool = True

    def as_dict(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "cases": len(self.plan.cases),
            "kills": len(self.kills),
            "speed": self.speed,
            "copies": dict(self.copies),
        }


@dataclass
class Outcome:
    """What a run came to. `faults` by the name of the check that found them."""

    settings: Settings
    books: Books
    summary: Summary
    faults: dict[str, list[str]]
    history: History
    felt_s: list[tuple[Kill, float]]
    never: list[Kill]
    ended: int
    seconds: float
    simulated: timedelta
    tally: Tally
    loud: list[str]
    loads: list[float] = field(default_factory=list[float])

    @property
    def missed(self) -> int:
        return counted(self.faults, MISSED) + len(self.summary.faults()) + len(self.never)

    @property
    def double(self) -> int:
        return counted(self.faults, DOUBLE)

    def words(self) -> list[str]:
        """Everything that is wrong."""
        found = [f"{check}: {fault}" for check, faults in self.faults.items() for fault in faults]
        found += [f"books: {fault}" for fault in self.summary.faults()]
        found += [f"after blow {blow.number} ({'+'.join(blow.victims)}) no case went through" for blow in self.never]
        return found

    def as_dict(self) -> dict[str, Any]:
        books, felt = self.books, [seconds for _, seconds in self.felt_s]
        return {
            **self.settings.as_dict(),
            "processes_and_connections_ended": self.ended,
            "victims": dict(Counter(victim.value for kill in self.settings.kills for victim in kill.victims)),
            "missed": self.missed,
            "double": self.double,
            "faults": {check: len(found) for check, found in self.faults.items()},
            "cases_on_record": len(books.cases),
            "cases_by_state": dict(Counter(row.state for row in books.cases)),
            "events": len(books.events),
            "answers_checked": len(books.answered),
            "clocks": len(books.clocks),
            "clocks_fired": sum(clock.fired_at is not None for clock in books.clocks),
            "fired_though_done_in_time": len(fired_though_in_time(books)),
            "notices": len(books.notices),
            "felt_s": percentiles(felt),
            "felt_s_by_victim": self._felt_by_victim(),
            "acts_told_unavailable_to_the_end": sum(
                number for name, number in self.tally.unavailable.items() if not name.startswith("list_")
            ),
            "refused": dict(self.tally.refused),
            "error_lines": len(self.loud),
            "seconds": round(self.seconds, 1),
            "simulated_hours": round(self.simulated / timedelta(hours=1), 1),
            "load_average": {"mean": round(sum(self.loads) / len(self.loads), 1), "max": round(max(self.loads), 1)},
        }

    def _felt_by_victim(self) -> dict[str, dict[str, float]]:
        """Of blows that hit one alone."""
        by_victim: dict[str, list[float]] = {}
        for kill, seconds in self.felt_s:
            name = kill.victims[0].value if len(kill.victims) == 1 else "two at once"
            by_victim.setdefault(name, []).append(seconds)
        return {name: percentiles(values) for name, values in sorted(by_victim.items())}


def percentiles(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    cuts = quantiles(values, n=100, method="inclusive") if len(values) > 1 else [values[0]] * 99
    return {"n": len(values), "p50": round(cuts[49], 2), "p99": round(cuts[98], 2), "max": round(max(values), 2)}


async def run(settings: Settings, folder: Path) -> Outcome:
    """`folder` is empty and everybody may pass through it: as root, PostgreSQL runs as somebody else."""
    servers = EmbeddedServers(folder / "data", nats_users())
    try:
        addresses = await asyncio.to_thread(servers.start)
        (folder / "vault.keys").write_text(KeyRing.generate(), encoding="utf-8")
        place = Place(folder=folder, centre=CENTRE, addresses=addresses)
        begins = settings.begins - timedelta(seconds=HEAD_START_S * settings.speed)
        one = _Run(settings, place, servers, SharedClock.make(place.clock_file, begins, settings.speed))
        return await one.run()
    finally:
        await asyncio.to_thread(servers.stop)


class _Run:
    def __init__(self, settings: Settings, place: Place, servers: EmbeddedServers, clock: SharedClock) -> None:
        self._settings = settings
        self._place = place
        self._servers = servers
        self._clock = clock
        self._pack: CentrePack = default_pack()
        self._copies = Copies(place, settings.copies)
        self._history = History(clock, settings.as_dict())
        self._tally = Tally()
        self._entered = 0
        self._loads: list[float] = []

    async def run(self) -> Outcome:
        urls = self._place.addresses.nats_urls
        admin, client = await connect(urls[ADMINISTRATOR], user=ADMINISTRATOR), await connect(urls[ASKER], user=ASKER)
        try:
            await provision(admin, CENTRE)
            database_url = await database_for(self._place.addresses.database_url, CENTRE)
            self._copies.start()
            return await self._work(admin, client, database_url)
        finally:
            await asyncio.to_thread(self._copies.stop)
            for connection in (client, admin):
                await connection.close()

    async def _work(self, admin: Client, client: Client, database_url: str) -> Outcome:
        witness = Witness(Asker(client, CENTRE), patience_s=PATIENCE_S)
        settling = Settling(database_url, admin, CENTRE, self._clock)
        await self._ready(Asker(client, CENTRE, timeout_s=1.0))
        await apply_pack(Asker(client, CENTRE), self._pack)
        await apply_rosters(Asker(client, CENTRE), rosters_beside(default_pack_dir()))
        await _until(settling.is_quiet)
        self._clock.skip_to(self._settings.begins)
        began_s = time.monotonic()
        probe = Probe(client, CENTRE, self._pack, witness, self._history, category=PROBE_CATEGORY, place=PROBE_PLACE)
        killer = Killer(self._servers, self._copies, self._clock, self._history, probe, database_url=database_url)
        keeper = asyncio.create_task(killer.keep_alive())
        telling = asyncio.create_task(self._tell(killer))
        try:
            async with asyncio.TaskGroup() as group:
                days = group.create_task(self._days(witness, settling))
                await killer.carry_out(self._settings.kills)
                if not self._settings.to_the_end:
                    days.cancel()
                await self._hurry(days)
            seconds, simulated = time.monotonic() - began_s, self._clock.now() - self._settings.begins
            self._history.note("the days are over")
            await _until(lambda: self._all_alive(settling))
            self._clock.stand()
            await settling.settle(timeout_s=SETTLE_MAX_S)
        finally:
            for task in (keeper, telling):
                task.cancel()
            await asyncio.gather(keeper, telling, return_exceptions=True)
        books = await read_books(database_url, admin, CENTRE, at=self._clock.now(), answered=witness.answered)
        return Outcome(
            settings=self._settings,
            books=books,
            summary=await summarise(database_url, admin, CENTRE),
            faults=faults_in(books),
            history=self._history,
            felt_s=probe.felt_s,
            never=probe.never,
            ended=killer.ended,
            seconds=seconds,
            simulated=simulated,
            tally=self._tally,
            loud=list(self._copies.loud_lines()),
            loads=self._loads,
        )

    async def _days(self, witness: Witness, settling: Settling) -> None:
        await run_day(
            witness,
            self._pack,
            self._clock,
            self._settings.plan,
            on_progress=self._progress,
            may_leap=settling.is_quiet,
        )

    async def _hurry(self, days: "asyncio.Task[None]") -> None:
        """When nothing comes in and nobody strikes any more, what is left to do may go by faster."""
        while not days.done() and self._entered < len(self._settings.plan.cases):
            await asyncio.sleep(1)
        if not days.done():
            self._clock.run_at(self._settings.speed * HURRY)

    def _progress(self, progress: Progress) -> None:
        self._tally, self._entered = progress.tally, progress.entered

    async def _ready(self, asker: Asker) -> None:
        """Every service answers."""
        for service in SERVICES:
            await asker.ask_patiently(ReadHealth(actor=OPERATOR), Health, service=service, patience_s=60.0)

    async def _all_alive(self, settling: Settling) -> bool:
        return all(copy.alive() for copy in self._copies.copies) and await settling.is_quiet()

    async def _tell(self, killer: Killer) -> None:
        """A line now and then, and the machine's load."""
        while True:
            self._loads.append(os.getloadavg()[0])
            print(
                f"{self._history.seconds:5.0f} s  {self._clock.now():%m-%d %H:%M}  cases {self._entered}"
                f"  blows {len(killer.done)}/{len(self._settings.kills)}  load {self._loads[-1]:.1f}",
                file=sys.stderr,
            )
            await asyncio.sleep(TELL_EVERY_S)


async def _until(true: Callable[[], Awaitable[bool]], *, timeout_s: float = SETTLE_MAX_S) -> None:
    async with asyncio.timeout(timeout_s):
        while not await true():
            await asyncio.sleep(0.1)
