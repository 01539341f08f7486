"""The published formulas (DOMAIN: assessment). Nothing to divide by: no rate, neither 0 nor 100."""

from collections.abc import Iterable
from dataclasses import dataclass

BASICALLY = 0.9
"""What a "basically satisfied" weighs in the satisfaction rate."""


@dataclass(frozen=True, slots=True)
class Rate:
    good: float
    of: int

    @property
    def percent(self) -> float | None:
        """Rounded to a tenth. A share that is not whole never reads as 100, one that is not nought never as 0."""
        if self.of == 0:
            return None
        exact = 100 * self.good / self.of
        if exact in {0.0, 100.0}:
            return exact
        return min(99.9, max(0.1, round(exact, 1)))


@dataclass(frozen=True, slots=True)
class Promises:
    """How promises of one kind were kept. `due`: what counts; exempt ones are shown and do not count."""

    in_time: int = 0
    late: int = 0
    exempt: int = 0
    void: int = 0
    open: int = 0

    @property
    def due(self) -> int:
        return self.in_time + self.late

    @property
    def all(self) -> int:
        return self.due + self.exempt + self.void + self.open

    @property
    def rate(self) -> Rate:
        """按期率: in time / due; what is open and overdue counts as not in time."""
        return Rate(self.in_time, self.due)

    def __add__(self, other: "Promises") -> "Promises":
        return Promises(
            self.in_time + other.in_time,
            self.late + other.late,
            self.exempt + other.exempt,
            self.void + other.void,
            self.open + other.open,
        )


@dataclass(frozen=True, slots=True)
class FollowUps:
    """`valid`: those that reached the requester; only these are divided by."""

    attempts: int = 0
    valid: int = 0
    responded: int = 0
    solved: int = 0
    satisfied: int = 0
    basically: int = 0
    dissatisfied: int = 0

    @property
    def response(self) -> Rate:
        """响应率: the unit had spoken with the requester / valid follow-ups."""
        return Rate(self.responded, self.valid)

    @property
    def resolution(self) -> Rate:
        """解决率: solved / valid follow-ups."""
        return Rate(self.solved, self.valid)

    @property
    def satisfaction(self) -> Rate:
        """满意率: (satisfied + 0.9 x basically satisfied) / valid follow-ups."""
        return Rate(self.satisfied + BASICALLY * self.basically, self.valid)

    def __add__(self, other: "FollowUps") -> "FollowUps":
        return FollowUps(
            self.attempts + other.attempts,
            self.valid + other.valid,
            self.responded + other.responded,
            self.solved + other.solved,
            self.satisfied + other.satisfied,
            self.basically + other.basically,
            self.dissatisfied + other.dissatisfied,
        )


def all_promises(parts: Iterable[Promises]) -> Promises:
    return sum(parts, Promises())


def all_follow_ups(parts: Iterable[FollowUps]) -> FollowUps:
    return sum(parts, FollowUps())
