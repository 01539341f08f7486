"""`muster clock`: the arithmetic of a due time, line by line."""

from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.words import fail, out, print_json, run_async
from deploy.packs import default_pack, pack_in_force
from deploy.session import Place, asking, find_addresses
from shared.calendar import Due, Duration, due_at
from shared.centre.load import load_pack
from shared.centre.pack import CentrePack
from shared.centre.working_time import calendar_of

app = typer.Typer(no_args_is_help=True, help="Working time: by when a limit ends, and why.")


@app.command()
def explain(
    start: Annotated[
        str, typer.Option("--from", help="when it begins, e.g. 2026-09-28T10:00; local time of the centre")
    ],
    limit: Annotated[str, typer.Option(help="e.g. '5 working_day', '20 minute', '1 month', '5 calendar_day elapsed'")],
    pack: Annotated[
        Path | None,
        typer.Option(help="whose office hours and closures count; that in force where a centre runs, else the sample"),
    ] = None,
    place: Annotated[
        str | None, typer.Option(help="a township or grid, by code or name, whose own closures and workdays count")
    ] = None,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """How a due time comes about: every day counted or left out, with the reason."""

    async def work() -> Due:
        rules = load_pack(pack) if pack is not None else await _in_force(Place.here(data, centre))
        calendar = calendar_of(rules, None if place is None else _place(rules, place))
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


async def _in_force(where: Place) -> CentrePack:
    """No server is started for it: where none runs, the sample that comes with the program counts."""
    if find_addresses(where) is not None:
        async with asking(where) as asker:
            if (current := await pack_in_force(asker)) is not None:
                return current
    return default_pack()


def _place(pack: CentrePack, text: str) -> str:
    found = pack.place(text) or next((each for each in pack.places if text in (each.name, *each.aliases)), None)
    if found is None:
        near = get_close_matches(text, [word for each in pack.townships for word in (each.code, each.name)], n=3)
        known = f"did you mean {' or '.join(near)}?" if near else f"townships are {_townships(pack)}"
        fail(f"--place {text!r} is no township or grid of {pack.title}; {known}", code=2)
    return found.code


def _townships(pack: CentrePack) -> str:
    return ", ".join(f"{township.code} {township.name}" for township in pack.townships)


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
