"""What is done to a centre, and in which order: drawn from a seed, so that a run can be had again."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from deploy.demo.dice import dice_for


class Kind(StrEnum):
    """One thing that can go wrong. `docs/chaos.md` says of each what is done."""

    KILL_INTAKE = "kill intake"
    KILL_DISPATCH = "kill dispatch"
    KILL_ESCALATION = "kill escalation"
    KILL_NOTIFICATION = "kill notification"
    KILL_CONSOLE = "kill console"
    CUT_RELAY = "cut relay"
    KILL_NATS = "kill nats"
    KILL_POSTGRES = "kill postgres"
    FREEZE = "freeze"
    NATS_AWAY = "nats away"
    POSTGRES_AWAY = "postgres away"
    REDELIVERY = "redelivery"
    OUT_OF_ORDER = "out of order"
    UNDECODABLE = "undecodable event"
    REFUSED = "refused event"
    SLOW_CONSUMER = "slow consumer"
    EMPTIED_BROKER = "emptied broker"
    CLOCK_FORWARD = "clock forward"
    CLOCK_BACK = "clock back"
    BACKLOG = "backlog"


SINGLE_KILLS: Mapping[Kind, str] = {
    Kind.KILL_INTAKE: "intake",
    Kind.KILL_DISPATCH: "dispatch",
    Kind.KILL_ESCALATION: "escalation",
    Kind.KILL_NOTIFICATION: "notification",
    Kind.KILL_CONSOLE: "console",
    Kind.CUT_RELAY: "relay",
    Kind.KILL_NATS: "nats",
    Kind.KILL_POSTGRES: "postgres",
}
MORE_OF = {Kind.KILL_ESCALATION: 2, Kind.CUT_RELAY: 2, Kind.KILL_NATS: 2, Kind.KILL_POSTGRES: 2, Kind.FREEZE: 2}
"""How often these are in one deck; the others once."""

Span = tuple[float, float]
TIMES = (2, 5)


@dataclass(frozen=True, slots=True)
class Scale:
    """How long what lasts lasts, in real seconds; `burst` cases come in while events pile up.

    `patience_s`: how long a fault may be felt before it counts as missed. A broker that lost everything gets the whole
    record again, and a long run has a long record.
    """

    name: str
    freeze_s: Span
    away_s: Span
    slow_s: Span
    backlog_s: Span
    burst: int
    patience_s: float = 90.0

    def span_of(self, kind: Kind) -> Span:
        match kind:
            case Kind.FREEZE:
                return self.freeze_s
            case Kind.NATS_AWAY | Kind.POSTGRES_AWAY:
                return self.away_s
            case Kind.SLOW_CONSUMER:
                return self.slow_s
            case Kind.BACKLOG:
                return self.backlog_s
            case _:
                return (0.0, 0.0)


SHORT = Scale("short", freeze_s=(1, 8), away_s=(2, 4), slow_s=(2, 3), backlog_s=(1, 2), burst=8)
MIDDLE = Scale("middle", freeze_s=(1, 12), away_s=(5, 15), slow_s=(4, 8), backlog_s=(4, 8), burst=40)
LONG = Scale(
    "long", freeze_s=(1, 30), away_s=(60, 180), slow_s=(10, 40), backlog_s=(20, 60), burst=200, patience_s=900.0
)


@dataclass(frozen=True, slots=True)
class Fault:
    """`lot` (0 to 1) decides between copies, services and events; `times` how often an event comes again."""

    number: int
    kind: Kind
    lot: float
    seconds: float
    times: int

    @property
    def name(self) -> str:
        return self.kind.value


def draw_faults(seed: int, count: int, scale: Scale) -> tuple[Fault, ...]:
    """Deck after deck, each shuffled: any 20 faults from the first on, or any 40 in a row, have every kind."""
    dice = dice_for("faults", seed)
    kinds: list[Kind] = []
    while len(kinds) < count:
        kinds += _deck(dice, whole=len(kinds) >= len(Kind))
    return tuple(
        Fault(
            number,
            kind,
            lot=dice.random(),
            seconds=round(dice.uniform(*scale.span_of(kind)), 1),
            times=dice.randint(*TIMES),
        )
        for number, kind in enumerate(kinds[:count], start=1)
    )


def _deck(dice: Random, *, whole: bool) -> list[Kind]:
    """The first one has each kind once, those after it some kinds more often."""
    deck = [kind for kind in Kind for _ in range(MORE_OF.get(kind, 1) if whole else 1)]
    dice.shuffle(deck)
    return deck
