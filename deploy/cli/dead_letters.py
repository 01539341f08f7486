"""`muster dead-letters`: events that could not be applied, why, and trying them again."""

from uuid import uuid4

import typer

from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.words import fail, lines, out, print_json, run_async
from deploy.session import Place, answering, asking
from shared.contracts.actors import OPERATOR
from shared.contracts.common import DeadLetter, DeadLetters, ListDeadLetters, RetryDeadLetters
from shared.contracts.subjects import EVERY_SERVICE

app = typer.Typer(no_args_is_help=True, help="Events that could not be applied. Nothing here is lost.")


@app.command("list")
def list_(data: DataOption = None, centre: CentreOption = None, as_json: JsonOption = False) -> None:
    """All services' open dead letters."""

    async def work() -> dict[str, tuple[DeadLetter, ...]]:
        async with asking(Place.here(data, centre)) as asker:
            return {
                service: (await asker.ask(ListDeadLetters(actor=OPERATOR), DeadLetters, service=service)).letters
                for service in await answering(asker)
            }

    found = run_async(work())
    if as_json:
        print_json([{"service": s, **one.model_dump(mode="json")} for s, letters in found.items() for one in letters])
        return
    if not any(found.values()):
        out.print("no dead letters")
        return
    table = lines("service", "id", "died", "event", "about", "reason")
    for service, letters in found.items():
        for one in letters:
            table.add_row(
                service, str(one.id), f"{one.died_at:%m-%d %H:%M:%S}", one.event_type, one.subject, one.reason
            )
    out.print(table)


@app.command()
def show(service: str, letter: int, data: DataOption = None, centre: CentreOption = None) -> None:
    """One dead letter with its whole event."""
    _check(service)

    async def work() -> DeadLetters:
        async with asking(Place.here(data, centre)) as asker:
            return await asker.ask(ListDeadLetters(actor=OPERATOR, id=letter), DeadLetters, service=service)

    letters = run_async(work()).letters
    if not letters:
        fail(f"{service} has no dead letter {letter}", code=2)
    print_json(letters[0].model_dump(mode="json"))


@app.command()
def retry(service: str, letter: int, data: DataOption = None, centre: CentreOption = None) -> None:
    """Applies it again, and all that wait behind it in the same case, in order."""
    _check(service)

    async def work() -> DeadLetters:
        command = RetryDeadLetters(actor=OPERATOR, idempotency_key=uuid4().hex, id=letter)
        async with asking(Place.here(data, centre)) as asker:
            return await asker.ask(command, DeadLetters, service=service)

    letters = run_async(work()).letters
    if letters and letters[0].retried_at is None:
        fail("it failed again; the log says why, and it stays here")
    out.print("applied")


def _check(service: str) -> None:
    if service not in EVERY_SERVICE:
        fail(f"there is no service {service!r}: {', '.join(EVERY_SERVICE)}", code=2)
