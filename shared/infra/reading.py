"""Whether what others did is known here: a broker that was away leaves news behind, which is to be read first."""

import time
from collections.abc import Awaitable, Callable
from typing import Protocol

import nats.errors
import nats.js.errors

from shared.infra.logs import get_log

RETURN_S = 6.0
"""Real seconds after the broker is back in which the other services publish what they recorded meanwhile."""

CATCH_UP_MAX_S = 60.0
"""Real seconds after which nothing more is waited for: a promise in time must not pass unnoticed."""


class Connection(Protocol):
    """What is looked at of a broker's client."""

    @property
    def is_connected(self) -> bool: ...

    @property
    def stats(self) -> dict[str, int]: ...


class Reading:
    """Asked before something is called overdue. Costs nothing as long as the connection holds."""

    def __init__(
        self,
        connection: Callable[[], Connection],
        is_caught_up: Callable[[], Awaitable[bool]],
        *,
        leads: Callable[[], bool] | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """`leads`: whether it is this copy of the service that reads; without it there is no other."""
        self._connection = connection
        self._is_caught_up = is_caught_up
        self._leads = leads
        self._now_s = now_s
        self._led_s: float | None = None
        self._all_read = False
        self._reconnects = 0
        self._doubtful = False
        self._back_s: float | None = None

    async def is_behind(self) -> bool:
        """True while the broker is away, when nobody could be told anyway, and then until its news has been read."""
        connection = self._connection()
        if not connection.is_connected:
            self._doubtful, self._back_s = True, None
            return True
        if connection.stats["reconnects"] != self._reconnects:  # it may have been away between two looks
            self._reconnects = connection.stats["reconnects"]
            self._doubtful, self._back_s = True, None
        if self._doubtful:
            self._doubtful = await self._may_be_behind()
        return self._doubtful or await self._is_left_unread()

    async def _is_left_unread(self) -> bool:
        """Who reads has read all of what was there when it began to. Who stands by cannot know whether anybody reads
        just now (the other copy may stand still), and so judges only where nothing is left.
        """
        if self._leads is None:
            return False
        if not self._leads():
            self._led_s, self._all_read = None, False
            return not await self._has_caught_up()
        self._led_s = self._now_s() if self._led_s is None else self._led_s
        if not self._all_read:
            self._all_read = self._now_s() - self._led_s >= CATCH_UP_MAX_S or await self._has_caught_up()
        return not self._all_read

    async def _may_be_behind(self) -> bool:
        now_s = self._now_s()
        self._back_s = now_s if self._back_s is None else self._back_s
        waited_s = now_s - self._back_s
        if waited_s < RETURN_S:
            return True
        if waited_s >= CATCH_UP_MAX_S:
            return False
        return not await self._has_caught_up()

    async def _has_caught_up(self) -> bool:
        try:
            return await self._is_caught_up()
        except (nats.errors.Error, nats.js.errors.Error, TimeoutError) as trouble:
            get_log("reading").info("broker not reached", trouble=type(trouble).__name__)
            return False
