"""`muster centre diff`: what another pack would change, for the cases of the last days or over the whole grid."""

from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

from rich.table import Table

from deploy.cli.words import lines, out
from deploy.packs import pack_in_force
from deploy.session import Place, asking, find_addresses
from shared.centre.compare import Asked
from shared.centre.load import load_pack
from shared.centre.pack import CentrePack
from shared.contracts.actors import OPERATOR
from shared.contracts.dispatch import RoutedInput
from shared.errors import Refused, Unavailable
from shared.infra.asking import Asker
from shared.infra.replay import routed_since
from shared.story import Story
from shared.story.dry_run import HEADINGS, Comparison, change_words, dry_run

CURRENT = "current"
ROWS_SHOWN = 60


class NoPackInForce(Refused):
    code = "no_centre_pack"
    rule = "'current' is the pack in force"


async def compare(before: str, after: str, where: Place, *, days: int, now: datetime) -> Comparison:
    """Replays the cases of the last days. Where none can be had it takes the whole grid and says why."""
    async with AsyncExitStack() as stack:
        asker, trouble = await _asker(stack, where, needed=CURRENT in (before, after))
        packs = await _pack(before, asker), await _pack(after, asker)
        cases: list[RoutedInput] = []
        if asker is not None:
            try:
                cases = await routed_since(asker, OPERATOR, now - timedelta(days=days))
                trouble = f"no case was accepted in the last {days} days"
            except (Unavailable, Refused) as away:
                trouble = f"the cases cannot be read: {away.message}"
    return dry_run(*packs, cases, otherwise=trouble, now=now)


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
        table.add_row(one.asked.label, *named, change_words(story, becomes, one))
    return table


def _grid_rows(compared: Comparison) -> Table:
    """Cells with the same change in the same matter are one row."""
    table = lines("事项", "级别", "地点数", "变化")
    story, becomes = Story(compared.before), Story(compared.after)
    rows: dict[tuple[str | None, str], list[Asked]] = {}
    for one in compared.found:
        rows.setdefault((one.asked.category, change_words(story, becomes, one)), []).append(one.asked)
    for (category, change), cells in rows.items():
        named = story.category(category) if compared.before.category(category or "") else becomes.category(category)
        levels = "、".join(dict.fromkeys(cell.level for cell in cells))
        table.add_row(named, levels, str(len({cell.place for cell in cells})), change)
    return table
