"""How the commands about duty ask: with the centre's pack and time zone at hand, as the operator."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from deploy.cli.words import fail, run_async
from deploy.packs import pack_in_force
from deploy.session import Place, asking
from shared.centre.pack import CentrePack
from shared.clock import WallClock
from shared.contracts.actors import OPERATOR, Actor
from shared.contracts.base import Command
from shared.contracts.dispatch import ListRosters, Rosters
from shared.duty import Roster
from shared.errors import Unavailable
from shared.infra.asking import Asker, refusal_of

A = TypeVar("A", bound=BaseModel)
T = TypeVar("T")


async def centre_pack(asker: Asker) -> CentrePack:
    pack = await pack_in_force(asker)
    if pack is None:
        raise Unavailable("no centre pack is in force yet: muster centre apply")
    return pack


async def stored_rosters(asker: Asker) -> tuple[Roster, ...]:
    return (await asker.ask(ListRosters(actor=OPERATOR), Rosters)).rosters


def with_zone(ask: Callable[[Asker, ZoneInfo], Awaitable[T]], data: Path | None, centre: str | None) -> T:
    """Runs one act with the centre's time zone; whatever it ends with, the user reads words."""

    async def work() -> T:
        async with asking(Place.here(data, centre)) as asker:
            return await ask(asker, ZoneInfo((await centre_pack(asker)).timezone))

    return run_async(work())


async def do(asker: Asker, command: type[Command[A]], answer: type[A], /, *, by: Actor = OPERATOR, **facts: Any) -> A:
    """One command under a key of its own. What does not fit its form is refused in words."""
    try:
        request = command.model_validate({"actor": by, "idempotency_key": uuid4().hex, **facts})
    except ValidationError as misfit:
        raise refusal_of(misfit) from None
    return await asker.ask_patiently(request, answer)


def now_in(zone: ZoneInfo) -> datetime:
    return WallClock().now().astimezone(zone)


def post(code: str, **facts: Any) -> Actor:
    """The acting post, as the operator names it."""
    try:
        return Actor.model_validate({"staff": code, **facts})
    except ValidationError:
        fail(f"{code!r} is no post: letters, digits and . _ : @ - only, e.g. police.director", code=2)
