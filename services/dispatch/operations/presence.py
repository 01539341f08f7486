"""轮驻: whether a rotating unit sits in the hall at an instant."""

from datetime import datetime

from services.dispatch.operations.mode_rows import known_switches
from services.dispatch.operations.roster_rows import rosters_in_force
from services.dispatch.policy.modes import in_mode
from shared.centre.pack import CentrePack
from shared.centre.standing import mode_at
from shared.centre.working_time import calendar_of
from shared.duty import Roster, who
from shared.infra.unit_of_work import Transaction

_KEPT = "dispatch.presence"


async def is_in_hall(tx: Transaction, pack: CentrePack, unit: str, at: datetime) -> bool:
    """By the presence rosters as they stand, on the working calendar of `pack` (DOMAIN: dispatch by jurisdiction, 3).

    Without a presence roster nobody is in the hall.
    """
    mode = mode_at(await known_switches(tx), at)
    rosters = in_mode(pack, mode, await _presence_rosters(tx, since=at))
    return any(each.unit == unit for each in who(rosters, at, calendar_of(pack)))


async def _presence_rosters(tx: Transaction, *, since: datetime) -> list[Roster]:
    """Read once in each transaction, which a batch of events shares; an instant before the first asks anew."""
    kept: tuple[datetime, list[Roster]] | None = tx.session.info.get(_KEPT)
    if kept is None or since < kept[0]:
        kept = tx.session.info[_KEPT] = since, await rosters_in_force(tx, ["presence"], since=since)
    return kept[1]
