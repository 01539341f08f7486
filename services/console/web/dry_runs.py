"""试算 on a page: the cases of the last days through the pack in force and another one, asked as whoever looks."""

import asyncio
from datetime import timedelta

from starlette.requests import Request

from services.console.web.desk import actor_of, desk_of
from shared.centre.nouns import LEVELS
from shared.centre.pack import CentrePack
from shared.infra.replay import routed_since
from shared.story.dry_run import Comparison, dry_run

DAYS = 30
CASES_MAX = 20_000
GRID_CELLS_MAX = 60_000
LISTED_MAX = 300


async def try_out(request: Request, before: CentrePack, after: CentrePack) -> Comparison:
    """Of more than `CASES_MAX` cases the first ones. Without any, the whole grid of matter x place x level.

    It reckons beside the loop that serves the others. Raises Refused and Unavailable.
    """
    desk = desk_of(request)
    now = desk.clock.now()
    cases = await routed_since(desk.asker, actor_of(request), now - timedelta(days=DAYS), most=CASES_MAX)
    if not cases and _cells(after) > GRID_CELLS_MAX:
        return Comparison(before, after, "grid", "", 0, ())
    return await asyncio.to_thread(dry_run, before, after, cases, otherwise="", now=now)


def _cells(pack: CentrePack) -> int:
    return len(pack.leaf_categories) * len(pack.places) * len(LEVELS)
