"""`muster clock`: the arithmetic of a due time, line by line."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.doctor import JsonOption
from deploy.cli.words import fail, out, print_json, run_async
from deploy.packs import default_pack_dir
from shared.calendar import Due, Duration, due_at
from shared.centre.load import load_pack
from shared.centre.working_time import calendar_of

app = typer.Typer(no_args_is_help=True, help="Working time: by when a limit ends, and why.")


@app.command()
def explain(
    start: Annotated[
        str, typer.Option("--from", help="when it begins, e.g. 2026-09-28T10:00; local time of the centre")
    ],
    limit: Annotated[str, typer.Option(help="e.g. '5 working_day', '20 minute', '60 calendar_day', '1 month'")],
    pack: Annotated[Path, typer.Option(help="whose office hours and closures count")] = default_pack_dir(),  # noqa: B008
    as_json: JsonOption = False,
) -> None:
    """How a due time comes about: every day counted or left out, with the reason."""

    async def work() -> Due:
        calendar = calendar_of(load_pack(pack))
        began = _instant(start)
        if began.tzinfo is None:
            began = began.replace(tzinfo=calendar.timezone)
        try:
            return due_at(calendar, began, _duration(limit))
        except ValueError as beyond:
            fail(f"--limit {limit!r}: {beyond}", code=2)

    due = run_async(work())
    if as_json:
        print_json({"due_at": due.at.isoformat(), "provisional": due.provisional, "steps": list(due.steps)})
        return
    for line in due.steps:
        out.print(line, markup=False, soft_wrap=True)


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        fail(f"--from {text!r} is not an instant: write 2026-09-28T10:00", code=2)


def _duration(text: str) -> Duration:
    try:
        return Duration.parse(text)
    except ValueError as misfit:
        fail(f"--limit {text!r}: {misfit}", code=2)
