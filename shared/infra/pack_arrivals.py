"""A centre pack put in force by dispatch arrives at the other services."""

from datetime import datetime

from shared.contracts.base import Envelope
from shared.contracts.dispatch import CentrePackApplied
from shared.infra.unit_of_work import UnitOfWork


async def keep_arrived_pack(work: UnitOfWork, event: CentrePackApplied, envelope: Envelope, *, now: datetime) -> None:
    """Another service put a pack in force: keep a copy, so that no case ever waits for that service to be asked."""
    async with work.begin(envelope) as tx:
        await work.packs.store(
            tx.session, name=event.name, version=event.version, content=event.pack, at=event.applied_at
        )
