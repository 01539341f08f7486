"""The mode on the screens: asked for all of them at once, and never older than the switch that was made here."""

import asyncio
from typing import Any, cast

from services.console.web.known_mode import KnownMode
from shared.contracts.dispatch import Mode, ModeView
from shared.errors import Unavailable
from shared.infra.asking import Asker


class Dispatch:
    """Answers with the mode there was when it was asked, when it is let."""

    def __init__(self) -> None:
        self.mode: Mode = "surge.II"
        self.asked = 0
        self.may_answer = asyncio.Event()

    async def ask(self, _request: Any, _answer: Any) -> ModeView:
        self.asked += 1
        told = ModeView.model_construct(mode=self.mode)
        await self.may_answer.wait()
        return told


async def test_whoever_comes_after_a_switch_is_not_told_what_was_asked_before_it() -> None:
    dispatch = Dispatch()
    known = KnownMode(cast("Asker", dispatch))
    before = asyncio.create_task(known.read())
    await asyncio.sleep(0)
    dispatch.mode = "normal"
    known.forget()
    first, second = asyncio.create_task(known.read()), asyncio.create_task(known.read())
    await asyncio.sleep(0)
    dispatch.may_answer.set()
    assert (await before or ModeView.model_construct(mode="normal")).mode == "surge.II"
    assert [(one and one.mode) for one in (await first, await second)] == ["normal", "normal"]
    assert dispatch.asked == 2, "asked once for both"


async def test_where_dispatch_is_away_the_last_that_was_known_is_shown() -> None:
    dispatch = Dispatch()
    dispatch.may_answer.set()
    known = KnownMode(cast("Asker", dispatch))
    shown = await known.read()

    async def away(_request: Any, _answer: Any) -> ModeView:
        raise Unavailable("away", retry_after_s=1)

    dispatch.ask = away  # type: ignore[method-assign]
    known.forget()
    assert await known.read() is shown
