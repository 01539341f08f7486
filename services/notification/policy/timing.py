"""How long anything about a message may take: leases, tries, deadlines, windows. All spans in the centre's own time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

LEASE_S = 90.0
"""Real seconds, longer than any channel may take: a lease is about a process that may have died."""

SAME_WITHIN = timedelta(seconds=60)
"""The same matter told to the same post twice within this is told once."""

BUNDLE_WAIT = timedelta(seconds=10)
BUNDLE_MAX = 20

RATE_WINDOW = MINUTE


@dataclass(frozen=True, slots=True)
class Patience:
    """`deadline`: then the next channel is used. `give_up`: then the last one is given up too."""

    deadline: timedelta
    give_up: timedelta
    first_wait: timedelta
    longest_wait: timedelta
    tries_max: int


URGENT = Patience(deadline=MINUTE, give_up=20 * MINUTE, first_wait=SECOND, longest_wait=15 * SECOND, tries_max=100)
ORDINARY = Patience(deadline=5 * MINUTE, give_up=2 * HOUR, first_wait=5 * SECOND, longest_wait=5 * MINUTE, tries_max=30)


def patience(*, urgent: bool) -> Patience:
    return URGENT if urgent else ORDINARY


def wait_before(number: int, terms: Patience, *, chance: float, asked_s: float | None = None) -> timedelta:
    """Before the next try after try `number` (1 is the first): doubling, up to the longest, spread by a quarter.

    `chance` lies from 0 to 1. What the channel asked for is kept where it is longer, within the longest wait.
    """
    doubled = terms.first_wait * 2 ** min(number - 1, 16)
    spread = min(doubled, terms.longest_wait) * (0.75 + 0.5 * chance)
    asked = timedelta(seconds=max(0.0, asked_s or 0.0))
    return min(max(spread, asked), terms.longest_wait * 1.25)


def furthest_try(*, urgent: bool) -> timedelta:
    """No try is ever planned further ahead: a row that says otherwise was written by a clock since set back."""
    terms = patience(urgent=urgent)
    return max(terms.longest_wait * 1.25, RATE_WINDOW, BUNDLE_WAIT) + SECOND


def free_again(taken: list[datetime], per_minute: int, *, now: datetime) -> datetime:
    """When an address takes one more, where `taken` are the sends of the last minute, the oldest first."""
    over = len(taken) - per_minute
    return now if over < 0 else taken[over] + RATE_WINDOW + timedelta(milliseconds=1)
