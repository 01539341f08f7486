"""Everything that is counted of one case, together: the case itself, its promises, its acts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.console.model.figures import FigureAct, FigureCase, FigurePromise
from services.console.policy.figures import act_of, case_change, promise_change
from shared.contracts.base import Event

MATTER = ("category", "place", "level", "window")
"""What a case is about, as intake tells it: it stands on each of these rows."""
DRILL = "drill"
FACTS: tuple[type[FigureAct] | type[FigurePromise] | type[FigureCase], ...] = (FigureAct, FigurePromise, FigureCase)


class CaseFigures:
    """In whatever order the chains of a case come, its rows are the same in the end: a replay counts alike."""

    __slots__ = ("acts", "case", "code", "id", "promises")

    def __init__(self, case_id: UUID, code: str) -> None:
        self.id, self.code = case_id, code
        self.case: FigureCase | None = None
        self.promises: dict[str, FigurePromise] = {}
        self.acts: dict[UUID, FigureAct] = {}

    def own(self, row: FigureCase | FigurePromise | FigureAct) -> None:
        """Takes a row that was kept."""
        match row:
            case FigureCase():
                self.case = row
            case FigurePromise():
                self.promises[row.clock] = row
            case FigureAct():
                self.acts[row.act_id] = row

    def take(self, event: Event, event_id: UUID, intake: Mapping[str, Any]) -> list[object]:
        """Returns the rows that are new. `intake`: what was heard of the case from there, this event included."""
        matter = {name: intake.get(name) for name in MATTER}
        new = self._take_case(event, matter), self._take_promise(event, matter), self._take_act(event, event_id, matter)
        return [row for row in new if row is not None]

    def _take_case(self, event: Event, matter: Mapping[str, Any]) -> FigureCase | None:
        change = case_change(event)
        if not change:
            return None
        case = self.case or FigureCase(case_id=self.id, case_code=self.code)
        case.take(change)
        if not change.keys().isdisjoint(matter):
            for row in (*self.promises.values(), *self.acts.values()):
                for name, value in matter.items():
                    setattr(row, name, value)
        new, self.case = self.case is None, case
        return case if new else None

    def _take_promise(self, event: Event, matter: Mapping[str, Any]) -> FigurePromise | None:
        told = promise_change(event)
        if told is None:
            return None
        key, change = told
        fact = self.promises.get(key)
        if fact is not None:
            fact.take(change)
            return None
        if "stage" not in change:
            return None  # armed before anybody counted: only a rebuild can tell of it
        fact = FigurePromise(clock=key, case_id=self.id, case_code=self.code, drill=self.code == DRILL, **matter)
        fact.take(change)
        self.promises[key] = fact
        return fact

    def _take_act(self, event: Event, event_id: UUID, matter: Mapping[str, Any]) -> FigureAct | None:
        act = act_of(event)
        if act is None:
            return None
        told = {name: getattr(act, name) for name in act.__slots__}
        row = self.acts[event_id] = FigureAct(act_id=event_id, case_id=self.id, case_code=self.code, **told, **matter)
        if act.kind in {"sent", "follow_up"}:
            for asked in self.acts.values():
                if asked.kind == "follow_up":
                    asked.unit = self._sent_to_by(asked.at)
        return row

    def _sent_to_by(self, at: datetime) -> str | None:
        """The unit the case had been sent to last by then."""
        sent = (act for act in self.acts.values() if act.kind == "sent" and act.at <= at)
        last = max(sent, key=lambda act: (act.at, act.act_id), default=None)
        return None if last is None else last.unit
