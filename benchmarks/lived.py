"""A small centre that lived for some weeks, so that there are real rows of finished and of open cases to begin from.

The services themselves wrote every row: simulated people brought cases, worked on them, were late and closed them.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import asyncpg

from deploy.embedded.running import ServerAddresses
from deploy.packs import default_pack
from shared.centre.pack import CentrePack
from shared.clock import MovedClock
from shared.contracts.subjects import SERVICES
from tests.support.direct import DirectCentre
from tests.year.diary import Diary
from tests.year.live import HOUSEKEEPING, LEFT_OUT
from tests.year.oracle import ZONE
from tests.year.people import People

BEGINS = date(2026, 3, 2)
BRING_DAYS, LIVE_DAYS = 2, 26
SEED = 11
FINISHED = """select case_id from intake."case" where state = 'closed'"""


async def live(
    addresses: ServerAddresses, keys: Path, centre: str, *, cases: int, pack: CentrePack | None = None
) -> str:
    """So many cases in two days, and four weeks to finish them. Returns the address of the centre's database.

    Nothing was published: no broker was there, so the relays will tell a broker of everything.
    """
    first = datetime.combine(BEGINS, time(9), ZONE)
    one = DirectCentre(
        addresses,
        centre,
        keys,
        MovedClock(first),
        pack=pack or default_pack(),
        without=(*HOUSEKEEPING, *LEFT_OUT),
        by_their_word=True,
    )
    await one.open()
    try:
        diary = Diary(one)
        people = People(diary, SEED)
        one.hearing = people.hear
        for number in range(cases):
            diary.at(first + number * timedelta(days=BRING_DAYS) / cases, people.bring)
        await diary.live_until(first + timedelta(days=LIVE_DAYS))
    finally:
        await one.close()
    await _as_a_product_finds_it(one.database_url)
    return one.database_url


async def _as_a_product_finds_it(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        name = await connection.fetchval("select current_database()")
        await connection.execute(f'alter database "{name}" reset synchronous_commit')
        for service in SERVICES:
            await connection.execute(
                f"insert into {service}.unsent select position from {service}.event on conflict do nothing"
            )
    finally:
        await connection.close()
