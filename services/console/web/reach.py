"""Who answers for a unit now and how the post is reached: what a director wants to know before calling.

Addresses come masked from notification: which of them anybody sees whole is decided there, never here.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request

from services.console.web.desk import ask, desk_of
from shared.centre.nouns import Level
from shared.centre.pack import CentrePack
from shared.contracts.dispatch import Mode, WhoIsResponsible
from shared.contracts.notification import TELEPHONES, Contact, ListContacts
from shared.errors import Refused, Unavailable

SECONDS = {"minute": 60, "hour": 3600}
"""An arrival limit is continuous: the pack takes no other unit for it."""


@dataclass(frozen=True, slots=True)
class Way:
    channel: str
    address: str
    working: bool


@dataclass(frozen=True, slots=True)
class OnPost:
    """A post on duty: its title, and how it is reached, the first way first. The in-app inbox is always there."""

    staff: str
    title: str
    ways: tuple[Way, ...]

    @property
    def telephones(self) -> tuple[Way, ...]:
        return tuple(way for way in self.ways if way.channel in TELEPHONES)


@dataclass(frozen=True, slots=True)
class Reach:
    unit: str
    posts: tuple[OnPost, ...]
    why: str
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """What approving a summons does, in numbers, as if it were approved now."""

    units: int
    posts: int
    minutes: int
    due_at: datetime


async def reach_of(request: Request, units: Iterable[str]) -> tuple[Reach, ...]:
    """Asked at once; a unit nobody can be told of stands there with nobody, never left out."""
    wanted = tuple(dict.fromkeys(units))
    pack = await desk_of(request).pack()
    contacts, found = await asyncio.gather(
        _contacts(request), asyncio.gather(*(_on_duty(request, unit) for unit in wanted))
    )
    return tuple(
        Reach(unit, tuple(on_post(pack, unit, staff, contacts) for staff in staffs), why)
        for unit, (staffs, why) in zip(wanted, found, strict=True)
    )


async def _contacts(request: Request) -> Sequence[Contact]:
    try:
        return (await ask(request, ListContacts)).contacts
    except (Refused, Unavailable):
        return ()  # who is on duty is known all the same


async def _on_duty(request: Request, unit: str) -> tuple[tuple[str, ...], str]:
    try:
        told = await ask(request, WhoIsResponsible, unit=unit)
    except Refused:
        return (), ""
    return tuple(dict.fromkeys(one.staff for one in told.on_duty)), told.why


def on_post(pack: CentrePack, unit: str, staff: str, contacts: Iterable[Contact]) -> OnPost:
    ways = sorted((one for one in contacts if one.staff == staff), key=lambda one: (one.position, one.channel))
    return OnPost(staff, title_of(pack, unit, staff), tuple(Way(w.channel, w.address, w.working) for w in ways))


def title_of(pack: CentrePack, unit: str, staff: str) -> str:
    """A post is called by its title where the pack has one; a roster may name others."""
    found = pack.unit(unit)
    posts = (found.liaison, found.lead) if found else ()
    return next((post.title for post in posts if post.code == staff), staff)


def called(
    pack: CentrePack, reach: Sequence[Reach], category: str | None, level: Level, mode: Mode, *, now: datetime
) -> Called:
    limit = pack.limit_for("arrival", category, level, mode)
    span = timedelta(seconds=limit.amount * SECONDS[limit.unit])
    posts = {post.staff for one in reach for post in one.posts}
    return Called(len(reach), len(posts), round(span.total_seconds() / 60), now + span)
