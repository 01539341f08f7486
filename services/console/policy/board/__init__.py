"""The board's row of a case, made from events: the same, in whatever order the services' chains come."""

from services.console.policy.board.applying import APPLY, SECTIONS, Facts, Section, apply
from services.console.policy.board.row import (
    ArrivalClock,
    CalledUnit,
    Lamp,
    LiveRow,
    OrderedUnit,
    Row,
    RowStage,
    row_of,
)

__all__ = [
    "APPLY",
    "SECTIONS",
    "ArrivalClock",
    "CalledUnit",
    "Facts",
    "Lamp",
    "LiveRow",
    "OrderedUnit",
    "Row",
    "RowStage",
    "Section",
    "apply",
    "row_of",
]
