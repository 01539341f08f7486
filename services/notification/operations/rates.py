"""How many messages an address takes in a minute, counted from attempts so that it holds over several copies."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from services.notification.channels import per_minute_of
from services.notification.channels.base import Channel
from services.notification.model import Attempt
from services.notification.model.attempt import address_mark
from services.notification.policy.timing import RATE_WINDOW, free_again
from shared.infra.arrays import among
from shared.infra.unit_of_work import Transaction


@dataclass(slots=True)
class Places:
    """How many more one address takes now; None: any number. `taken` are the sends of the last minute."""

    per_minute: int | None
    taken: list[datetime]
    now: datetime

    def take(self) -> datetime | None:
        """None where there was a place, else when there will be one."""
        if self.per_minute is None:
            return None
        free = free_again(self.taken, self.per_minute, now=self.now)
        if free > self.now:
            return free
        self.taken.append(self.now)
        return None


async def free_places(tx: Transaction, addresses: Iterable[str], channel: Channel, now: datetime) -> dict[str, Places]:
    """By address. Counted under a lock per address, so that two copies never both take the last place."""
    rates = {address_mark(channel.name, address): per_minute_of(channel, address) for address in addresses}
    limited = sorted(mark for mark, rate in rates.items() if rate is not None)
    taken: dict[str, list[datetime]] = defaultdict(list)
    if limited:
        for mark in limited:
            await tx.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_lock_number(mark))))
        for mark, at in await tx.session.execute(_sends(channel.name, limited, now)):
            taken[mark].append(at)
    return {mark: Places(rate, taken[mark], now) for mark, rate in rates.items()}


def _sends(channel: str, marks: Sequence[str], now: datetime) -> sa.Select[str, datetime]:
    """The sends of the last minute, several letters of one parcel being one; on both sides of a clock set back."""
    at = sa.func.min(Attempt.at)
    return (
        sa.select(Attempt.address_mark, at)
        .where(
            Attempt.channel == channel,
            among(Attempt.address_mark, marks),
            Attempt.at.between(now - RATE_WINDOW, now + RATE_WINDOW),
        )
        .group_by(Attempt.address_mark, Attempt.send_id)
        .order_by(at)
    )


def _lock_number(mark: str) -> int:
    """The address' own advisory lock, a signed 64-bit number."""
    return int.from_bytes(bytes.fromhex(mark[:16]), signed=True)
