"""`muster doctor`: what is missing or wrong on this machine, in plain words."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.words import out, print_json
from deploy.embedded.checks import examine
from deploy.embedded.folders import default_data_dir

DataOption = Annotated[Path | None, typer.Option("--data", envvar="MUSTER_DATA", help="the data folder")]
CentreOption = Annotated[str | None, typer.Option("--centre", envvar="MUSTER_CENTRE", help="the centre's token")]
JsonOption = Annotated[bool, typer.Option("--json", help="one JSON object instead of words")]


def doctor(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Says what is missing or wrong here, and what to do about it."""
    findings = examine(data or default_data_dir())
    if as_json:
        print_json([{"ok": one.ok, "what": one.what, "advice": one.advice} for one in findings])
    else:
        for one in findings:
            out.print("[green]✓[/]" if one.ok else "[red]✗[/]", one.what, soft_wrap=True)
            if not one.ok:
                out.print("   →", one.advice, soft_wrap=True)
    if not all(one.ok for one in findings):
        raise typer.Exit(1)
