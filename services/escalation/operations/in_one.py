"""Two operations on one event: what it does to the clocks, and what follows from that for orders and referrals."""

from datetime import datetime
from typing import TypeVar

from shared.contracts.base import Envelope, Event
from shared.infra.inbox import Operation
from shared.infra.unit_of_work import UnitOfWork

E = TypeVar("E", bound=Event)


def followed_by(first: Operation[E], then: Operation[E]) -> Operation[E]:
    """The inbox hands over one open transaction: both are committed, or neither is."""

    async def both(work: UnitOfWork, event: E, envelope: Envelope, *, now: datetime) -> None:
        await first(work, event, envelope, now=now)
        await then(work, event, envelope, now=now)

    return both
