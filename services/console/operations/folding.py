"""One case folded in memory from its events: what `project` and `count` make of it row by row, made at once."""

from typing import Any
from uuid import UUID

from services.console.model import BoardCase, CaseFigures
from services.console.policy.board import APPLY
from shared.contracts.base import Envelope
from shared.contracts.catalogue import EVENTS

Place = tuple[str, str]
"""A consumer and a chain."""


def key_of(envelope: Envelope) -> str:
    case_id = envelope.data.get("case_id")
    return case_id if case_id and envelope.chain.startswith(case_id) else envelope.chain


def case_id_of(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None


class OutOfTurn(Exception):
    """The stream lacks an event of a chain, so what follows cannot be applied."""


class Folded:
    """`places`: how far each chain was read, by consumer. Facts are changed where they stand: nobody else has them."""

    __slots__ = ("counted", "id", "key", "places", "sections")

    def __init__(self, key: str) -> None:
        """`key`: the case's id; of a chain that is no case's (a roster's, the pack's), the chain."""
        self.key, self.id = key, case_id_of(key)
        self.counted: CaseFigures | None = None
        self.sections: dict[Any, dict[str, Any]] = {"intake": {}, "dispatch": {}, "clocks": {}, "grid": {}}
        self.places: dict[Place, int] = {}

    def begin(self, case_id: UUID, code: str) -> CaseFigures:
        """It is on the board, and everything told of it counts."""
        self.counted = CaseFigures(case_id, code)
        return self.counted

    def admits(self, consumer: str, envelope: Envelope) -> bool:
        """Whether it is the next of its chain, which is moved on then; False for a repetition. Raises OutOfTurn."""
        place = (consumer, envelope.chain)
        last = self.places.get(place, 0)
        if envelope.sequence <= last:
            return False
        if envelope.sequence > last + 1:
            raise OutOfTurn(f"{envelope.chain} is at {last}, got {envelope.sequence}")
        self.places[place] = envelope.sequence
        return True

    def take(self, envelope: Envelope) -> None:
        """Raises whatever is wrong with the event."""
        event: Any = EVENTS[envelope.type].model_validate(envelope.data)
        counted = self.counted or self.begin(event.case_id, event.case_code)
        if envelope.type in APPLY:
            section, change = APPLY[envelope.type]
            change(self.sections[section], event.model_dump(mode="json"))
        counted.take(event, envelope.id, self.sections["intake"])

    def board_case(self, counted: CaseFigures, version: int) -> BoardCase:
        told = {"row": {}, "version": version, "announced": 0, **self.sections}
        row = BoardCase(case_id=counted.id, case_code=counted.code, **told)
        row.take("intake", self.sections["intake"])
        return row
