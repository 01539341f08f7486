"""`muster doctor`: what is missing or wrong here, in plain words: the machine, the servers, the services."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli.words import out, print_json, run_async
from deploy.embedded.checks import Finding, examine
from shared.contracts.actors import OPERATOR
from shared.contracts.common import Health, ReadHealth
from shared.errors import Unavailable
from shared.infra.asking import Asker

if TYPE_CHECKING:
    from deploy.session import Place

DataOption = Annotated[Path | None, typer.Option("--data", envvar="MUSTER_DATA", help="the data folder")]
CentreOption = Annotated[str | None, typer.Option("--centre", envvar="MUSTER_CENTRE", help="the centre's token")]
JsonOption = Annotated[bool, typer.Option("--json", help="one JSON object instead of words")]


def doctor(data: DataOption = None, centre: CentreOption = None, as_json: JsonOption = False) -> None:
    """Says what is missing or wrong here, and what to do about it."""
    findings = run_async(_examined(data, centre))
    if as_json:
        print_json([{"ok": one.ok, "what": one.what, "advice": one.advice} for one in findings])
    else:
        for one in findings:
            out.print("[green]✓[/]" if one.ok else "[red]✗[/]", one.what, soft_wrap=True)
            if not one.ok:
                out.print("   →", one.advice, soft_wrap=True)
    if not all(one.ok for one in findings):
        raise typer.Exit(1)


async def _examined(data: Path | None, centre: str | None) -> list[Finding]:
    from deploy.session import Place

    place = Place.here(data, centre)
    return [*examine(place.data), *await _services(place)]


async def _services(place: "Place") -> list[Finding]:
    """Asks the services that run; says nothing where no servers do."""
    from deploy.connection import AskerConnection
    from deploy.session import answering, find_addresses

    addresses = await asyncio.to_thread(find_addresses, place)
    if addresses is None:
        return []
    async with AskerConnection(addresses, place.centre) as asker:
        return [finding for name in await answering(asker) for finding in await _one(asker, name)]


async def _one(asker: Asker, name: str) -> list[Finding]:
    try:
        health = await asker.ask(ReadHealth(actor=OPERATOR), Health, service=name)
    except Unavailable as away:
        return [Finding(False, f"{name}: {away.message}", "start it: muster up, or muster serve " + name)]
    state = "answers" if health.healthy else "is not well"
    told = ", ".join(f"{key.replace('_', ' ')}: {value}" for key, value in health.facts.items())
    findings = [Finding(health.healthy, f"{name} {state} ({told})", "see the log; then restart it")]
    if health.facts["dead_letters"] != "0":
        advice = "look at them: muster dead-letters list; when the cause is mended: muster dead-letters retry"
        findings.append(Finding(False, f"{name} has events it could not apply", advice))
    return findings
