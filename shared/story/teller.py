"""One centre pack's own words: names for codes, the centre's time."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.centre.pack import CentrePack
from shared.story.words import POSTS

GRID = "grid:"
UNKNOWN_PLACE = "地点未知"


class Names:
    """Tells codes and instants in the words of one centre pack."""

    def __init__(self, pack: CentrePack) -> None:
        self._pack = pack
        self.zone = ZoneInfo(pack.timezone)

    def unit(self, code: str | None) -> str:
        found = self._pack.unit(code) if code else None
        return found.name if found else (code or "—")

    def owes(self, code: str) -> str:
        """Who owes something in time: a unit, or a post of the centre."""
        if code.startswith(GRID):
            return f"{self.place(code.removeprefix(GRID))}网格"
        return POSTS.get(code) or self.unit(code)

    def place(self, code: str | None) -> str:
        found = self._pack.place(code) if code else None
        return found.name if found else UNKNOWN_PLACE

    def category(self, code: str | None) -> str:
        if code is None:
            return "类别未定"
        chain = [self._pack.category(one) for one in reversed(self._pack.category_chain(code))]
        return "·".join(one.name for one in chain if one is not None) or code

    def flags(self, codes: Iterable[str]) -> str:
        names = {flag.code: flag.name for flag in self._pack.flags}
        return "、".join(names.get(code, code) for code in codes)

    def measures(self, codes: Iterable[str]) -> str:
        named = (self._pack.modes.measure(code) for code in codes)
        return "、".join(each.name for each in named if each is not None)

    def at(self, text: str | datetime) -> str:
        instant = text if isinstance(text, datetime) else datetime.fromisoformat(text)
        return f"{instant.astimezone(self.zone):%m-%d %H:%M:%S}"

    def units(self, codes: Iterable[str]) -> str:
        return "、".join(self.unit(code) for code in codes)


Data = dict[str, Any]
Teller = Callable[[Names, Data], str]
