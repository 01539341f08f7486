"""A case's events as sentences: what happened, who did it, and why."""

from collections.abc import Mapping
from typing import Literal

from pydantic import ValidationError

from shared.centre.pack import CentrePack
from shared.contracts.base import TimelineEntry
from shared.contracts.catalogue import EVENTS
from shared.story import accountability, cases, clocks, duty, modes, notices, packs, summonses, work_orders
from shared.story.english import tell_in_english
from shared.story.teller import UNKNOWN_PLACE, Data, Names, Teller
from shared.story.words import STAGES, STATES, limit_words

__all__ = ["STAGES", "STATES", "TELLERS", "Story", "limit_words"]

TELLERS: Mapping[str, Teller] = {
    **cases.TELLERS,
    **work_orders.TELLERS,
    **summonses.TELLERS,
    **duty.TELLERS,
    **modes.TELLERS,
    **packs.TELLERS,
    **clocks.TELLERS,
    **notices.TELLERS,
    **accountability.TELLERS,
}


class Story(Names):
    """Tells events in Chinese or in English; places, units and categories keep the names their centre pack has."""

    def __init__(self, pack: CentrePack, language: Literal["zh", "en"] = "zh") -> None:
        super().__init__(pack)
        self._language = language

    def place(self, code: str | None) -> str:
        known = super().place(code)
        return "place unknown" if self._language == "en" and known == UNKNOWN_PLACE else known

    def category(self, code: str | None) -> str:
        return "no category yet" if self._language == "en" and code is None else super().category(code)

    def tell(self, entry: TimelineEntry) -> str:
        data = _whole(entry)
        english = tell_in_english(self, entry.type, data) if self._language == "en" else None
        teller = TELLERS.get(entry.type)
        return english or (teller(self, data) if teller else entry.type)


def _whole(entry: TimelineEntry) -> Data:
    """With the defaults of the fields its contract gained since it was recorded."""
    try:
        return EVENTS[entry.type].model_validate(entry.data).model_dump(mode="json")
    except (KeyError, ValidationError):
        return entry.data
