"""Where a command finds servers and services: running already, given from outside, or started for its duration."""

import asyncio
import os
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.broker_users import nats_users
from deploy.connection import AskerConnection
from deploy.embedded.errors import ServerUnusable
from deploy.embedded.lock import lock_holder
from deploy.embedded.running import ServerAddresses
from deploy.embedded.servers import EmbeddedServers, default_data_dir, find_running
from deploy.vault_keys import vault_key_file
from shared.clock import Clock, WallClock
from shared.contracts.actors import OPERATOR
from shared.contracts.common import Health, ReadHealth
from shared.contracts.subjects import CONSOLE, EVERY_SERVICE, SERVICES
from shared.errors import NotRunning, Unavailable
from shared.infra.asking import Asker
from shared.infra.messaging import ALL_PERMISSIONS

ANSWER_TRIES = 20
STARTING_TRIES = 30
SERVED_TRIES = 10
TOKEN = re.compile(r"[a-z0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Place:
    """One installation: its data folder and the centre it serves."""

    data: Path
    centre: str

    @staticmethod
    def here(data: Path | None = None, centre: str | None = None) -> "Place":
        """Raises ServerUnusable where that is no centre's token."""
        token = centre or os.environ.get("MUSTER_CENTRE", "qz")
        if not TOKEN.fullmatch(token):
            raise ServerUnusable(
                f"{token!r} is no centre's token: small letters and digits alone, as `centre:` in its pack.",
                "Give it with --centre or MUSTER_CENTRE.",
            )
        return Place((data or default_data_dir()).expanduser().resolve(), token)


def external_addresses() -> tuple[str | None, dict[str, str] | None]:
    """MUSTER_DATABASE_URL and MUSTER_NATS_URL, where an operator runs the servers; one NATS address for every user."""
    nats_url = os.environ.get("MUSTER_NATS_URL")
    urls = {p.user: nats_url for p in ALL_PERMISSIONS} if nats_url else None
    return os.environ.get("MUSTER_DATABASE_URL"), urls


def make_servers(place: Place) -> EmbeddedServers:
    """Whatever is not given from outside is embedded. Raises VaultKeysWrong where there is data without its keys."""
    database_url, nats_urls = external_addresses()
    if not database_url:
        vault_key_file(place.data)  # before there is any data that it could belong to
    return EmbeddedServers(place.data, nats_users(), database_url=database_url, nats_urls=nats_urls)


def find_addresses(place: Place) -> ServerAddresses | None:
    """Servers that run already, here or outside."""
    database_url, nats_urls = external_addresses()
    if database_url and nats_urls:
        return ServerAddresses(database_url=database_url, nats_urls=nats_urls)
    return find_running(place.data)


async def _running(place: Place) -> ServerAddresses | None:
    """None where nobody is at work here. Who starts, or has lost a server, is waited for, and never asked to stop."""
    for _ in range(STARTING_TRIES):
        found = await asyncio.to_thread(find_addresses, place)
        if found is not None or lock_holder(place.data) is None:
            return found
        await asyncio.sleep(1)
    raise Unavailable(f"the centre in {place.data} is at work, but not all of its servers are up: muster doctor")


@asynccontextmanager
async def servers(place: Place) -> AsyncGenerator[ServerAddresses]:
    """The servers that run, or embedded ones for the duration of the block."""
    found = await _running(place)
    if found is not None:
        yield found
        return
    own = make_servers(place)
    try:
        yield await asyncio.to_thread(own.start)
    finally:
        await asyncio.to_thread(own.stop)


@asynccontextmanager
async def asking(
    place: Place, clock: Clock | None = None, *, names: tuple[str, ...] = SERVICES
) -> AsyncGenerator[Asker]:
    """Somebody to ask: the running services, or the stack of `names` for the duration of the block.

    Never a second stack beside a running one: it would share its work, by another clock. Raises Unavailable where
    services are there but do not answer.
    """
    async with servers(place) as addresses, AskerConnection(addresses, place.centre) as asker:
        if await answers(asker):
            yield asker
            return
        if await is_served(asker) or await _comes_to_be_served(asker, place):
            await _wait_for_answers(asker, place)
            yield asker
            return
        from deploy.stack import Stack

        keys = vault_key_file(place.data)
        stack = Stack(
            addresses, clock or WallClock(), centre=place.centre, vault_key_file=keys, data=place.data, names=names
        )
        async with stack:
            yield asker
            await stack.settle()


async def is_served(asker: Asker) -> bool:
    """True if anybody listens for a service of this centre: also where it cannot answer, as its database is away."""
    for service in SERVICES:
        try:
            await asker.ask(ReadHealth(actor=OPERATOR), Health, service=service)
        except NotRunning:
            continue
        except Unavailable:
            return True
        return True
    return False


async def _comes_to_be_served(asker: Asker, place: Place) -> bool:
    """Another program has just started the servers, and its services a moment later."""
    for _ in range(SERVED_TRIES):
        if lock_holder(place.data) in (None, os.getpid()):
            return False
        await asyncio.sleep(0.5)
        if await is_served(asker):
            return True
    return False


async def _wait_for_answers(asker: Asker, place: Place) -> None:
    for _ in range(ANSWER_TRIES):
        if await answers(asker):
            return
        await asyncio.sleep(1)
    raise Unavailable(f"the services of centre {place.centre} run but do not all answer; look with muster doctor")


async def answering(asker: Asker) -> tuple[str, ...]:
    """All services that must run, and the console where it does: a centre may be run without screens."""
    try:
        await asker.ask(ReadHealth(actor=OPERATOR), Health, service=CONSOLE)
    except Unavailable:
        return SERVICES
    return EVERY_SERVICE


async def answers(asker: Asker) -> bool:
    """True if the services of this centre run somewhere."""
    try:
        for service in SERVICES:
            await asker.ask(ReadHealth(actor=OPERATOR), Health, service=service)
    except Unavailable:
        return False
    return True
