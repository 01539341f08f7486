"""`muster duty import`, `export`, `set`: rosters from sheets and files; first shown, then changed."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.doctor import CentreOption, DataOption
from deploy.cli.duty_asking import centre_pack, do, stored_rosters
from deploy.cli.words import err, fail, out, run_async
from deploy.importer.reading import FileUnreadable
from deploy.packs import default_pack_dir
from deploy.roster_sheets import read_sheet, write_sheet
from deploy.rosters import RostersFaulty, load_rosters
from deploy.session import Place, asking
from services.dispatch.policy.duty import checked_roster
from shared.clock import WallClock
from shared.contracts.base import Done
from shared.contracts.dispatch import MakeOverride, OverrideMade, SetRoster
from shared.infra.asking import Asker
from shared.rosters.differences import Plan, plan_of, roster_changes
from shared.rosters.rows import SheetFaulty, sheet_of

ApplyOption = Annotated[bool, typer.Option("--apply", help="really change it; without, only say what would change")]


def import_sheet(
    file: Annotated[Path, typer.Argument(help="CSV (UTF-8 or GBK) or XLSX; columns as muster duty export writes them")],
    apply: ApplyOption = False,
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Rosters and overrides from a sheet (排班表): shows what would change, and changes nothing without --apply."""
    try:
        sheet = sheet_of(read_sheet(file))

        async def work() -> Plan:
            async with asking(Place.here(data, centre)) as asker:
                stored, pack = await stored_rosters(asker), await centre_pack(asker)
                plan = plan_of(sheet, stored, pack, now=WallClock().now())
                if apply:
                    await _carry_out(asker, plan)
                return plan

        plan = run_async(work())
    except FileUnreadable as trouble:
        fail(str(trouble), code=2)
    except SheetFaulty as faulty:
        for fault in faulty.faults:
            err.print(str(fault), markup=False, soft_wrap=True)
        fail(f"{file} has {len(faulty.faults)} faulty row(s); nothing was changed", code=2)
    _print_plan(plan, apply)


def export_sheet(
    file: Annotated[Path, typer.Argument(help="where to write; .csv or .xlsx")],
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Rosters as a sheet that can be edited and imported again."""

    async def work() -> int:
        async with asking(Place.here(data, centre)) as asker:
            rosters = await stored_rosters(asker)
            try:
                return write_sheet(file, rosters, now=WallClock().now())
            except OSError as trouble:
                fail(f"cannot write {file}: {trouble.strerror}")

    written = run_async(work())
    out.print(f"[green]✓[/] {written} rows in {file}", soft_wrap=True)


def set_rosters(
    file: Annotated[
        Path, typer.Argument(help="rosters.yaml, or its folder", show_default="those that come with Muster")
    ] = default_pack_dir(),  # noqa: B008 - a path, the same for ever
    apply: ApplyOption = False,
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Rosters from a YAML file: shows what would change, and changes nothing without --apply."""
    try:
        wanted = load_rosters(file)
    except RostersFaulty as faulty:
        for fault in faulty.faults:
            err.print(str(fault), markup=False, soft_wrap=True)
        fail(f"{file} has {len(faulty.faults)} fault(s); nothing was changed")

    async def work() -> Plan:
        async with asking(Place.here(data, centre)) as asker:
            pack, stored = await centre_pack(asker), {each.code: each for each in await stored_rosters(asker)}
            complete = [checked_roster(pack, roster) for roster in wanted]
            changes = {roster.code: list(roster_changes(stored.get(roster.code), roster)) for roster in complete}
            changed = tuple(roster for roster in complete if changes[roster.code])
            words = tuple(f"{code}: {change}" for code, told in changes.items() for change in told)
            plan = Plan(changed, (), words, len(complete) - len(changed))
            if apply:
                await _carry_out(asker, plan)
            return plan

    _print_plan(run_async(work()), apply)


async def _carry_out(asker: Asker, plan: Plan) -> None:
    for roster in plan.rosters:
        await do(asker, SetRoster, Done, roster=roster)
    for _, code, override in plan.overrides:
        await do(asker, MakeOverride, OverrideMade, roster=code, override=override)


def _print_plan(plan: Plan, applied: bool) -> None:
    for words in plan.words:
        out.print(f"  {words}", markup=False, soft_wrap=True)
    count = len(plan.rosters) + len(plan.overrides)
    if count == 0:
        out.print("nothing to change: it is all there already")
    elif applied:
        out.print(
            f"[green]✓[/] {len(plan.rosters)} rosters set, {len(plan.overrides)} overrides made, {plan.left} left"
        )
    else:
        out.print(f"{count} to change, {plan.left} left as they are. Nothing was changed yet: repeat it with --apply")
