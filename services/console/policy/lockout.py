"""How long the next try to sign in has to wait: per account, and per address it comes from."""

from datetime import datetime, timedelta
from typing import Literal

Kind = Literal["account", "address"]
FREE_TRIES: dict[Kind, int] = {"account": 4, "address": 20}
FIRST_DELAY = timedelta(seconds=15)
DELAY_MAX = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)


def delay_after(kind: Kind, failures: int) -> timedelta:
    """None while the tries are free, then doubled with each further failure."""
    over = failures - FREE_TRIES[kind]
    if over <= 0:
        return timedelta(0)
    return min(FIRST_DELAY * 2 ** min(over - 1, 10), DELAY_MAX)


def failures_now(failures: int, last_at: datetime | None, now: datetime) -> int:
    """What was a day ago is forgotten."""
    return 0 if last_at is None or now - last_at > FORGOTTEN_AFTER else failures
