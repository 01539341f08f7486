"""What every page has at hand: who asks, whom to ask, the time, the words."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError
from starlette.requests import Request as WebRequest

from services.console.operations.signing_in import SignedIn
from services.console.settings import ConsoleSettings
from services.console.web.known_mode import KnownMode
from services.console.web.live import Hub
from services.console.web.oidc import Provider
from services.console.web.security import NotSignedIn, Pace
from services.console.web.view import View
from shared.centre.pack import CentrePack
from shared.clock import Clock
from shared.contracts.actors import Actor
from shared.contracts.base import Command, Request
from shared.contracts.rights import RIGHTS
from shared.infra.asking import Asker, refusal_of
from shared.infra.unit_of_work import UnitOfWork
from shared.links import LinkSigner
from shared.vault import KeyRing

A = TypeVar("A", bound=BaseModel)


@dataclass(slots=True)
class Desk:
    """`clock` is the centre's time, `wall` the real one: who is signed in how long does not run faster in a demo."""

    work: UnitOfWork
    clock: Clock
    wall: Clock
    settings: ConsoleSettings
    hub: Hub
    views: Mapping[str, View]
    asker: Asker
    keys: KeyRing | None = None
    provider: Provider | None = None
    signer: LinkSigner | None = None
    tries_at_links: Pace = field(default_factory=lambda: Pace(per_minute=120, burst=120))
    duty_told: object = None  # what dispatch said last of who is on duty (pages/wall.py)
    draining: asyncio.Event = field(default_factory=asyncio.Event)
    mode: KnownMode = field(init=False)

    def __post_init__(self) -> None:
        self.mode = KnownMode(self.asker)

    async def pack(self) -> CentrePack:
        async with self.work.read() as session:
            return self._shown_by(await self.work.packs.in_force(session))

    async def pack_now(self) -> CentrePack:
        """For the pages of the rules themselves: who put a pack in force a moment ago is not shown the one before."""
        async with self.work.read() as session:
            return self._shown_by(await self.work.packs.in_force_now(session))

    def _shown_by(self, pack: CentrePack) -> CentrePack:
        for view in self.views.values():
            view.zone = ZoneInfo(pack.timezone)
        return pack


def desk_of(request: WebRequest) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def signed_in(request: WebRequest) -> SignedIn:
    """Raises NotSignedIn."""
    who: SignedIn | None = request.state.signed_in
    if who is None:
        raise NotSignedIn
    return who


def actor_of(request: WebRequest) -> Actor:
    return signed_in(request).account.actor


def may(actor: Actor, request: type[Request[Any]]) -> bool:
    """The same table the services decide by: what is shown is what is allowed."""
    return actor.role in RIGHTS.get(request.NAME, frozenset())


async def ask(web: WebRequest, kind: type[Request[A]], /, *, service: str | None = None, **fields: Any) -> A:
    """Asks a service as whoever is signed in. Raises Refused (also for what does not fit its form) and Unavailable."""
    return await ask_as(web, actor_of(web), kind, service=service, **fields)


async def ask_as(
    web: WebRequest, actor: Actor, kind: type[Request[A]], /, *, service: str | None = None, **fields: Any
) -> A:
    """As somebody else than who is signed in: the post a link was made for, or the console itself."""
    if issubclass(kind, Command):
        fields.setdefault("idempotency_key", secrets.token_hex(16))
    try:
        request = kind.model_validate({"actor": actor, **fields})
    except ValidationError as fault:
        raise refusal_of(fault) from None
    answer: type[A] = kind.ANSWER  # pyright: ignore[reportAssignmentType] - each request names its own answer
    return await desk_of(web).asker.ask(request, answer, service=service)
