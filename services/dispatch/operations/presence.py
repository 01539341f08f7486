"""轮驻: whether a rotating unit sits in the hall at an instant."""

from datetime import datetime

from services.dispatch.model.mode_period import mode_then
from services.dispatch.operations.roster_rows import rosters_in_force
from services.dispatch.policy.modes import in_mode
from shared.centre.pack import CentrePack
from shared.centre.working_time import calendar_of
from shared.duty import who
from shared.infra.unit_of_work import Transaction


async def is_in_hall(tx: Transaction, pack: CentrePack, unit: str, at: datetime) -> bool:
    """By the presence rosters as they stand, on the working calendar of `pack` (DOMAIN: dispatch by jurisdiction, 3).

    Without a presence roster nobody is in the hall.
    """
    mode = await tx.session.scalar(mode_then(at)) or "normal"
    rosters = in_mode(pack, mode, await rosters_in_force(tx, ["presence"], since=at))
    return any(each.unit == unit for each in who(rosters, at, calendar_of(pack)))
