"""The `muster` command."""

import logging
import sys
import tempfile
import traceback

import typer

from deploy.cli import (
    appeals,
    case,
    centre,
    clock,
    console,
    dead_letters,
    demo,
    doctor,
    duty,
    explanations,
    importing,
    mode,
    notices,
    referrals,
    route,
    serving,
    similar,
    staff,
    suggest,
    summons,
    supervision,
    up,
    vault,
)
from deploy.cli.words import err
from shared.infra.logs import configure_logs

app = typer.Typer(
    name="muster",
    help="Muster (吹哨报到): dispatch for a district social governance centre.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def begin() -> None:
    """Only what needs attention is logged, to standard error; `up` and `serve` log everything."""
    configure_logs(level=logging.WARNING)


app.command("up")(up.up)
app.command("serve")(serving.serve)
app.command("provision")(serving.provision_streams)
app.command("republish")(serving.republish)
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)
app.command("import")(importing.import_file)
app.command("case")(case.case)
app.command("queue")(case.queue)
app.command("similar")(similar.similar)
app.command("explanations")(explanations.explanations)
app.command("suggest")(suggest.suggest)
app.add_typer(centre.app, name="centre")
app.add_typer(clock.app, name="clock")
app.add_typer(route.app, name="route")
app.add_typer(summons.app, name="summons")
app.add_typer(duty.app, name="duty")
app.add_typer(mode.app, name="mode")
app.add_typer(notices.app, name="notices")
app.add_typer(supervision.app, name="supervision")
app.add_typer(appeals.app, name="appeals")
app.add_typer(referrals.app, name="referrals")
app.add_typer(dead_letters.app, name="dead-letters")
app.add_typer(vault.app, name="vault")
app.add_typer(staff.app, name="staff")
app.add_typer(console.app, name="console")


def run() -> None:
    """Whatever goes wrong, the user reads words; the trace goes into a file for whoever mends it."""
    try:
        app()
    except Exception as bug:  # noqa: BLE001 - the last net
        with tempfile.NamedTemporaryFile("w", prefix="muster-fault-", suffix=".txt", delete=False) as file:
            traceback.print_exception(bug, file=file)
        err.print(
            f"Something went wrong in Muster itself ({type(bug).__name__}). Nothing was lost. "
            f"Please pass on this file: {file.name}",
            markup=False,
            soft_wrap=True,
        )
        sys.exit(1)
