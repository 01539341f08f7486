"""One run: a centre of processes at work on its cases, blows while it works, and what is on record afterwards."""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from nats.aio.client import Client

from deploy.broker_users import nats_users
from deploy.databases import database_for
from deploy.demo.day import Progress, run_day
from deploy.demo.floor import Tally
from deploy.demo.summary import summarise
from deploy.embedded.servers import EmbeddedServers
from deploy.packs import apply_pack, default_pack, default_pack_dir
from deploy.rosters import apply_rosters, rosters_beside
from shared.centre.pack import CentrePack
from shared.contracts.actors import OPERATOR
from shared.contracts.common import Health, ReadHealth
from shared.contracts.subjects import CONSOLE, SERVICES
from shared.infra.asking import Asker
from shared.infra.messaging import ADMINISTRATOR, ASKER, connect, provision
from shared.vault import KeyRing
from tests.support.chaos.check_persons import leaks_in_logs
from tests.support.chaos.checker import faults_in
from tests.support.chaos.copies import Copies
from tests.support.chaos.forging import Forge
from tests.support.chaos.history import History
from tests.support.chaos.killer import Killer
from tests.support.chaos.nemesis import Nemesis
from tests.support.chaos.outcome import Outcome, Settings
from tests.support.chaos.place import Place
from tests.support.chaos.probe import Probe
from tests.support.chaos.reading import read_books
from tests.support.chaos.settling import Settling
from tests.support.chaos.shared_clock import SharedClock
from tests.support.chaos.surges import switch_to_and_fro
from tests.support.chaos.witness import Witness
from tests.support.chaos.workload import come_in_by, midnight_before

CENTRE = "chaos"
PROBE_CATEGORY, PROBE_PLACE = "labour.wages.arrears", "350521104"
PATIENCE_S = 180.0
HEAD_START_S = 120.0
SETTLE_MAX_S = 120.0
TELL_EVERY_S = 20.0
HURRY, QUIET = 8, timedelta(minutes=30)
LOOK_S = 0.5


