"""The posts of a simulated centre. A post's name tells which window, unit or grid it stands for."""

from dataclasses import dataclass

from deploy.demo.plan import CasePlan
from deploy.packs import general_window
from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor, Role
from shared.contracts.intake import Source

DISPATCHER = Actor(staff="dispatcher", role=Role.DISPATCHER)
COMMANDER = Actor(staff="commander", role=Role.COMMANDER)
COMMAND_ROOM = Actor(staff="command-room", role=Role.COMMAND_ROOM)


@dataclass(frozen=True, slots=True)
class Staff:
    pack: CentrePack

    def clerk(self, window: str) -> Actor:
        return Actor(staff=f"clerk.{window}", role=Role.INTAKE_CLERK, window=window)

    def patrol(self, grid: str) -> Actor:
        """A grid worker hands in what they find at the general window, which then follows it up."""
        return Actor(staff=f"grid.{grid}", role=Role.GRID_WORKER, grid=grid, window=general_window(self.pack))

    def receiver(self, case: CasePlan) -> Actor:
        """Who registers the case, and so answers for it."""
        if case.source is Source.GRID_PATROL and case.grid is not None:
            return self.patrol(case.grid)
        return self.clerk(case.window)

    def answering(self, owner: str) -> Actor:
        """The clerk who may speak for a first receiver: of their own window, else of the general one."""
        kind, _, window = owner.partition(".")
        known = kind == "clerk" and self.pack.window(window) is not None
        return self.clerk(window if known else general_window(self.pack))

    def liaison(self, unit: str) -> Actor:
        return Actor(staff=f"{unit}.liaison", role=Role.LIAISON_OFFICER, unit=unit)

    def handler(self, unit: str) -> Actor:
        return Actor(staff=f"handler.{unit}", role=Role.HANDLER, unit=unit)

    def director(self, number: int) -> Actor:
        """The units of the register take turns."""
        unit = self.pack.directors[number % len(self.pack.directors)]
        return Actor(staff=f"{unit}.director", role=Role.DUTY_DIRECTOR, unit=unit)

    def verifier(self, place: str | None) -> Actor:
        """The grid worker of the place: of the grid itself, or of the township's first grid.

        Of the whole township, where the place is a grid that verifies in a surge only.
        """
        own = next((grid for grid in self.pack.grids if grid.code == place), None)
        if own is not None and not self.pack.modes.at_work(own.kind, "normal"):
            return Actor(staff=f"grid.{own.township}", role=Role.GRID_WORKER, grid=own.township)
        inside = next((grid.code for grid in self.pack.grids if grid.township == place), place)
        return Actor(staff=f"grid.{inside or 'centre'}", role=Role.GRID_WORKER, grid=inside)
