"""`muster up`: the whole product on one machine."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli.doctor import CentreOption, DataOption
from deploy.cli.serving import PORT, PortOption, address_of, until_told_to_stop
from deploy.cli.words import err, run_async
from deploy.connection import AskerConnection
from deploy.demo_folder import SIGN_INS, require_of_its_own
from deploy.embedded.errors import ServerUnusable
from deploy.embedded.folders import make_data_dir, usual_data_dir
from deploy.embedded.running import ServerAddresses
from deploy.embedded.servers import EmbeddedServers
from deploy.long_running import settle_memory
from deploy.packs import apply_pack, default_pack_dir, pack_in_force
from deploy.rosters import apply_rosters, rosters_beside
from deploy.session import Place, external_addresses, make_servers
from deploy.vault_keys import vault_key_file
from shared.centre.load import load_pack
from shared.centre.pack import CentrePack
from shared.clock import WallClock
from shared.contracts.actors import OPERATOR
from shared.contracts.console import ListStaff, StaffAccounts
from shared.contracts.subjects import EVERY_SERVICE
from shared.errors import Unavailable
from shared.infra.asking import Asker
from shared.infra.logs import configure_logs, get_log
from shared.infra.messaging import ADMINISTRATOR, connect

if TYPE_CHECKING:
    from deploy.stack import Stack

KEEP_ALIVE_S = 1.0
PORTS_TRIED = 20
ENDED_EARLY = 130


def up(
    data: DataOption = None,
    centre: CentreOption = None,
    pack: Annotated[Path | None, typer.Option(help="centre pack to put in force where none is yet")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="with a lively simulated centre in it")] = False,
    speed: Annotated[float, typer.Option(help="with --demo: how much faster than real time")] = 60.0,
    plain: Annotated[bool, typer.Option("--plain", help="with --demo: lines instead of the live view")] = False,
    port: PortOption = PORT,
) -> None:
    """Starts everything: embedded servers, all services, the centre pack. Ctrl-C stops it; the data stays."""
    run_async(_begin(data, centre, pack, Wanted(demo, speed, plain, port)))


@dataclass(frozen=True, slots=True)
class Wanted:
    demo: bool
    speed: float
    plain: bool
    port: int


@dataclass(slots=True)
class Ending:
    """`told`: somebody wants it to end. `is_heeded`: it looks for that itself; before, it has to be cancelled."""

    told: asyncio.Task[None]
    is_heeded: bool = False


async def _begin(data: Path | None, centre: str | None, pack_dir: Path | None, wanted: Wanted) -> None:
    """A pack that is named says itself which centre it is of."""
    token = load_pack(pack_dir).centre if centre is None and pack_dir is not None else centre
    place = Place.here(data, token)
    make_data_dir(place.data)
    require_of_its_own(place.data, demo=wanted.demo, servers_given=any(external_addresses()))
    configure_logs(file=place.data / "logs" / "muster.log")
    await _until_told(place, pack_dir, wanted)


async def _until_told(place: Place, pack_dir: Path | None, wanted: Wanted) -> None:
    """Whoever ends it while it starts does not wait until it is up.

    It is told as well as cancelled: what is waited for just then may bring its answer at that moment, and the
    cancelling is lost.
    """
    ending = Ending(asyncio.create_task(until_told_to_stop()))
    await asyncio.sleep(0)  # from here on Ctrl-C is heard
    running = asyncio.create_task(_up(place, pack_dir, wanted, ending))
    await asyncio.wait({ending.told, running}, return_when=asyncio.FIRST_COMPLETED)
    if not ending.is_heeded:
        running.cancel()
    try:
        await running
    except asyncio.CancelledError:
        raise typer.Exit(ENDED_EARLY) from None
    finally:
        ending.told.cancel()


async def _up(place: Place, pack_dir: Path | None, wanted: Wanted, ending: Ending) -> None:
    err.print("starting the servers ...")
    own = make_servers(place)
    try:
        addresses = await asyncio.to_thread(own.start)
        keeper = asyncio.create_task(_keep_alive(own))
        try:
            await _run(place, addresses, pack_dir, wanted, ending)
        finally:
            keeper.cancel()
    finally:
        err.print("stopping ...")
        await asyncio.to_thread(own.stop)


async def _run(place: Place, addresses: ServerAddresses, pack_dir: Path | None, wanted: Wanted, ending: Ending) -> None:
    from deploy.demo_clock import demo_clock
    from deploy.stack import Stack

    clock = await demo_clock(addresses, place.centre, wanted.speed) if wanted.demo else WallClock()
    stack = Stack(
        addresses,
        clock,
        centre=place.centre,
        vault_key_file=vault_key_file(place.data),
        data=place.data,
        names=EVERY_SERVICE,
        console_port=wanted.port,
        console_port_tries=PORTS_TRIED,
    )
    async with stack, AskerConnection(addresses, place.centre) as asker:
        current = await _ensure_pack(asker, pack_dir)
        await stack.settle()  # every service has the pack before anybody asks
        settle_memory()
        assert stack.console is not None
        address = address_of(stack.console.port)
        err.print(f"Muster is up: {current.title}, pack {current.version}, data in {place.data}", soft_wrap=True)
        err.print(f"the console: {address}", soft_wrap=True)
        named = "" if place.centre == Place.here(place.data).centre else f" --centre {place.centre}"
        ending.is_heeded = True
        if wanted.demo:
            await _live(stack, asker, current, place, wanted, ending.told)
            return
        if await _nobody_signs_in(asker):
            err.print(f"nobody can sign in yet: muster staff add NAME --role administrator --title TITLE{named}")
        err.print("look around in another terminal: muster queue · muster case CODE · muster doctor; Ctrl-C stops")
        if named:
            err.print(f"each of them with{named}, or with MUSTER_CENTRE={place.centre}")
        if place.data != usual_data_dir():
            err.print(f"there, first: export MUSTER_DATA={place.data}", soft_wrap=True)
        await ending.told


async def _nobody_signs_in(asker: Asker) -> bool:
    """Only for a hint: a server that is away just now is no reason to stop."""
    try:
        return not (await asker.ask(ListStaff(actor=OPERATOR), StaffAccounts)).accounts
    except Unavailable:
        return False


async def _live(
    stack: "Stack", asker: Asker, pack: CentrePack, place: Place, wanted: Wanted, told: asyncio.Task[None]
) -> None:
    from deploy.demo.live import live_centre
    from deploy.demo.sign_ins import demo_sign_ins
    from shared.clock import SpeedClock

    assert isinstance(stack.clock, SpeedClock)
    assert stack.console is not None
    address = address_of(stack.console.port)
    err.print(await demo_sign_ins(asker, pack, address, place.data / SIGN_INS), soft_wrap=True, markup=False)
    admin = await connect(stack.addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
    living = asyncio.create_task(
        live_centre(
            asker,
            admin,
            pack,
            stack.clock,
            plain=wanted.plain,
            centre=place.centre,
            on_leap=stack.nudge,
            corner=f" · 工作台 {address}（账号见 {place.data / SIGN_INS}）",
        )
    )
    try:
        await asyncio.wait({told, living}, return_when=asyncio.FIRST_COMPLETED)
        if living.done():
            living.result()
    finally:
        living.cancel()
        with suppress(asyncio.CancelledError):
            await living
        await admin.close()


async def _ensure_pack(asker: Asker, pack_dir: Path | None) -> CentrePack:
    """What is in force stays: whoever starts a centre anew does not undo what was brought in since."""
    current = await pack_in_force(asker)
    if current is not None:
        if pack_dir is not None and load_pack(pack_dir).version != current.version:
            err.print(f"another pack is in force, and stays; to bring in this one: muster centre apply {pack_dir}")
        return current
    folder = pack_dir or default_pack_dir()
    proven, rosters = load_pack(folder), rosters_beside(folder)
    await apply_pack(asker, proven)
    await apply_rosters(asker, rosters)
    return proven


async def _keep_alive(own: EmbeddedServers) -> None:
    """A server that was killed is started again on the same port; the services reconnect by themselves."""
    log = get_log("up")
    while True:
        await asyncio.sleep(KEEP_ALIVE_S)
        try:
            if await asyncio.to_thread(own.restart_dead):
                log.warning("a server had died and was started again")
        except (ServerUnusable, OSError) as trouble:
            log.warning("a server cannot be started again", trouble=str(trouble))
