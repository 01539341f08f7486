"""What is killed and when: drawn from a seed, in simulated time, so that a run can be had again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from deploy.demo.dice import dice_for, weighted


class Victim(StrEnum):
    """A copy of a service (and with it perhaps the leading relay), a relay's own connection, or a server."""

    INTAKE = "intake"
    DISPATCH = "dispatch"
    ESCALATION = "escalation"
    NOTIFICATION = "notification"
    RELAY = "relay"
    NATS = "nats"
    POSTGRES = "postgres"


SERVICES = frozenset({Victim.INTAKE, Victim.DISPATCH, Victim.ESCALATION, Victim.NOTIFICATION})
WEIGHTS = {
    Victim.ESCALATION: 28,
    Victim.RELAY: 18,
    Victim.NATS: 15,
    Victim.POSTGRES: 15,
    Victim.INTAKE: 8,
    Victim.DISPATCH: 8,
    Victim.NOTIFICATION: 8,
}
TWO_AT_ONCE = 0.2
Session = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Kill:
    """One blow at one instant. `lot` (0 to 1) decides between copies, and whose relay it is."""

    number: int
    at: datetime
    victims: tuple[Victim, ...]
    lot: float

    @property
    def name(self) -> str:
        return self.victims[0].value if len(self.victims) == 1 else "two at once"


def draw_kills(seed: int, sessions: Sequence[Session], count: int) -> tuple[Kill, ...]:
    """`count` blows at random instants of the sessions; one in five hits two at once, which may be two copies."""
    dice = dice_for("kills", seed)
    open_for = sum((closes - opens for opens, closes in sessions), timedelta(0))
    instants = sorted(_instant(sessions, open_for * dice.random()) for _ in range(count))
    kills: list[Kill] = []
    for number, at in enumerate(instants, start=1):
        victims = [weighted(dice, WEIGHTS) for _ in range(2 if dice.random() < TWO_AT_ONCE else 1)]
        kills.append(Kill(number, at, tuple(victims), dice.random()))
    return tuple(kills)


def _instant(sessions: Sequence[Session], gone: timedelta) -> datetime:
    for opens, closes in sessions:
        if opens + gone <= closes:
            return opens + gone
        gone -= closes - opens
    return sessions[-1][1]
