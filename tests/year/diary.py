"""What is going to be done and when, by simulated time; and the centre's clock moved from one instant to the next."""

import heapq
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar

from pydantic import BaseModel

from shared.contracts.base import Done, Request
from shared.errors import Refused
from tests.support.direct import DirectCentre

A = TypeVar("A", bound=BaseModel)
Act = Callable[[], Awaitable[object]]
TOO_MANY_AT_ONCE = 10_000


class Diary:
    """`at` puts an act down; `live_until` does everything in its order, the centre's sweeps at their own instants."""

    def __init__(self, centre: DirectCentre) -> None:
        self.centre = centre
        self.refused: Counter[str] = Counter()
        self.acts = self.instants = 0
        self._acts: list[tuple[datetime, int, Act]] = []
        self._numbers = count()

    @property
    def now(self) -> datetime:
        return self.centre.clock.now()

    def at(self, instant: datetime, act: Act) -> None:
        heapq.heappush(self._acts, (max(instant.astimezone(UTC), self.now), next(self._numbers), act))

    async def ask(self, request: Request[Any], answer: type[A] = Done) -> A | None:  # type: ignore[assignment]
        """None where it was refused: two people had the same thought, or it is too late. Each is counted."""
        try:
            return await self.centre.asker.ask(request, answer)
        except Refused as refusal:
            self.refused[f"{request.NAME}: {refusal.as_dict()['code']}"] += 1
            return None

    async def live_until(self, end: datetime) -> None:
        """Never past an instant at which something is due: acts, and what the sweeps say they wait for."""
        same = 0
        while (instant := self._next()) is not None and instant < end:
            same = same + 1 if instant == self.now else 0
            assert same < TOO_MANY_AT_ONCE, f"time stands still at {instant}"
            self.instants += 1
            self.centre.clock.move_to(instant)
            while self._acts and self._acts[0][0] <= instant:
                _, _, act = heapq.heappop(self._acts)
                self.acts += 1
                await act()
            await self.centre.settle()
        self.centre.clock.move_to(end)
        await self.centre.settle()

    def _next(self) -> datetime | None:
        due = [at for at in self.centre.next_due.values() if at is not None]
        acts = [self._acts[0][0]] if self._acts else []
        return max(min((*due, *acts)), self.now) if due or acts else None
