"""Who may verify and who may read of it, and whose the case is then (DOMAIN: closed loop, 2)."""

from dataclasses import dataclass

from shared.centre.nouns import Grid
from shared.centre.pack import CentrePack, Mode
from shared.contracts.actors import CENTRE_ROLES, UNIT_ROLES, Actor, Role
from shared.contracts.escalation import GoesTo, VerificationOutcome


@dataclass(frozen=True, slots=True)
class Handlers:
    """Whoever handled a case, as lead or as supporter, in whichever round: units, and single posts."""

    units: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()

    def include(self, actor: Actor) -> bool:
        """Whether the actor is of a handling unit, or is one who handled, in whatever role they act now."""
        names = {actor.staff, *(f"{role}:{actor.staff}" for role in Role)}
        return actor.unit in self.units or bool(names & self.staff)


NOBODY = Handlers()


def goes_to(outcome: VerificationOutcome, *, attempt: int, not_found_max: int) -> GoesTo:
    """Solved: the first receiver asks the requester. Partly or not solved: back to the unit, with a shorter clock.

    A place that was not found says nothing of the unit's work: the dispatcher says better where it is, and the grid
    looks again. Where that does not help either, the unit that claims to have been there shows it.
    """
    match outcome:
        case VerificationOutcome.SOLVED:
            return "first_receiver"
        case VerificationOutcome.PARTLY | VerificationOutcome.NOT_SOLVED:
            return "unit"
        case VerificationOutcome.NOT_FOUND:
            return "dispatcher" if attempt < not_found_max else "unit"


def may_read(actor: Actor, pack: CentrePack, place: str | None, handlers: Handlers) -> bool:
    """The centre's staff, the units that handled the case, and the grid of the place."""
    if actor.role in UNIT_ROLES:
        return actor.unit is not None and actor.unit in handlers.units
    if actor.role is Role.GRID_WORKER:
        return covers(pack, actor.grid, place)
    return actor.role in CENTRE_ROLES


def covers(pack: CentrePack, grid: str | None, place: str | None) -> bool:
    """Whether a worker of `grid` verifies at `place`: the same, or one lies in the other.

    Where either is unknown there is nothing to hold against the worker.
    """
    if grid is None or place is None:
        return True
    return place in places_around(pack, grid) or grid in places_around(pack, place)


def at_work(pack: CentrePack, grid: str | None, mode: Mode) -> bool:
    """Whether workers of the grid verify in this mode; whoever is of no grid, or of a whole township, always does."""
    place = None if grid is None else pack.place(grid)
    return not isinstance(place, Grid) or pack.modes.at_work(place.kind, mode)


def places_around(pack: CentrePack, code: str) -> tuple[str, ...]:
    """The place and what it lies in; a code the pack does not know stands for itself."""
    place = pack.place(code)
    return (code,) if place is None else place.chain


def places_within(pack: CentrePack, code: str) -> tuple[str, ...]:
    """The place and the grids in it."""
    return (code, *(grid.code for grid in pack.grids if grid.township == code))
