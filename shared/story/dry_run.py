"""试算: the cases of the last days through two packs, and what would change, in the words of the trade. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.centre.compare import STAGES_COMPARED, Asked, Difference, Outcome, differences, whole_grid
from shared.centre.pack import CentrePack
from shared.contracts.dispatch import RoutedInput
from shared.story import Story
from shared.story.words import STAGES, limit_words

GRID_SOURCE = "window"
HEADINGS = {"owner": "承办", "supporters": "协办", **{stage: STAGES[stage] for stage in STAGES_COMPARED}}
NO_SUPPORTERS = "无"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes between two packs, and over what it was looked for: `cases`, or the whole `grid` and why."""

    before: CentrePack
    after: CentrePack
    over: str
    why_grid: str | None
    compared: int
    found: tuple[Difference, ...]

    @property
    def totals(self) -> Counter[str]:
        return Counter(each for one in self.found for each in one.changed)

    @property
    def owners_changed(self) -> int:
        return self.totals["owner"]

    @property
    def limits_changed(self) -> int:
        """Cases, not limits: a case with two other limits is one."""
        return sum(1 for one in self.found if set(one.changed) & set(STAGES_COMPARED))

    def as_dict(self) -> dict[str, Any]:
        return {
            "before": self.before.version,
            "after": self.after.version,
            "over": self.over,
            "why_grid": self.why_grid,
            "compared": self.compared,
            "changed": len(self.found),
            "totals": {name: self.totals[name] for name in HEADINGS},
            "differences": [_plain(one) for one in self.found],
        }


def dry_run(
    before: CentrePack, after: CentrePack, cases: Sequence[RoutedInput], *, otherwise: str, now: datetime
) -> Comparison:
    """Replays the cases. Where there are none it takes the whole grid, and says why: `otherwise`."""
    if cases:
        asked = [_asked(case) for case in cases]
        return Comparison(before, after, "cases", None, len(asked), tuple(differences(before, after, asked)))
    grid = list(whole_grid(before, after, source=GRID_SOURCE, at=now))
    return Comparison(before, after, "grid", otherwise, len(grid), tuple(differences(before, after, grid)))


def _asked(case: RoutedInput) -> Asked:
    return Asked(
        case.case_code, case.category, case.place, case.level, case.source, case.flags, case.accepted_at, case.mode
    )


def change_words(story: Story, becomes: Story, one: Difference) -> str:
    """`承办 公安分局 → 执法局；办理 5 个工作日 → 3 个工作日`"""
    return "；".join(_one_change(story, becomes, one, name) for name in one.changed)


def _one_change(story: Story, becomes: Story, one: Difference, name: str) -> str:
    was, will = one.before, one.after
    if name == "owner":
        return f"承办 {story.unit(was.unit)} → {becomes.unit(will.unit)}"
    if name == "supporters":
        return f"协办 {_units(story, was.supporters)} → {_units(becomes, will.supporters)}"
    return f"{HEADINGS[name]} {limit_words(was.limits[name])} → {limit_words(will.limits[name])}"


def _units(story: Story, codes: Iterable[str]) -> str:
    return story.units(codes) or NO_SUPPORTERS


def _plain(one: Difference) -> dict[str, Any]:
    asked = one.asked._asdict() | {"at": None if one.asked.at is None else one.asked.at.isoformat()}
    return {**asked, "changed": one.changed, "before": _side(one.before), "after": _side(one.after)}


def _side(outcome: Outcome) -> dict[str, Any]:
    return outcome._asdict() | {"limits": dict(outcome.limits)}
