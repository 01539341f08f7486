"""One case folded in memory from its events: what `project` and `count` make of it row by row, made at once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.console.model import BoardCase, FigureAct, FigureCase, FigurePromise
from services.console.operations.count import DRILL, MATTER
from services.console.policy.board import APPLY
from services.console.policy.figures import Act, act_of, case_change, promise_change
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

    __slots__ = ("acts", "case", "code", "id", "key", "known", "places", "promises", "sections")

    def __init__(self, key: str) -> None:
        """`key`: the case's id; of a chain that is no case's (a roster's, the pack's), the chain."""
        self.key, self.code, self.known = key, "", False
        self.id = case_id_of(key)
        self.sections: dict[Any, dict[str, Any]] = {"intake": {}, "dispatch": {}, "clocks": {}, "grid": {}}
        self.case: FigureCase | None = None
        self.promises: dict[str, FigurePromise] = {}
        self.acts: dict[UUID, Act] = {}
        self.places: dict[Place, int] = {}

    def begin(self, code: str) -> None:
        """It is on the board, and everything told of it counts."""
        self.code, self.known = code, True

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
        if not self.known:
            self.begin(event.case_code)
        if envelope.type in APPLY:
            section, change = APPLY[envelope.type]
            change(self.sections[section], event.model_dump(mode="json"))
        self._count(event, envelope.id)

    def _count(self, event: Any, event_id: UUID) -> None:
        change = case_change(event)
        if change:
            if self.case is None:
                self.case = FigureCase(case_id=self.id, case_code=self.code)
            self.case.take(change)
        told = promise_change(event)
        if told is not None:
            self._promise(*told)
        act = act_of(event)
        if act is not None:
            self.acts[event_id] = act

    def _promise(self, key: str, change: Mapping[str, Any]) -> None:
        fact = self.promises.get(key)
        if fact is None:
            if "stage" not in change:
                return
            fact = FigurePromise(clock=key, case_id=self.id, case_code=self.code, drill=self.code == DRILL)
            self.promises[key] = fact
        fact.take(change)

    # -- the rows it is in the end -------------------------------------------------------------------------------------

    def board_case(self, version: int) -> BoardCase:
        row = BoardCase(case_id=self.id, case_code=self.code, row={}, version=version, announced=0, **self.sections)
        row.take("intake", self.sections["intake"])
        return row

    def promise_rows(self) -> list[FigurePromise]:
        matter = self._matter()
        for fact in self.promises.values():
            for name, value in matter.items():
                setattr(fact, name, value)
        return list(self.promises.values())

    def act_rows(self) -> list[FigureAct]:
        matter = self._matter()
        return [
            FigureAct(
                act_id=act_id,
                case_id=self.id,
                case_code=self.code,
                **{name: getattr(act, name) for name in act.__slots__ if name != "unit"},
                unit=self._unit_by(act) if act.kind == "follow_up" else act.unit,
                **matter,
            )
            for act_id, act in self.acts.items()
        ]

    def _matter(self) -> dict[str, Any]:
        return {name: self.sections["intake"].get(name) for name in MATTER}

    def _unit_by(self, asked: Act) -> str | None:
        """Of the unit the case had been sent to last by then."""
        sent = [(act.at, act_id.bytes, act.unit) for act_id, act in self.acts.items() if act.kind == "sent"]
        return max((one for one in sent if one[0] <= asked.at), default=(None, None, None))[2]
