"""`muster console`: the care of the console's read model, and the walls that show it."""

import asyncio
from typing import Annotated
from uuid import uuid4

import typer
from nats.aio.client import Client

from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.operator_asking import ask
from deploy.cli.words import lines, out, print_json, run_async
from deploy.databases import database_for
from deploy.embedded.running import ServerAddresses
from deploy.session import Place, asking, servers
from shared.clock import WallClock
from shared.contracts.actors import OPERATOR
from shared.contracts.base import Done
from shared.contracts.console import (
    ClearBoard,
    ListWallTokens,
    MakeWallToken,
    RevokeWallToken,
    WallTokenMade,
    WallTokens,
)
from shared.contracts.subjects import CONSOLE, EVERY_SERVICE
from shared.infra.asking import Asker
from shared.infra.messaging import ADMINISTRATOR, connect, is_caught_up, read_again

app = typer.Typer(help="The console's read model, made from events; and its walls (大屏).", no_args_is_help=True)
walls = typer.Typer(help="大屏: read-only addresses, one for each screen.", no_args_is_help=True)
app.add_typer(walls, name="wall-token")
WallArgument = Annotated[str, typer.Argument(help="the screen's name, e.g. hall-1")]
CAUGHT_UP_MAX_S = 3_600.0
LOOK_S = 0.2


@app.command("rebuild")
def rebuild(data: DataOption = None, centre: CentreOption = None) -> None:
    """Makes the board and what is counted anew from every event. Screens have the old rows until that is done."""
    from services.console.operations.rebuild_board import NotInOneGo

    async def work() -> None:
        place = Place.here(data, centre)
        async with servers(place) as addresses, asking(place, names=EVERY_SERVICE) as asker:
            client = await connect(addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
            try:
                await _rebuild_in_one_go(addresses, place, client)
            except NotInOneGo as obstacle:
                out.print(f"[yellow]{obstacle}[/]: every event is applied by itself, which takes longer")
                await _read_again(asker, client, place)
            finally:
                await client.close()

    run_async(work())
    out.print("[green]✓[/] the board was made anew from the events")


async def _rebuild_in_one_go(addresses: ServerAddresses, place: Place, client: Client) -> None:
    """The service itself is imported where it is wanted only: other commands have no use for it."""
    from services.console.main import build
    from services.console.operations.rebuild_board import rebuild_board
    from services.console.settings import ConsoleSettings
    from services.console.subscribers import HANDLERS

    url = await database_for(addresses.database_url, place.centre)
    nats_url = addresses.nats_urls[CONSOLE]
    settings = ConsoleSettings(database_url=url, nats_url=nats_url, centre=place.centre, console_port=None)
    console = build(settings, WallClock())
    try:
        await rebuild_board(console.work, client, HANDLERS)
    finally:
        await console.engine.dispose()


async def _read_again(asker: Asker, client: Client, place: Place) -> None:
    await asker.ask(ClearBoard(actor=OPERATOR, idempotency_key=uuid4().hex), Done)
    await read_again(client, CONSOLE, place.centre)
    async with asyncio.timeout(CAUGHT_UP_MAX_S):
        while not await is_caught_up(client, CONSOLE, place.centre):
            await asyncio.sleep(LOOK_S)


@walls.command("make")
def make_wall(name: WallArgument, data: DataOption = None, centre: CentreOption = None) -> None:
    """Makes the address of one screen; it is printed once and known to nobody else."""
    made: WallTokenMade = ask(MakeWallToken, {"name": name}, WallTokenMade, data, centre)
    out.print(f"大屏 {made.name}：在控制台地址后面加上（只显示这一次，不要转发）")
    out.print(f"/wall/{made.token}", soft_wrap=True)


@walls.command("list")
def list_walls(
    revoked: Annotated[bool, typer.Option("--revoked", help="with those that were revoked")] = False,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every screen that has an address: its name, by whom and when it was made. Never the address."""
    found: WallTokens = ask(ListWallTokens, {"include_revoked": revoked}, WallTokens, data, centre)
    if as_json:
        print_json(found.model_dump(mode="json")["tokens"])
        return
    if not found.tokens:
        out.print("还没有大屏：muster console wall-token make hall-1")
        return
    table = lines("大屏", "由", "制作", "状态")
    for one in found.tokens:
        state = f"停用 {one.revoked_at:%Y-%m-%d %H:%M}" if one.revoked_at else "启用"
        table.add_row(one.name, one.made_by, f"{one.made_at:%Y-%m-%d %H:%M}", state)
    out.print(table)


@walls.command("revoke")
def revoke_wall(name: WallArgument, data: DataOption = None, centre: CentreOption = None) -> None:
    """The screen goes dark within seconds; another address may be made under the same name."""
    ask(RevokeWallToken, {"name": name}, Done, data, centre)
    out.print(f"大屏 {name} 已停用")
