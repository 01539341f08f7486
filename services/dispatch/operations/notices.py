"""What notification tells of the notices that leave for summoned units."""

from datetime import datetime

from services.dispatch.model import RollCall
from services.dispatch.operations.rows import lock_summons
from services.dispatch.policy.summoning import is_told_as_unit
from shared.contracts.base import Envelope
from shared.contracts.notification import NoticeHandedOver
from shared.infra.unit_of_work import UnitOfWork


async def mark_notified(work: UnitOfWork, event: NoticeHandedOver, envelope: Envelope, *, now: datetime) -> None:
    """The first notice that left for a summoned unit. What is told to the director about it is no notice to it."""
    if event.summons_id is None or event.unit is None or not is_told_as_unit(event.unit, event.post):
        return
    async with work.begin(envelope) as tx:
        roll = RollCall(*await lock_summons(tx, event.summons_id))
        tx.record(*roll.hear_of_notice(event.unit, event.channel, at=event.handed_over_at))
