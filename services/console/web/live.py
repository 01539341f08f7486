"""The ring of changed rows that every viewer reads with a cursor of its own.

No queue per viewer: a slow one hurts nobody.

A number is `<epoch>-<sequence in the live stream>`. Another epoch (the broker forgot its memory) or a number that fell
out of the ring means: read the list anew.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from services.console.policy.board import LiveRow

RING_MAX = 4_096


@dataclass(slots=True)
class Frame:
    """One changed row; rendered once per shape and language (and unit), when the first viewer needs it."""

    sequence: int
    live: LiveRow
    _rendered: dict[tuple[object, ...], bytes] = field(default_factory=dict[tuple[object, ...], bytes])

    def rendered(self, key: tuple[object, ...], render: Callable[[], bytes]) -> bytes:
        if key not in self._rendered:
            self._rendered[key] = render()
        return self._rendered[key]


class Hub:
    """Holds the last frames. `number` is what a page carries: whatever comes after it is in the stream."""

    def __init__(self, ring_max: int = RING_MAX) -> None:
        self._ring: deque[Frame] = deque()
        self._ring_max = ring_max
        self._floor = 0  # every frame after this sequence is in the ring
        self._last = 0
        self._epoch = "0"
        self._woken = asyncio.Event()
        self.viewers = 0

    @property
    def number(self) -> str:
        return f"{self._epoch}-{self._last}"

    @property
    def last(self) -> int:
        return self._last

    def begin(self, epoch: str, floor: int) -> None:
        """The stream is read from after `floor` on: at the start, and whenever something may have been missed."""
        self._ring.clear()
        self._epoch, self._floor, self._last = epoch, floor, floor
        self._wake()

    def add(self, sequence: int, live: LiveRow) -> None:
        if sequence <= self._last:
            return
        self._ring.append(Frame(sequence, live))
        self._last = sequence
        if len(self._ring) > self._ring_max:
            self._floor = self._ring.popleft().sequence
        self._wake()

    def after(self, number: str) -> Sequence[Frame] | None:
        """The frames after a number, oldest first; None where the list has to be read anew."""
        epoch, _, sequence = number.rpartition("-")
        if epoch != self._epoch or not sequence.isascii() or not sequence.isdigit() or int(sequence) < self._floor:
            return None
        found: list[Frame] = []
        for frame in reversed(self._ring):
            if frame.sequence <= int(sequence):
                break
            found.append(frame)
        found.reverse()
        return found

    async def changed(self, timeout_s: float) -> None:
        """Returns when something was added, or after the time."""
        woken = self._woken
        try:
            async with asyncio.timeout(timeout_s):
                await woken.wait()
        except TimeoutError:
            return

    def close(self) -> None:
        self._wake()

    def _wake(self) -> None:
        """One event for all viewers: those that wait hold the old one, the next ones wait for a new one."""
        self._woken.set()
        self._woken = asyncio.Event()