async def run(settings: Settings, folder: Path, *, keep: Path | None = None) -> Outcome:
    """`folder` is empty and everybody may pass through it: as root, PostgreSQL runs as somebody else.

    Where anything is found, a recovery was slow, or it does not come to its end, the history and the logs are left in
    `keep`.
    """
    servers = EmbeddedServers(folder / "data", nats_users())
    try:
        addresses = await asyncio.to_thread(servers.start)
        (folder / "vault.keys").write_text(KeyRing.generate(), encoding="utf-8")
        place = Place(folder=folder, centre=CENTRE, addresses=addresses)
        begins = settings.begins - timedelta(seconds=HEAD_START_S * settings.speed)
        one = _Run(settings, place, servers, SharedClock.make(place.clock_file, begins, settings.speed))
        try:
            outcome = await one.run()
        except BaseException as trouble:
            if keep is not None:
                one.keep_history(keep, [f"it did not come to its end: {type(trouble).__name__} {trouble}"])
            raise
        if keep is not None and (found := [*outcome.words(), *outcome.slow()]):
            one.keep_history(keep, found, loud=outcome.loud, figures=outcome.as_dict())
        return outcome
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
        self._readers = (*SERVICES, *(name for name in settings.copies if name not in SERVICES))
        self._witness: Witness | None = None
        self._history = History(clock, settings.as_dict())
        self._tally = Tally()
        self._entered = 0
        self._loads: list[float] = []

    async def run(self) -> Outcome:
        urls = self._place.addresses.nats_urls
        admin, client = await connect(urls[ADMINISTRATOR], user=ADMINISTRATOR), await connect(urls[ASKER], user=ASKER)
        try:
            await provision(admin, CENTRE, self._readers)
            database_url = await database_for(self._place.addresses.database_url, CENTRE)
            self._copies.start()
            return await self._work(admin, client, database_url)
        finally:
            await asyncio.to_thread(self._copies.stop)
            for connection in (client, admin):
                await connection.close()

    async def _work(self, admin: Client, client: Client, database_url: str) -> Outcome:
        witness = Witness(Asker(client, CENTRE), patience_s=PATIENCE_S)
        self._witness = witness
        patience_s = self._settings.scale.patience_s
        settling = Settling(database_url, admin, CENTRE, self._clock, self._readers)
        await self._ready(Asker(client, CENTRE, timeout_s=1.0))
        await apply_pack(Asker(client, CENTRE), self._pack)
        await apply_rosters(Asker(client, CENTRE), rosters_beside(default_pack_dir()))
        await _until(settling.is_quiet)
        self._clock.skip_to(self._settings.begins)
        began_s = time.monotonic()
        probe = Probe(
            client,
            CENTRE,
            self._pack,
            witness,
            self._history,
            category=PROBE_CATEGORY,
            place=PROBE_PLACE,
            patience_s=patience_s,
        )
        killer = Killer(self._servers, self._copies, self._clock, self._history, probe, database_url=database_url)
        forge = Forge(admin, CENTRE, database_url, self._clock, readers=frozenset(self._readers), patience_s=patience_s)
        nemesis = Nemesis(
            killer,
            self._servers,
            self._copies,
            self._clock,
            self._history,
            probe,
            forge,
            database_url=database_url,
            burst=self._settings.scale.burst,
        )
        keeper = asyncio.create_task(killer.keep_alive())
        telling = asyncio.create_task(self._tell(killer, nemesis))
        try:
            async with asyncio.TaskGroup() as group:
                days = group.create_task(self._days(witness, settling))
                await killer.carry_out(self._settings.kills)
                group.create_task(self._hurry(days, lambda: nemesis.calm))
                surges = group.create_task(switch_to_and_fro(witness, self._clock, self._settings.surge_every_s))
                await nemesis.carry_out(self._settings.faults, partial(self._may_strike, days))
                surges.cancel()
                if not self._settings.to_the_end:
                    days.cancel()
            seconds, simulated = time.monotonic() - began_s, self._clock.now() - self._settings.begins
            self._history.note("the days are over")
            await _until(self._all_alive)
            self._clock.stand()  # hundreds of open cases have something to do at any moment, while time goes by
            await settling.settle(timeout_s=max(patience_s, SETTLE_MAX_S))
            self._history.note("everything is settled")
        finally:
            for task in (keeper, telling):
                task.cancel()
            await asyncio.gather(keeper, telling, return_exceptions=True)
        console = CONSOLE in self._readers
        books = await read_books(
            database_url,
            admin,
            CENTRE,
            at=self._clock.now(),
            answered=witness.answered,
            planted=forge.planted,
            console=console,
            leaks=tuple(leaks_in_logs(self._copies.logs)),
        )
        # Dead letters are judged by the checks, which know what was planted.
        summary = replace(await summarise(database_url, admin, CENTRE), dead_letters=0)
        return Outcome(
            settings=self._settings,
            books=books,
            summary=summary,
            faults=faults_in(books),
            history=self._history,
            felt_s=probe.felt_s,
            before_s=probe.before_s,
            never=probe.never,
            never_before=probe.never_before,
            ended=killer.ended,
            seconds=seconds,
            simulated=simulated,
            tally=self._tally,
            loud=list(self._copies.loud_lines()),
            struck=tuple(nemesis.done),
            entered_by_probe=probe.entered,
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

    async def _may_strike(self, days: "asyncio.Task[None]", number: int) -> bool:
        """Evenly over the cases that enter, where faults are to be spread; else at once."""
        await asyncio.sleep(self._settings.pause_s)
        if not self._settings.spread or days.done():
            return True
        share = number / (len(self._settings.faults) + 1)
        return self._entered >= share * len(self._settings.plan.cases)

    def keep_history(self, folder: Path, words: list[str], **found: Any) -> None:
        answered = self._witness.answered if self._witness is not None else []
        self._history.keep(folder, found=words, logs=self._copies.logs, answered=[asdict(a) for a in answered], **found)

    async def _hurry(self, days: "asyncio.Task[None]", calm: Callable[[], bool]) -> None:
        """Where nothing comes in for a while and nobody strikes, what is left to do may go by faster."""
        midnight, hurried = midnight_before(self._pack, self._settings.begins), False
        while self._settings.to_the_end and not days.done():
            due = come_in_by(self._settings.plan, self._clock.now() - midnight + QUIET)
            hurry = calm() and self._entered >= due
            if hurry != hurried:
                self._clock.run_at(self._settings.speed * (HURRY if hurry else 1))
                self._history.note("time goes by faster" if hurry else "time goes by as before")
                hurried = hurry
            await asyncio.sleep(LOOK_S)
        if hurried:
            self._clock.run_at(self._settings.speed)

    def _progress(self, progress: Progress) -> None:
        self._tally, self._entered = progress.tally, progress.entered

    async def _ready(self, asker: Asker) -> None:
        """Every service answers."""
        for service in self._readers:
            await asker.ask_patiently(ReadHealth(actor=OPERATOR), Health, service=service, patience_s=60.0)

    async def _all_alive(self) -> bool:
        return all(copy.alive() for copy in self._copies.copies)

    async def _tell(self, killer: Killer, nemesis: Nemesis) -> None:
        """A line now and then, and the machine's load."""
        while True:
            self._loads.append(os.getloadavg()[0])
            done, planned = (*killer.done, *nemesis.done), (*self._settings.kills, *self._settings.faults)
            print(
                f"{self._history.seconds:5.0f} s  {self._clock.now():%m-%d %H:%M}  cases {self._entered}"
                f"  blows {len(done)}/{len(planned)}"
                f"  load {self._loads[-1]:.1f}",
                file=sys.stderr,
            )
            await asyncio.sleep(TELL_EVERY_S)


async def _until(true: Callable[[], Awaitable[bool]], *, timeout_s: float = SETTLE_MAX_S) -> None:
    async with asyncio.timeout(timeout_s):
        while not await true():
            await asyncio.sleep(0.1)
