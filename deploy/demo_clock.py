"""The simulated time of a demo centre: quicker than the wall, and never before what is on record."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (this file speaks to a library without types)

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import asyncpg

from deploy.databases import database_for
from deploy.embedded.running import ServerAddresses
from shared.clock import SpeedClock
from shared.contracts.subjects import SERVICES

LOCAL = ZoneInfo("Asia/Shanghai")


async def demo_clock(addresses: ServerAddresses, centre: str, speed: float) -> SpeedClock:
    """Begins this morning at eight, or where the last run ended."""
    morning = datetime.combine(datetime.now(LOCAL).date(), time(8), LOCAL)
    last = await last_recorded(await database_for(addresses.database_url, centre))
    return SpeedClock(max(morning, last + timedelta(seconds=1)) if last else morning, speed)


async def last_recorded(database_url: str) -> datetime | None:
    """The newest instant any service recorded; None in an empty database."""
    connection = await asyncpg.connect(database_url, timeout=10)
    try:
        newest: list[datetime] = []
        for service in SERVICES:
            if await connection.fetchval("select to_regclass($1)", f"{service}.event") is None:
                continue
            at = await connection.fetchval(f"select at from {service}.event order by position desc limit 1")  # noqa: S608
            newest += [at] if at else []
        return max(newest).astimezone(UTC) if newest else None
    finally:
        await connection.close()
