"""The mode of the centre as the screens show it: asked of dispatch at most every five seconds, for all of them."""

import asyncio
from contextlib import suppress

from shared.contracts.actors import system
from shared.contracts.dispatch import ModeView, ReadMode
from shared.errors import Refused, Unavailable
from shared.infra.asking import Asker

KEPT_S, WAIT_S = 5.0, 1.0


class KnownMode:
    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._known: ModeView | None = None
        self._asked_at = float("-inf")
        self._asking = asyncio.Lock()

    async def read(self) -> ModeView | None:
        """At most five seconds old. Nobody waits long for it: where dispatch is away, the last that was known.

        Who comes while it is being asked gets that answer, and after `forget` never one that was asked for before.
        """
        async with self._asking:
            now = asyncio.get_running_loop().time()
            if now - self._asked_at >= KEPT_S:
                self._asked_at = now
                with suppress(Refused, Unavailable, TimeoutError):
                    async with asyncio.timeout(WAIT_S):
                        self._known = await self._asker.ask(ReadMode(actor=system("console")), ModeView)
            return self._known

    def forget(self) -> None:
        """It was switched here."""
        self._asked_at = float("-inf")
