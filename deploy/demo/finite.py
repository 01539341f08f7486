"""One finite demo day over servers that run: the stack, the actors, the view, and what it all came to."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from deploy.connection import AskerConnection
from deploy.demo.board import Lookout
from deploy.demo.day import Progress, run_day
from deploy.demo.floor import Tally
from deploy.demo.live import Note, end, show
from deploy.demo.office import Office
from deploy.demo.plan import DayPlan
from deploy.demo.summary import Summary, summarise
from deploy.embedded.running import ServerAddresses
from deploy.packs import apply_pack
from deploy.rosters import apply_rosters
from deploy.stack import Stack
from shared.centre.pack import CentrePack
from shared.clock import SpeedClock
from shared.duty import Roster
from shared.infra.asking import Asker
from shared.infra.messaging import ADMINISTRATOR, connect

# Starting takes simulated time as well: the clock begins so many real seconds before the office opens.
HEAD_START_S = 120.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """`seconds` of real time, from the opening of the office to the last act."""

    summary: Summary
    seconds: float
    simulated_hours: float
    tally: Tally

    def as_dict(self) -> dict[str, Any]:
        return {
            **self.summary.as_dict(),
            "seconds": round(self.seconds, 1),
            "simulated_hours": round(self.simulated_hours, 1),
            "balanced": not self.summary.faults(),
        }


class FiniteDemo:
    """A plan, run once in a centre of its own."""

    def __init__(
        self,
        addresses: ServerAddresses,
        pack: CentrePack,
        plan: DayPlan,
        *,
        centre: str,
        speed: float,
        keys: Path,
        rosters: tuple[Roster, ...] = (),
    ) -> None:
        self._addresses = addresses
        self._pack = pack
        self._rosters = rosters
        self._plan = plan
        self._centre = centre
        office = Office(pack)
        self.morning = office.morning(office.local(datetime.now(UTC)).date())
        self.clock = SpeedClock(self.morning - timedelta(seconds=HEAD_START_S * speed), speed)
        self._stack = Stack(addresses, self.clock, centre=centre, vault_key_file=keys)
        self._note = Note()
        self._tally = Tally()

    async def run(self, console: Console | None, *, plain: bool) -> Outcome:
        """Without a console nothing is shown."""
        async with self._stack, AskerConnection(self._addresses, self._centre) as asker:
            await apply_pack(asker, self._pack)
            await apply_rosters(asker, self._rosters)
            await self._stack.settle()
            self.clock.skip_to(self.morning)
            started_s = time.monotonic()
            await self._day(asker, console, plain=plain)
            seconds, simulated = time.monotonic() - started_s, self.clock.now() - self.morning
            await self._stack.settle()
            return Outcome(await self._summary(), seconds, simulated / timedelta(hours=1), self._tally)

    async def _day(self, asker: Asker, console: Console | None, *, plain: bool) -> None:
        admin = await connect(self._addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
        lookout = Lookout(asker, admin, self.clock, self._centre)
        await lookout.open()
        showing = asyncio.create_task(self._show(lookout, console, plain=plain))
        try:
            await run_day(asker, self._pack, self.clock, self._plan, on_progress=self._tell, on_leap=self._stack.nudge)
        finally:
            await end(showing)
            with suppress(OSError, TimeoutError):
                await lookout.close()
            await admin.close()

    async def _show(self, lookout: Lookout, console: Console | None, *, plain: bool) -> None:
        if console is not None:
            await show(lookout, self._pack, console, self._note, plain=plain)

    def _tell(self, progress: Progress) -> None:
        self._tally = progress.tally
        self._note.text = f"已到件 {progress.entered}/{len(self._plan.cases)}"

    async def _summary(self) -> Summary:
        admin = await connect(self._addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
        try:
            return await summarise(self._stack.database_url, admin, self._centre)
        finally:
            await admin.close()
