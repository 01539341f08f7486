"""`muster centre`: prove a centre pack complete, and put it in force."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli import pack_drafts
from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.pack_diff import compare, print_comparison
from deploy.cli.words import fail, out, print_json, run_async
from deploy.packs import apply_pack, default_pack_dir, pack_in_force
from deploy.rosters import apply_rosters, rosters_beside
from deploy.session import Place, asking
from shared.centre.load import load_pack
from shared.centre.pack import CentrePack
from shared.clock import WallClock
from shared.contracts.actors import OPERATOR
from shared.contracts.dispatch import PackOfVersion, ReadPackVersion
from shared.story.dry_run import Comparison

app = typer.Typer(no_args_is_help=True, help="The centre pack: who answers for what, where, and in which time.")
app.command()(pack_drafts.draft)
app.command()(pack_drafts.approve)
app.command()(pack_drafts.withdraw)
app.command()(pack_drafts.history)
PackArgument = Annotated[Path, typer.Argument(help="the pack's folder", show_default="the pack that comes with Muster")]


@app.command()
def check(pack: PackArgument = default_pack_dir()) -> None:  # noqa: B008 - a path, the same for ever
    """Proves a pack complete: every category and place has an owner, every limit a source, no rule is unreachable."""

    async def work() -> tuple[CentrePack, int]:
        return load_pack(pack), len(rosters_beside(pack))

    proven, rosters = run_async(work())
    out.print(f"[green]✓[/] {proven.title}: version {proven.version}")
    out.print(
        f"  {len(proven.units)} units, {len(proven.categories)} categories, {len(proven.townships)} townships, "
        f"{len(proven.grids)} grids, {len(proven.rules)} rules, {len(proven.limits)} limits, {rosters} rosters"
    )


@app.command()
def apply(
    pack: PackArgument = default_pack_dir(),  # noqa: B008
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Puts a pack in force at once, and the rosters beside it that are new. Running cases keep their version.

    For the first set-up and for need, by whoever runs the machine; it is on record as theirs. Otherwise: draft.
    """

    async def work() -> None:
        proven, rosters = load_pack(pack), rosters_beside(pack)
        async with asking(Place.here(data, centre or proven.centre)) as asker:
            applied = await apply_pack(asker, proven)
            taken = await apply_rosters(asker, rosters)
        words = "is now in force" if applied.changed else "was in force already"
        out.print(f"[green]✓[/] {proven.title}: version {applied.version} {words}")
        if taken:
            out.print(f"[green]✓[/] new rosters: {', '.join(taken)}")
        if centre is None and proven.centre != Place.here(data).centre:
            out.print(f"  it is of centre {proven.centre}: start that with `muster up --centre {proven.centre}`,")
            out.print("  and name it to every other command (--centre, or MUSTER_CENTRE)")

    run_async(work())


@app.command()
def show(
    version: Annotated[str | None, typer.Option("--version", help="another one than that in force, in full")] = None,
    data: DataOption = None,
    centre: CentreOption = None,
) -> None:
    """Which pack is in force; or the whole content of any version that is, was, or is drafted."""

    async def work() -> CentrePack | PackOfVersion | None:
        async with asking(Place.here(data, centre)) as asker:
            if version is not None:
                return await asker.ask(ReadPackVersion(actor=OPERATOR, version=version), PackOfVersion)
            return await pack_in_force(asker)

    found = run_async(work())
    if found is None:
        fail("no centre pack is in force yet: muster centre apply")
    if isinstance(found, PackOfVersion):
        print_json(found.pack)
    else:
        out.print(f"{found.title} ({found.name}), version {found.version}")


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="a pack's folder, or `current`: the pack in force")],
    after: Annotated[str, typer.Argument(metavar="B", help="the pack to compare it with, likewise")],
    days: Annotated[int, typer.Option(min=1, max=3650, help="replay the cases of so many days")] = 30,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Replays the last days' cases through both packs: whose owner, supporters or limit would change."""

    async def work() -> Comparison:
        return await compare(before, after, Place.here(data, centre), days=days, now=WallClock().now())

    compared = run_async(work())
    if as_json:
        print_json(compared.as_dict())
    else:
        print_comparison(compared)
