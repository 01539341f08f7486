"""平战转换: what a surge changes in a centre, level by level, as its pack says (DOMAIN: normal and surge mode)."""

from typing import Annotated, Literal

from pydantic import Field

from shared.centre.nouns import GridKind, Level, Mode
from shared.centre.parts import Code, Frozen, Words

# A summons that runs keeps its ladder, a supervision order the time it was ordered with, a decision on more time that
# of the request; and returning is a right, not owed.
OpenStage = Literal[
    "accept",
    "dispatch",
    "contact",
    "sign_off",
    "handle",
    "report_back",
    "verify",
    "follow_up",
]
SURGE_OF: dict[Level, Mode] = {"I": "surge.I", "II": "surge.II", "III": "surge.III", "IV": "surge.IV"}


class Measure(Frozen):
    """A measure the commander may order with a surge, e.g. leaders on site."""

    code: Code
    name: Words


class SurgeRoster(Frozen):
    """In the surge this roster answers in the place of another; outside of it, it answers nobody."""

    instead_of: Code
    roster: Code


class SurgeLevel(Frozen):
    """What holds at one level. Its limits, ladders and rules name the level themselves (`modes: [surge.II]`).

    `open` are the stages whose open clocks take the level's limit, too; all others keep what they were promised.
    `grids` are kinds of grid that verify at this level, too (启用微网格): a kind that any level names does so in no
    other mode. `tells` are units whose liaison officers hear of every switch. Every `report_hours` a situation report
    is due.
    """

    level: Level
    open: tuple[OpenStage, ...] = ()
    rosters: tuple[SurgeRoster, ...] = ()
    grids: tuple[GridKind, ...] = ()
    tells: tuple[Code, ...] = ()
    report_hours: Annotated[int, Field(ge=1, le=168)] | None = None


class ModeTerms(Frozen):
    """`spare_minutes`: no open clock comes due earlier than so long after a switch, as nobody is overdue by it."""

    surge_days_max: Annotated[int, Field(ge=1, le=366)] = 30
    remind_minutes: Annotated[int, Field(ge=1, le=10_080)] = 120
    remind_again_minutes: Annotated[int, Field(ge=1, le=10_080)] = 120
    spare_minutes: Annotated[int, Field(ge=1, le=10_080)] = 60
    measures: tuple[Measure, ...] = ()
    surge: tuple[SurgeLevel, ...] = ()

    def level(self, level: Level) -> SurgeLevel | None:
        return next((each for each in self.surge if each.level == level), None)

    def of(self, mode: Mode) -> SurgeLevel | None:
        """What the pack says of a mode; None for normal, and for a level it says nothing of."""
        return next((each for each in self.surge if SURGE_OF[each.level] == mode), None)

    def changes_open(self, mode: Mode, stage: str) -> bool:
        terms = self.of(mode)
        return terms is not None and stage in terms.open

    def stand_ins(self, mode: Mode) -> dict[str, str]:
        """Roster -> the one that answers in its place in this mode."""
        terms = self.of(mode)
        return {} if terms is None else {swap.instead_of: swap.roster for swap in terms.rosters}

    @property
    def surge_rosters(self) -> frozenset[str]:
        return frozenset(swap.roster for level in self.surge for swap in level.rosters)

    def at_work(self, kind: GridKind, mode: Mode) -> bool:
        """Whether grids of a kind verify in a mode: those that no level names do always."""
        terms = self.of(mode)
        reserved = any(kind in level.grids for level in self.surge)
        return not reserved or (terms is not None and kind in terms.grids)

    def measure(self, code: str) -> Measure | None:
        return next((each for each in self.measures if each.code == code), None)
