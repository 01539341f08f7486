"""Time as an argument: every service is handed one Clock and reads the time nowhere else."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """`now()` is aware UTC. `real_seconds(span)` is how long a wait for that span takes on the wall."""

    def now(self) -> datetime: ...

    def real_seconds(self, span: timedelta) -> float: ...


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def real_seconds(self, span: timedelta) -> float:
        return max(0.0, span.total_seconds())


class SpeedClock:
    """Runs `speed` times as fast as the wall, from `start`; several processes agree when given the same anchor."""

    def __init__(self, start: datetime, speed: float, *, anchor_s: float | None = None) -> None:
        if start.tzinfo is None:
            raise ValueError("start must be aware")
        if speed <= 0:
            raise ValueError("speed must be positive")
        self._start = start.astimezone(UTC)
        self._speed = speed
        self._anchor_s = time.time() if anchor_s is None else anchor_s

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(time.time() - self._anchor_s) * self._speed)

    def real_seconds(self, span: timedelta) -> float:
        return max(0.0, span.total_seconds() / self._speed)

    def skip_to(self, instant: datetime) -> None:
        """Leaps forward (a night nobody works); never back. What falls due in between is found by the next sweep."""
        self._start += max(instant - self.now(), timedelta(0))


class MovedClock:
    """Stands still until moved by hand: for tests and scenarios."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("start must be aware")
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def real_seconds(self, span: timedelta) -> float:
        """A standing clock reaches no future instant by waiting; sweeps are woken by whoever moves it."""
        return 3600.0 if span > timedelta(0) else 0.0

    def move(self, span: timedelta) -> datetime:
        self._now += span
        return self._now

    def move_to(self, instant: datetime) -> datetime:
        self._now = instant.astimezone(UTC)
        return self._now
