"""The reader of the live stream ends when it is told to, whatever it is waiting in."""

import asyncio
from typing import Any

import pytest

from services.console.web.live import Hub
from services.console.web.live_reader import LiveReader


class LosesACancellation:
    """As nats-py on Python 3.11, where a message comes in while the wait for it is cancelled."""

    def __init__(self) -> None:
        self.waited = asyncio.Event()

    async def fetch(self, *_: object, **__: object) -> list[Any]:
        self.waited.set()
        try:
            await asyncio.sleep(0.05)
        except asyncio.CancelledError:
            raise TimeoutError from None
        raise TimeoutError

    async def unsubscribe(self) -> None: ...


async def test_a_lost_cancellation_does_not_keep_the_console_running(monkeypatch: pytest.MonkeyPatch) -> None:
    subscription = LosesACancellation()
    reader = LiveReader(None, "lp", Hub())  # pyright: ignore[reportArgumentType] - never asked here

    async def begin() -> LosesACancellation:
        return subscription

    monkeypatch.setattr(reader, "_begin", begin)
    running = asyncio.create_task(reader.run())
    await subscription.waited.wait()
    await asyncio.wait_for(reader.stop(running), 2)
    assert running.done()
