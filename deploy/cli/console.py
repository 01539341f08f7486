"""`muster console`: the care of the console's read model."""

import asyncio
from uuid import uuid4

import typer

from deploy.cli.doctor import CentreOption, DataOption
from deploy.cli.words import out, run_async
from deploy.session import Place, asking, servers
from shared.contracts.actors import OPERATOR
from shared.contracts.base import Done
from shared.contracts.console import ClearBoard
from shared.contracts.subjects import CONSOLE, EVERY_SERVICE
from shared.infra.messaging import ADMINISTRATOR, connect, is_caught_up, read_again

app = typer.Typer(help="The console's read model: made from events, made again at any time.", no_args_is_help=True)
CAUGHT_UP_MAX_S = 3_600.0
LOOK_S = 0.2


@app.command("rebuild")
def rebuild(data: DataOption = None, centre: CentreOption = None) -> None:
    """Forgets the board and applies every event once more. Screens go on and show the new rows as they come."""

    async def work() -> None:
        place = Place.here(data, centre)
        async with servers(place) as addresses, asking(place, names=EVERY_SERVICE) as asker:
            await asker.ask(ClearBoard(actor=OPERATOR, idempotency_key=uuid4().hex), Done)
            client = await connect(addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
            try:
                await read_again(client, CONSOLE, place.centre)
                async with asyncio.timeout(CAUGHT_UP_MAX_S):
                    while not await is_caught_up(client, CONSOLE, place.centre):
                        await asyncio.sleep(LOOK_S)
            finally:
                await client.close()

    run_async(work())
    out.print("[green]✓[/] the board was made anew from the events")
