"""Each service's own copy of every centre pack version, and which one is in force."""

import time
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.centre.days_known import mark, with_days_known
from shared.centre.pack import CentrePack
from shared.errors import Refused, Unavailable
from shared.infra.spine import Spine

KEPT_PARSED_MAX = 8
KNOWN_FOR_S = 1.0


class NoCentrePack(Refused):
    code = "no_centre_pack"
    rule = "a centre works by its pack: apply one first (muster centre apply)"


class PackShelf:
    """Parsed packs by version. A version never changes, so it may be kept; which one is in force is asked every second.

    A case registered in that second begins with the version before, which is as good as having come a second earlier.
    """

    def __init__(self, spine: Spine) -> None:
        self._table = spine.pack
        self._parsed: dict[str, CentrePack] = {}
        self._known: tuple[str, float] | None = None
        self._with_days: dict[tuple[str, str], tuple[CentrePack, str]] = {}

    async def in_force(self, session: AsyncSession) -> CentrePack:
        if self._known is not None and time.monotonic() < self._known[1]:
            return await self.version(session, self._known[0])
        return await self.in_force_now(session)

    async def in_force_now(self, session: AsyncSession) -> CentrePack:
        """Not as it was known a moment ago: for whoever decides on the pack itself."""
        version = await session.scalar(sa.select(self._table.c.version).where(self._table.c.in_force))
        if version is None:
            raise NoCentrePack("no centre pack is in force")
        self._known = version, time.monotonic() + KNOWN_FOR_S
        return await self.version(session, version)

    async def version(self, session: AsyncSession, version: str) -> CentrePack:
        """The pack a case began with. Unavailable where it has not arrived here yet: the event is tried again."""
        if version not in self._parsed:
            content = await session.scalar(sa.select(self._table.c.content).where(self._table.c.version == version))
            if content is None:
                raise Unavailable(f"centre pack {version} has not arrived yet", retry_after_s=0.5)
            if len(self._parsed) >= KEPT_PARSED_MAX:
                self._parsed.pop(next(iter(self._parsed)))
            self._parsed[version] = CentrePack.model_validate(content)
        return self._parsed[version]

    async def with_days_known(self, session: AsyncSession, version: str) -> tuple[CentrePack, str]:
        """The pack a case began with, counting by the days that are published by now; and the mark of those days.

        Equal to `version` where the pack in force knows no other notices, or where none is in force yet.
        """
        pack = await self.version(session, version)
        try:
            newest = await self.in_force(session)
        except NoCentrePack:
            newest = pack
        key = (version, newest.version)
        if key not in self._with_days:
            if len(self._with_days) >= KEPT_PARSED_MAX:
                self._with_days.pop(next(iter(self._with_days)))
            self._with_days[key] = with_days_known(pack, newest), mark(newest)
        return self._with_days[key]

    async def store(
        self, session: AsyncSession, *, name: str, version: str, content: dict[str, Any], at: datetime
    ) -> bool:
        """Puts the version in force. Returns False where it was in force already."""
        self._known = None
        current = await session.scalar(sa.select(self._table.c.version).where(self._table.c.in_force).with_for_update())
        if current == version:
            return False
        await session.execute(sa.update(self._table).where(self._table.c.in_force).values(in_force=False))
        row = {"version": version, "name": name, "applied_at": at, "in_force": True, "content": content}
        upsert = insert(self._table).values(row)
        await session.execute(
            upsert.on_conflict_do_update(index_elements=["version"], set_={"in_force": True, "applied_at": at})
        )
        return True
