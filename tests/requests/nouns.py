"""A case and what hangs on it, as their events tell; and how a rule that does not hold is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HELD = frozenset({"dispatched", "signed_off", "handling", "reported_back"})
OPEN = frozenset({"dispatched", "signed_off", "handling"})
Facts = Mapping[str, Any]


class Broken(AssertionError):
    """A rule of the house does not hold."""


@dataclass
class Order:
    """One unit's work order, as its events tell."""

    order_id: str
    unit: str
    role: str
    designated: bool
    state: str = "dispatched"
    contacted: bool = False
    suspended: bool = False
    signers: set[str] = field(default_factory=set)

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def owes(self) -> bool:
        """A supporter that returned owes until somebody decides."""
        return self.open or (self.role == "support" and self.state == "returned")


@dataclass
class Clock:
    stage: str
    owes: str
    due_at: str
    fired: bool = False
    ended: str | None = None


@dataclass
class Call:
    """One summons. `asked_by`, `decided_by` are staff; `units` are who was called and what they said last."""

    summons_id: str
    asked_by: str
    units: dict[str, str] = field(default_factory=dict)
    state: str = "asked"


@dataclass
class Step:
    """What goes from hand to hand: a deferral, an appeal, a referral, a supervision order."""

    kind: str
    unit: str
    state: str
    hands: dict[str, str] = field(default_factory=dict)
    """Which verb was whose."""


@dataclass
class Case:
    """One case as its events tell it."""

    case_id: str
    code: str
    owner: str
    window: str | None
    category: str | None
    place: str | None
    state: str = "registered"
    mode: str | None = None
    round: int = 1
    orders: dict[str, Order] = field(default_factory=dict)
    clocks: dict[str, Clock] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)
    verifying: dict[str, str] = field(default_factory=dict)
    proposals: set[str] = field(default_factory=set)
    workers: set[str] = field(default_factory=set)
    verifiers: set[str] = field(default_factory=set)
    done: bool = False
    asked: bool = False
    joined_to: str | None = None
    followers: int = 0
    misses: int = 0
    over: bool = False

    @property
    def lead(self) -> Order | None:
        return next((one for one in self.orders.values() if one.role == "lead" and one.state in HELD), None)

    @property
    def supporters(self) -> list[Order]:
        return [one for one in self.orders.values() if one.role == "support" and one.owes]


def check(holds: bool, words: str) -> None:
    if not holds:
        raise Broken(words)


def staff_of(actor: str | None) -> str:
    return (actor or "").partition(":")[2]
