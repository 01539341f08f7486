"""Which rows somebody sees: the centre's staff all, a unit its own, a grid those at its places."""

from dataclasses import dataclass

from services.console.policy.board import Row
from shared.contracts.actors import CENTRE_ROLES, UNIT_ROLES, Actor, Role

ALL_ROWS = CENTRE_ROLES | {Role.COMMAND_ROOM}


@dataclass(frozen=True, slots=True)
class Sight:
    everything: bool = False
    unit: str | None = None
    places: frozenset[str] = frozenset()

    def sees(self, row: Row) -> bool:
        if self.everything:
            return True
        return (self.unit is not None and self.unit in row.units) or (
            row.place is not None and row.place in self.places
        )

    def saw(self, row: Row) -> bool:
        """Had it on the screen perhaps, and must be told that it is gone."""
        return self.sees(row) or (self.unit is not None and self.unit in row.ever)


def sight_of(actor: Actor, places: frozenset[str]) -> Sight:
    """`places`: the grid somebody works in with all around it (its township), from the pack."""
    if actor.role in ALL_ROWS:
        return Sight(everything=True)
    if actor.role in UNIT_ROLES:
        return Sight(unit=actor.unit)
    if actor.role is Role.GRID_WORKER:
        return Sight(places=places)
    return Sight()
