"""Checks of normal and surge mode: each level is described once, and whatever it names exists."""

from collections.abc import Iterator

from shared.centre.check_references import Register
from shared.centre.errors import Fault
from shared.centre.locations import Locations
from shared.centre.pack import CentrePack


def broken_modes(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    yield from _twice([each.level for each in pack.modes.surge], "level", ("surge",), "level", where)
    yield from _twice([each.code for each in pack.modes.measures], "measure", ("measures",), "code", where)
    units = Register("unit", {unit.code for unit in pack.units}, "units.yaml")
    for index, level in enumerate(pack.modes.surge):
        for nth, code in enumerate(level.tells):
            yield from units.missing(code, where, "modes", "surge", index, "tells", nth)
        for nth, swap in enumerate(level.rosters):
            if swap.roster == swap.instead_of:
                what = f"the roster '{swap.roster}' stands in for itself at level {level.level}"
                advice = "Name another roster, or delete the line: what is not named stays as it is"
                yield where.fault("modes", "surge", index, "rosters", nth, "roster", what=what, advice=advice)
        for nth, kind in enumerate(level.grids):
            if kind not in {grid.kind for grid in pack.grids}:
                what = f"level {level.level} calls upon '{kind}' grids, but the centre has none"
                advice = "Add them to places.yaml, or leave the kind out"
                yield where.fault("modes", "surge", index, "grids", nth, what=what, advice=advice)
        replaced = [swap.instead_of for swap in level.rosters]
        yield from _twice(replaced, "roster", ("surge", index, "rosters"), "instead_of", where)
    yield from _named_nowhere(pack, where)


def _named_nowhere(pack: CentrePack, where: Locations) -> Iterator[Fault]:
    """A stage is opened only where a limit or ladder of a surge holds for it: else nothing would change."""
    changed = {limit.stage for limit in pack.limits if limit.modes}
    changed |= {stage for ladder in pack.ladders if ladder.modes for stage in ladder.stages}
    for index, level in enumerate(pack.modes.surge):
        for nth, stage in enumerate(level.open):
            if stage not in changed:
                what = f"level {level.level} opens the stage '{stage}', but no limit or ladder names a mode for it"
                advice = "Add a limit with modes to limits.yaml, or leave the stage out"
                yield where.fault("modes", "surge", index, "open", nth, what=what, advice=advice)


def _twice(
    codes: list[str], noun: str, section: tuple[str | int, ...], field: str, where: Locations
) -> Iterator[Fault]:
    for nth, code in enumerate(codes):
        if code in codes[:nth]:
            what = f"the {noun} '{code}' stands there twice"
            yield where.fault("modes", *section, nth, field, what=what, advice="Leave one of the two")
