"""A phone gateway that keeps what it was told and does what it was bidden."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from services.notification.channels.base import ChannelRefused, ChannelUnavailable

Does = Literal["takes", "refuses", "is_away", "hangs"]


@dataclass(frozen=True)
class Told:
    how: Literal["text", "call"]
    number: str
    words: str


@dataclass
class FakePhone:
    """`scripts` says what happens to a number, call by call; the last entry holds on. Without one it is taken."""

    scripts: Mapping[str, list[Does]] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    closed: bool = False

    async def send_text(self, number: str, words: str) -> str | None:
        return await self._take(Told("text", number, words))

    async def call(self, number: str, words: str) -> str | None:
        return await self._take(Told("call", number, words))

    async def close(self) -> None:
        self.closed = True

    def words_to(self, number: str) -> list[str]:
        return [one.words for one in self.told if one.number == number]

    async def _take(self, told: Told) -> str:
        script = self.scripts.get(told.number, [])
        does: Does = "takes" if not script else script.pop(0) if len(script) > 1 else script[0]
        if does == "refuses":
            raise ChannelRefused("no such number")
        if does == "is_away":
            raise ChannelUnavailable("the gateway is away", retry_after_s=5.0)
        if does == "hangs":
            await asyncio.Event().wait()
        self.told.append(told)
        return f"fake-{len(self.told)}"
