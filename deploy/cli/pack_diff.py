"""`muster centre diff`: what another pack would change, for the cases of the last days or over the whole grid."""

from collections import Counter
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.table import Table

from deploy.cli.words import lines, out
from deploy.packs import pack_in_force
from deploy.session import Place, asking, find_addresses
from shared.centre.compare import STAGES_COMPARED, Asked, Difference, Outcome, differences, whole_grid
from shared.centre.load import load_pack
from shared.centre.pack import CentrePack
from shared.contracts.actors import OPERATOR
from shared.contracts.dispatch import ListRoutedInputs, RoutedInput, RoutedInputs
from shared.errors import Refused, Unavailable
from shared.infra.asking import Asker
from shared.story import STAGES, Story, limit_words

CURRENT = "current"
PAGE = 1000
GRID_SOURCE = "window"
ROWS_SHOWN = 60
HEADINGS = {"owner": "承办", "supporters": "协办", **{stage: STAGES[stage] for stage in STAGES_COMPARED}}


class NoPackInForce(Refused):
    code = "no_centre_pack"
    rule = "'current' is the pack in force"


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


async def compare(before: str, after: str, where: Place, *, days: int, now: datetime) -> Comparison:
    """Replays the cases of the last days. Where none can be had it takes the whole grid and says why."""
    async with AsyncExitStack() as stack:
        asker, trouble = await _asker(stack, where, needed=CURRENT in (before, after))
        packs = await _pack(before, asker), await _pack(after, asker)
        cases: list[Asked] = []
        if asker is not None:
            try:
                cases = [_asked(each) for each in await _routed(asker, since=now - timedelta(days=days))]
                trouble = f"no case was accepted in the last {days} days"
            except (Unavailable, Refused) as away:
                trouble = f"the cases cannot be read: {away.message}"
    if cases:
        return Comparison(*packs, "cases", None, len(cases), tuple(differences(*packs, cases)))
    grid = list(whole_grid(*packs, source=GRID_SOURCE, at=now))
    return Comparison(*packs, "grid", trouble, len(grid), tuple(differences(*packs, grid)))


async def _asker(stack: AsyncExitStack, where: Place, *, needed: bool) -> tuple[Asker | None, str]:
    """Two folders can be compared without any server: none is started for them."""
    if not needed and find_addresses(where) is None:
        return None, "no services run here"
    try:
        return await stack.enter_async_context(asking(where)), ""
    except Unavailable as away:
        if needed:
            raise
        return None, away.message


async def _pack(name: str, asker: Asker | None) -> CentrePack:
    if name != CURRENT or asker is None:
        return load_pack(Path(name))
    current = await pack_in_force(asker)
    if current is None:
        raise NoPackInForce("no centre pack is in force yet: muster centre apply")
    return current


async def _routed(asker: Asker, *, since: datetime) -> list[RoutedInput]:
    found: list[RoutedInput] = []
    while True:
        request = ListRoutedInputs(actor=OPERATOR, since=since, offset=len(found), limit=PAGE)
        page = await asker.ask(request, RoutedInputs)
        found += page.cases
        if not page.cases or len(found) >= page.total:
            return found


def _asked(case: RoutedInput) -> Asked:
    return Asked(
        case.case_code, case.category, case.place, case.level, case.source, case.flags, case.accepted_at, case.mode
    )


# -- how it is shown ---------------------------------------------------------------------------------------------------


def print_comparison(compared: Comparison) -> None:
    if compared.why_grid is not None:
        out.print(f"Compared over the whole grid of category x place x level: {compared.why_grid}.", markup=False)
        out.print("(source window, no flags, accepted now)", markup=False)
    noun = "cases" if compared.over == "cases" else "cells of the grid"
    out.print(
        f"{compared.before.version} → {compared.after.version}: {compared.compared} {noun} compared, {_sum(compared)}"
    )
    rows = _case_rows(compared) if compared.over == "cases" else _grid_rows(compared)
    if rows.row_count:
        out.print(rows)
    if len(compared.found) > ROWS_SHOWN and compared.over == "cases":
        out.print(f"... and {len(compared.found) - ROWS_SHOWN} more (--json lists all)")


def _sum(compared: Comparison) -> str:
    if not compared.found:
        return "[green]nothing changes[/]"
    each = "，".join(f"{HEADINGS[name]} {compared.totals[name]}" for name in HEADINGS if compared.totals[name])
    return f"[yellow]{len(compared.found)} change[/]: {each}"


def _case_rows(compared: Comparison) -> Table:
    table = lines("案件", "事项", "地点", "变化")
    story, becomes = Story(compared.before), Story(compared.after)
    for one in compared.found[:ROWS_SHOWN]:
        named = story.category(one.asked.category), story.place(one.asked.place)
        table.add_row(one.asked.label, *named, _change(story, becomes, one))
    return table


def _grid_rows(compared: Comparison) -> Table:
    """Cells with the same change in the same matter are one row."""
    table = lines("事项", "级别", "地点数", "变化")
    story, becomes = Story(compared.before), Story(compared.after)
    rows: dict[tuple[str | None, str], list[Asked]] = {}
    for one in compared.found:
        rows.setdefault((one.asked.category, _change(story, becomes, one)), []).append(one.asked)
    for (category, change), cells in rows.items():
        named = story.category(category) if compared.before.category(category or "") else becomes.category(category)
        levels = "、".join(dict.fromkeys(cell.level for cell in cells))
        table.add_row(named, levels, str(len({cell.place for cell in cells})), change)
    return table


def _change(story: Story, becomes: Story, one: Difference) -> str:
    return "；".join(_one_change(story, becomes, one, name) for name in one.changed)


def _one_change(story: Story, becomes: Story, one: Difference, name: str) -> str:
    was, will = one.before, one.after
    if name == "owner":
        return f"承办 {story.unit(was.unit)} → {becomes.unit(will.unit)}"
    if name == "supporters":
        return f"协办 {_units(story, was.supporters)} → {_units(becomes, will.supporters)}"
    return f"{HEADINGS[name]} {limit_words(was.limits[name])} → {limit_words(will.limits[name])}"


def _units(story: Story, codes: Iterable[str]) -> str:
    return story.units(codes) or "无"


def _plain(one: Difference) -> dict[str, Any]:
    asked = one.asked._asdict() | {"at": None if one.asked.at is None else one.asked.at.isoformat()}
    return {**asked, "changed": one.changed, "before": _side(one.before), "after": _side(one.after)}


def _side(outcome: Outcome) -> dict[str, Any]:
    return outcome._asdict() | {"limits": dict(outcome.limits)}
