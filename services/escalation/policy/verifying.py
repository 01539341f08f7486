"""Who may verify: never whoever handled, and only in the grid of the case (DOMAIN: closed loop, 2)."""

from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor, Role


def handled(actor: Actor, *, unit: str, reported_by: str) -> bool:
    """Whether the actor is of the handling unit, or is the very one who reported, in whatever role they act now."""
    names = {actor.staff, *(f"{role}:{actor.staff}" for role in Role)}
    return actor.unit == unit or reported_by in names


def covers(pack: CentrePack, grid: str | None, place: str | None) -> bool:
    """Whether a worker of `grid` verifies at `place`: the same, or one lies in the other.

    Where either is unknown there is nothing to hold against the worker.
    """
    if grid is None or place is None:
        return True
    return place in places_around(pack, grid) or grid in places_around(pack, place)


def places_around(pack: CentrePack, code: str) -> tuple[str, ...]:
    """The place and what it lies in; a code the pack does not know stands for itself."""
    place = pack.place(code)
    return (code,) if place is None else place.chain


def places_within(pack: CentrePack, code: str) -> tuple[str, ...]:
    """The place and the grids in it."""
    return (code, *(grid.code for grid in pack.grids if grid.township == code))
