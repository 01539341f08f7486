"""Compressed time that several processes share: one of them drives it, all of them read it from one small file."""

import json
import os
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from shared.clock import SpeedClock

STILL = 1e-6  # a clock that stands for every purpose, without a division by nothing


class SharedClock(SpeedClock):
    """A `SpeedClock` whose start, anchor and speed stand in a file. Only the process that drives it may change it.

    A leap reaches every process with its next look at the time; `changes` tells sweeps that they should look at once.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: tuple[int, int] | None = None
        self.changes = 0
        self._follow()

    @classmethod
    def make(cls, file: Path, start: datetime, speed: float) -> Self:
        """Begins at `start` now."""
        _write(file, SpeedClock(start, speed))
        return cls(file)

    def now(self) -> datetime:
        self._follow()
        return super().now()

    def skip_to(self, instant: datetime) -> None:
        super().skip_to(instant)
        _write(self._file, self)

    def jump(self, span: timedelta) -> None:
        """Shows another time from now on, later or earlier, as when somebody sets a wrong clock right."""
        self._start += span
        _write(self._file, self)

    def run_at(self, speed: float) -> None:
        """From now on."""
        _write(self._file, SpeedClock(self.now(), speed))
        self._follow()

    def stand(self) -> None:
        """From now on no time passes."""
        self.run_at(STILL)

    def _follow(self) -> None:
        found = self._file.stat()
        mark = (found.st_ino, found.st_mtime_ns)
        if mark == self._seen:
            return
        told = json.loads(self._file.read_text(encoding="utf-8"))
        super().__init__(datetime.fromisoformat(told["start"]), told["speed"], anchor_s=told["anchor_s"])
        self.changes += self._seen is not None
        self._seen = mark


def _write(file: Path, clock: SpeedClock) -> None:
    """Whole or not at all: another process may be reading."""
    told = {"start": clock._start.isoformat(), "anchor_s": clock._anchor_s, "speed": clock._speed}
    new = file.with_name(f"{file.name}.{time.monotonic_ns()}")
    new.write_text(json.dumps(told), encoding="utf-8")
    os.replace(new, file)
