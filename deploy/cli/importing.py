"""`muster import`: takes what a platform pushes as a CSV file."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.words import err, fail, out, print_json, run_async
from deploy.importer.columns import FIELDS, MappingUnknown, guess_mapping, missing_fields, parse_mapping
from deploy.importer.reading import FileUnreadable, Rows, read_rows
from deploy.importer.taking import Report, take_rows
from deploy.packs import apply_pack, general_window, pack_in_force
from deploy.session import Place, asking
from shared.centre.load import load_pack
from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor, Role
from shared.contracts.intake import Source
from shared.errors import Unavailable

SOURCES = {
    "platform": Source.PLATFORM_PUSH,
    "superior": Source.SUPERIOR_ORDER,
    "window": Source.WINDOW,
    "grid": Source.GRID_PATROL,
}


def import_file(
    file: Annotated[Path, typer.Argument(help="CSV with a header line; UTF-8 or GBK")],
    source: Annotated[str, typer.Option(help=" | ".join(SOURCES))] = "platform",
    centre_pack: Annotated[Path | None, typer.Option(help="put this pack in force first")] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="FIELD=COLUMN or FIELD=COLUMN+COLUMN; fields: " + ", ".join(FIELDS)),
    ] = None,
    owner: Annotated[
        str | None, typer.Option(help="the account that answers for these cases as first receiver; else the window")
    ] = None,
    window: Annotated[
        str | None, typer.Option(help="the window that received them; without --owner the general one of the pack")
    ] = None,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Registers and accepts every row once: run twice it registers nothing twice, killed in the middle it continues.

    Ends with 1 where rows were refused.
    """
    if source not in SOURCES:
        fail(f"there is no source {source!r}: {', '.join(SOURCES)}", code=2)
    _check_receiver(source, owner, window)
    rows, columns = _read(file, mapping or [])

    async def work() -> Report:
        pack = load_pack(centre_pack) if centre_pack else None
        place = Place.here(data, centre or (pack.centre if pack else None))
        async with asking(place) as asker:
            if pack is not None:
                await apply_pack(asker, pack)
            current = pack or await pack_in_force(asker)
            if current is None:
                raise Unavailable("no centre pack is in force yet: give one with --centre-pack")
            _check_window(current, window)
            post, counter = receiver(current, owner, window)
            with _progress() as progress:
                bar = progress.add_task("importing", total=rows.total)
                return await take_rows(
                    asker,
                    rows,
                    columns,
                    current,
                    source=SOURCES[source],
                    owner=post,
                    window=counter,
                    on_row=lambda: progress.advance(bar),
                )

    report = run_async(work())
    if as_json:
        print_json(report.as_dict())
    else:
        _print(report)
    if report.refused:
        raise typer.Exit(1)


def _read(file: Path, mapping: list[str]) -> tuple[Rows, dict[str, list[str]]]:
    """The rows, and which columns each field is taken from."""
    try:
        rows = read_rows(file)
        columns = _ask_missing(guess_mapping(rows.columns, parse_mapping(mapping, rows.columns)), rows)
    except (FileUnreadable, MappingUnknown) as trouble:
        fail(str(trouble), code=2)
    if rows.encoding != "utf-8":
        err.print(f"the file is read as {rows.encoding}")
    return rows, columns


def receiver(pack: CentrePack, owner: str | None, window: str | None) -> tuple[str, str | None]:
    """Who answers to the end. Where no account is named it is a window, so that whoever works there follows up."""
    if owner is not None:
        return owner, window
    window = window or general_window(pack)
    return f"desk.{window}", window


def _check_receiver(source: str, owner: str | None, window: str | None) -> None:
    """What is wrong for every row alike is said once, before anything is started."""
    try:
        Actor(staff=owner or "desk", role=Role.SYSTEM, window=window)
    except ValidationError:
        fail(f"--owner {owner!r} is no account: write it as whoever answers signs in, e.g. clerk.general", code=2)
    if SOURCES[source] is Source.WINDOW and window is None:
        fail("--source window: say which window received them, with --window", code=2)


def _check_window(pack: CentrePack, window: str | None) -> None:
    if window is not None and pack.window(window) is None:
        known = ", ".join(one.code for one in pack.windows)
        fail(f"--window {window!r} is not a window of this centre; it has {known}", code=2)


def _ask_missing(columns: dict[str, list[str]], rows: Rows) -> dict[str, list[str]]:
    """What no header tells is asked where somebody can answer, and named where nobody can."""
    missing = missing_fields(columns)
    there = ", ".join(rows.columns)
    if missing and not sys.stdin.isatty():
        how = " ".join(f"--map {field}=COLUMN" for field in missing)
        raise MappingUnknown(f"no column for {' and '.join(missing)}: the file has {there}. Say which: {how}")
    for field in missing:
        told = typer.prompt(f"which column (or A+B) is the {field}? The file has: {there}")
        columns |= parse_mapping([f"{field}={told}"], rows.columns)
    return columns


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=err
    )


def _print(report: Report) -> None:
    out.print(
        f"{report.rows} rows: {report.registered} registered, {report.known} known already, {report.refused} refused"
    )
    for refusal in report.refusals[:50]:
        out.print(f"  row {refusal.row}, {refusal.field}: {refusal.reason}", markup=False)
    if len(report.refusals) > 50:
        out.print(f"  ... and {len(report.refusals) - 50} more (--json lists all)")
