"""What is going to be done, by simulated time: the actors' one calendar, which knows when nothing is left for today."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from shared.clock import Clock

Act = Callable[[], Awaitable[None]]
AT_ONCE_MAX = 8
LOOK_AGAIN_S = 0.25


@dataclass(order=True, slots=True)
class Entry:
    at: datetime
    number: int
    act: Act = field(compare=False)
    urgent: bool = field(compare=False)


class Agenda:
    """Acts fall due by the clock and are done a few at a time; an urgent one waits for no turn.

    What an act raises ends the whole day: it is a bug.
    """

    def __init__(self, clock: Clock, *, at_once_max: int = AT_ONCE_MAX) -> None:
        self._clock = clock
        self._entries: list[Entry] = []
        self._numbers = count()
        self._wake = asyncio.Event()
        self._turns = asyncio.Semaphore(at_once_max)
        self.under_way = 0
        self.done = 0

    def at(self, instant: datetime, act: Act, *, urgent: bool = False) -> None:
        heapq.heappush(self._entries, Entry(instant, next(self._numbers), act, urgent))
        self._wake.set()

    @property
    def next_at(self) -> datetime | None:
        return self._entries[0].at if self._entries else None

    @property
    def waiting(self) -> int:
        return len(self._entries)

    def wake(self) -> None:
        """The clock leapt: what is due by now is due at once."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._wake.clear()
                for entry in self._due():
                    self.under_way += 1
                    group.create_task(self._do(entry))
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), self._pause_s())

    def _due(self) -> list[Entry]:
        now = self._clock.now()
        due: list[Entry] = []
        while self._entries and self._entries[0].at <= now:
            due.append(heapq.heappop(self._entries))
        return due

    async def _do(self, entry: Entry) -> None:
        try:
            async with nullcontext() if entry.urgent else self._turns:
                await entry.act()
        finally:
            self.under_way -= 1
            self.done += 1

    def _pause_s(self) -> float:
        next_at = self.next_at
        if next_at is None:
            return LOOK_AGAIN_S
        return min(self._clock.real_seconds(next_at - self._clock.now()), LOOK_AGAIN_S)
