"""All services of one centre in one process, over servers that run already."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

import asyncio
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

import sqlalchemy as sa
from nats.aio.client import Client
from pydantic import ValidationError

from deploy.databases import database_for
from deploy.embedded.errors import ServerUnusable
from deploy.embedded.running import ServerAddresses
from deploy.link_keys import link_key_file
from deploy.provisioning import keep_provisioned
from shared.clock import Clock
from shared.contracts.subjects import CONSOLE, SERVICES
from shared.infra.messaging import ADMINISTRATOR, connect, is_caught_up, provision
from shared.infra.service import Service
from shared.settings import ServiceSettings

USERS_OF_LINKS = frozenset({"console", "dispatch", "notification"})
SETTLE_POLL_S = 0.02


if TYPE_CHECKING:
    from services.console.main import Console


def build(name: str, told: Mapping[str, Any], clock: Clock) -> Service:
    """A service by its name. Imported where it is wanted only: a process that has one of them does without the rest.

    Raises ServerUnusable where a setting is wrong; what it was set to may be a secret, and is not told.
    """
    main: Any = import_module(f"services.{name}.main")
    settings: Any = import_module("services.console.settings").ConsoleSettings if name == CONSOLE else ServiceSettings
    try:  # around all of it: a service may have settings of its own
        return main.build(settings(**told), clock)
    except ValidationError as wrong:
        faults = "; ".join(f"MUSTER_{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in wrong.errors())
        raise ServerUnusable(f"The settings of {name} are not right: {faults}.", "Mend it and start again.") from None


class Stack:
    """`start()` returns when every service answers; `stop()` drains what is under way."""

    def __init__(
        self,
        addresses: ServerAddresses,
        clock: Clock,
        *,
        centre: str,
        vault_key_file: Path,
        data: Path | None = None,
        names: tuple[str, ...] = SERVICES,
        console_port: int | None = None,
        console_port_tries: int = 1,
    ) -> None:
        """`data` is the folder the link secrets are kept in; without it, the folder of the vault's keys.

        The console runs where it is among `names`; it has a web page where a port is given (0: any free one), at the
        first of so many tries that is free.
        """
        self.addresses = addresses
        self.clock = clock
        self.centre = centre
        self.database_url = ""
        self.services: dict[str, Service] = {}
        self._names = names
        self._console_port, self._console_port_tries = console_port, console_port_tries
        self._vault_key_file = vault_key_file
        self._data = data or vault_key_file.parent
        self._admin: Client | None = None
        self._providing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self.database_url = await database_for(self.addresses.database_url, self.centre)
        self._admin = await connect(self.addresses.nats_urls[ADMINISTRATOR], user=ADMINISTRATOR)
        readers = {*SERVICES, *self._names}
        await provision(self._admin, self.centre, readers)
        self._providing = asyncio.create_task(keep_provisioned(self._admin, self.centre, readers))
        self.services = {name: self._build(name) for name in self._names}
        await asyncio.gather(*(service.start() for service in self.services.values()))

    async def stop(self) -> None:
        await asyncio.gather(*(service.stop() for service in self.services.values()))
        if self._providing is not None:
            self._providing.cancel()
        if self._admin is not None:
            await self._admin.close()

    def nudge(self) -> None:
        """The clock was moved: let every sweep look."""
        for service in self.services.values():
            service.sweeper.nudge()

    async def settle(self, *, timeout_s: float = 60.0) -> None:
        """Waits until every recorded event is published and applied by everybody. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            calm = 0
            while True:
                if not await self._is_quiet():
                    calm = 0
                    await asyncio.sleep(SETTLE_POLL_S)
                    continue
                if calm == 2:  # twice: what one sweep changed may be another's to see
                    return
                calm += 1
                await asyncio.gather(*(service.sweeper.tick_due() for service in self.services.values()))

    async def _is_quiet(self) -> bool:
        """Nothing recorded waits for the broker, and nothing there for anybody. Asks no sweep."""
        waiting = " or ".join(f"exists (select from {name}.unsent)" for name in self.services)
        async with next(iter(self.services.values())).engine.connect() as connection:  # one database for all of them
            if await connection.scalar(sa.text(f"select {waiting}")):
                return False
        assert self._admin is not None
        admin, centre = self._admin, self.centre
        return all(await asyncio.gather(*(is_caught_up(admin, name, centre) for name in self.services)))

    @property
    def console(self) -> "Console | None":
        return cast("Console | None", self.services.get(CONSOLE))

    def _build(self, name: str) -> Service:
        told: dict[str, Any] = {
            "database_url": self.database_url,
            "nats_url": self.addresses.nats_urls[name],
            "centre": self.centre,
            "vault_key_file": self._vault_key_file,
            "link_key_file": link_key_file(self._data) if name in USERS_OF_LINKS else None,
        }
        if name == CONSOLE:
            told |= {"console_port": self._console_port, "console_port_tries": self._console_port_tries}
        return build(name, told, self.clock)

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
