"""A row in words: codes become the pack's names, units become chips with their own state."""

from dataclasses import dataclass
from datetime import datetime

from services.console.policy.board import ArrivalClock, LiveRow, Row
from services.console.web.stream import milliseconds
from shared.centre.pack import CentrePack
from shared.story import Story

GRID = "grid:"
"""What begins the code of the grid that owes a verification."""

NEVER_MS = 9_999_999_999_999


@dataclass(frozen=True, slots=True)
class Chip:
    unit: str
    short: str
    state: str


@dataclass(frozen=True, slots=True)
class ArrivalCard:
    code: str
    summons: str
    title: str
    place: str
    level: str
    state: str
    drill: bool
    due_at: datetime | None
    order: int
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True)
class Line:
    key: str
    version: int
    row: Row
    title: str
    place: str
    unit: str
    supporters: str
    owes: str
    lamp: str
    arrivals: tuple[ArrivalCard, ...]

    @property
    def arrival_order(self) -> int:
        return min((card.order for card in self.arrivals), default=NEVER_MS)


def line_of(live: LiveRow, story: Story, pack: CentrePack, now: datetime) -> Line:
    row = live.row
    late = row.due_at is not None and row.due_at <= now
    return Line(
        key=live.id.hex[:16] if row.drill else row.code,  # a drill has no code of its own
        version=live.version,
        row=row,
        title=leaf_of(pack, row.category, story),
        place=story.place(row.place),
        unit=short_of(pack, row.unit),
        supporters="、".join(short_of(pack, one) for one in row.supporters),
        owes=short_of(pack, row.owes),
        lamp="late" if late else row.lamp,
        arrivals=tuple(_card(live, one, story, pack) for one in row.arrivals),
    )


def short_of(pack: CentrePack, unit: str | None) -> str:
    found = pack.unit(unit) if unit else None
    if found is None and unit and unit.startswith(GRID):
        place = pack.place(unit.removeprefix(GRID))
        return f"{place.name}网格" if place else unit
    return found.short if found else (unit or "")


def leaf_of(pack: CentrePack, category: str | None, story: Story) -> str:
    """The narrowest name only: a row has no room for the whole chain, the case page tells it."""
    found = pack.category(category) if category else None
    return found.name if found else story.category(category)


def _card(live: LiveRow, arrival: ArrivalClock, story: Story, pack: CentrePack) -> ArrivalCard:
    row = live.row
    return ArrivalCard(
        code=row.code,
        summons=arrival.summons_id,
        title=leaf_of(pack, row.category, story),
        place=story.place(row.place),
        level=row.level,
        state=arrival.state,
        drill=arrival.drill,
        due_at=arrival.due_at,
        order=milliseconds(arrival.due_at) if arrival.due_at else NEVER_MS,
        chips=tuple(Chip(one.unit, short_of(pack, one.unit), one.state) for one in arrival.units),
    )
