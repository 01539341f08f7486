"""Puts the console together."""

import asyncio
import os
from pathlib import Path

from services.console.api import endpoints
from services.console.jobs import sweeps
from services.console.model import SPINE
from services.console.operations.project import prepare
from services.console.policy.board import LiveRow
from services.console.settings import ConsoleSettings
from services.console.subscribers import HANDLERS
from services.console.web.app import make_app
from services.console.web.assets import Assets
from services.console.web.desk import Desk
from services.console.web.live import Hub
from services.console.web.live_reader import LiveReader
from services.console.web.oidc import provider_from
from services.console.web.serving import WebServer
from services.console.web.view import LANGUAGES, View
from shared.clock import Clock, WallClock
from shared.contracts.subjects import CONSOLE, live_subject
from shared.infra.asking import Asker
from shared.infra.service import Service
from shared.links import SECRETS_VARIABLE, LinkSigner
from shared.settings import ServiceSettings
from shared.vault import KeyRing

PUBLISH_MAX_S = 5.0


class Console(Service):
    """A service with a web side. `port` is where it listens once started; None without a web page."""

    def __init__(self, settings: ConsoleSettings, clock: Clock, wall: Clock) -> None:
        super().__init__(
            CONSOLE,
            settings,
            clock,
            spine=SPINE,
            migrations=Path(__file__).parent / "migrations",
            endpoints=lambda _work: endpoints(),
            handlers=HANDLERS,
            sweeps=lambda work: sweeps(work, self._publish),
            prepare=prepare,
        )
        self._console_settings = settings
        self._wall = wall
        self._hub = Hub()
        self._web: WebServer | None = None
        self._desk: Desk | None = None
        self._reader: LiveReader | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def port(self) -> int | None:
        return self._web.port if self._web is not None else None

    async def start(self) -> None:
        await super().start()
        settings = self._console_settings
        if settings.console_port is None:
            return
        assets = Assets()
        self._desk = Desk(
            work=self.work,
            clock=self.work.clock,
            wall=self._wall,
            settings=settings,
            hub=self._hub,
            views={language: View(language, assets) for language in LANGUAGES},
            asker=Asker(self._client(), settings.centre),
            keys=KeyRing.load(settings.vault_key_file),
            provider=provider_from(settings),
            signer=_signer(settings),
        )
        self._reader = LiveReader(self._client(), settings.centre, self._hub)
        self._reading = asyncio.create_task(self._reader.run())
        web = WebServer(
            make_app(self._desk, assets),
            host=settings.console_host,
            port=settings.console_port,
            proxies=settings.console_proxies,
            tries=settings.console_port_tries,
        )
        await web.start()
        self._web = web
        self._log.info("console listens", port=web.port)

    async def stop(self) -> None:
        """First the screens are told to come again, then what is under way ends."""
        if self._desk is not None:
            self._desk.draining.set()
            self._hub.close()
        if self._web is not None:
            await self._web.stop()
        if self._reader is not None and self._reading is not None:
            await self._reader.stop(self._reading)
        await super().stop()

    async def _publish(self, live: LiveRow) -> None:
        jetstream = self._client().jetstream(timeout=PUBLISH_MAX_S)  # pyright: ignore[reportUnknownMemberType]
        await jetstream.publish(live_subject(self.settings.centre), live.model_dump_json().encode())


def _signer(settings: ServiceSettings) -> LinkSigner | None:
    """Without the secrets no answer link can be read, and none opens a page. Raises LinkSecretsWrong."""
    if settings.link_key_file is None and not os.environ.get(SECRETS_VARIABLE):
        return None
    return LinkSigner.load(settings.link_key_file, centre=settings.centre)


def build(settings: ServiceSettings, clock: Clock, *, wall: Clock | None = None) -> Console:
    """`wall`: the real time, by which people stay signed in; a demo's clock runs faster."""
    own = settings if isinstance(settings, ConsoleSettings) else ConsoleSettings.model_validate(settings.model_dump())
    return Console(own, clock, wall or WallClock())
