"""What a verb on a case needs from outside, brought together."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.dispatch.model import Moment, RoutedCase
from services.dispatch.operations.mode_rows import switches_since
from services.dispatch.operations.presence import is_in_hall
from shared.centre.pack import CentrePack
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork


async def moment_of(
    work: UnitOfWork, tx: Transaction, case: RoutedCase, *, sends_to: Iterable[str] = (), now: datetime
) -> Moment:
    """By the pack the case began with and the days known now; `sends_to`: who may get a work order by this verb."""
    pack, _ = await work.packs.with_days_known(tx.session, case.pack_version)
    moment = await moment_with(tx, pack, sends_to=sends_to, now=now)
    return replace(moment, switches=await switches_since(tx.session, case.accepted_at))


async def moment_with(tx: Transaction, pack: CentrePack, *, sends_to: Iterable[str], now: datetime) -> Moment:
    units = [pack.unit(code) for code in dict.fromkeys(sends_to)]
    rotating = [unit.code for unit in units if unit is not None and unit.presence == "rotating"]
    in_hall = [code for code in rotating if await is_in_hall(tx, pack, code, now)]
    return Moment(pack, now, new_id, frozenset(in_hall))
