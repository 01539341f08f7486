"""What a dissatisfied requester leads to, said before it is recorded. Intake decides it; this tells what it will be."""

from dataclasses import dataclass
from datetime import datetime

from services.console.policy.board import Row
from shared.centre.pack import CentrePack
from shared.centre.promised import promised
from shared.contracts.base import Level


@dataclass(frozen=True, slots=True)
class Aftermath:
    """`due_at`: by when the unit would have to report anew; none where it is explained in writing instead."""

    unit: str | None
    round: int
    due_at: datetime | None
    limit: str | None
    often: bool


def aftermath(pack: CentrePack, row: Row, *, now: datetime) -> Aftermath:
    """Dissatisfied with the unit's work: back to it with half of the time; after so many times, explained."""
    reopenings, level = row.round - 1, row.level
    often = reopenings >= pack.closed_loop.reopenings_max
    if often or row.unit is None:
        return Aftermath(row.unit, row.round, None, None, often)
    again = _again(pack, row.category, level, now)
    return Aftermath(row.unit, row.round + 1, again[0], again[1], often)


def _again(pack: CentrePack, category: str | None, level: Level, now: datetime) -> tuple[datetime, str]:
    promise = promised(pack, "report_back", category, level, now, reopened=True)
    return promise.due.at, str(promise.duration)
