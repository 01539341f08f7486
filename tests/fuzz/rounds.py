"""Rounds of a target: any input is taken or refused in words, in bounded time and memory; whatever else is a crash."""

import base64
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from tests.fuzz import memory
from tests.fuzz.targets import Target

SECONDS_MAX = 5.0
"""For one input; ten times what the slowest proper one takes, as machines are busy."""
GROWTH_KB_MAX = 400_000
SIDE_MIN = 0.01
"""Of a target's rounds at least this part is taken, and this part refused: a matter of its seeds, not of luck."""


class Crash(AssertionError):
    """`data` brings it again."""

    def __init__(self, target: str, data: bytes, why: str) -> None:
        super().__init__(f"{target}: {why}; the input, in base64: {base64.b64encode(data[:4_000]).decode()}")
        self.target, self.data, self.why = target, data, why


class OneSided(AssertionError):
    """The rounds hardly came to one side of a reader, so they say nothing about it."""


@dataclass
class Tally:
    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    most_mb: int = 0
    each_peak_is_its_own: bool = True
    """Else the system does not let the earlier ones be forgotten: `memory.BLIND`."""


def once(target: Target, data: bytes, tally: Tally) -> None:
    """Raises Crash."""
    tally.each_peak_is_its_own = memory.begin()
    before_kb = memory.peak_kb()
    began_s = time.process_time()
    try:
        target.read(data)
        tally.taken[target.name] += 1
    except target.said_no as no:
        if not str(no):
            raise Crash(target.name, data, f"{type(no).__name__} without a word") from no
        tally.refused[target.name] += 1
    except Exception as bug:
        raise Crash(target.name, data, f"{type(bug).__name__}: {str(bug)[:200]}") from bug
    took_s = time.process_time() - began_s
    tally.slowest_s = max(tally.slowest_s, took_s)
    if took_s > SECONDS_MAX:
        raise Crash(target.name, data, f"it took {took_s:.1f} s")
    took_kb = memory.peak_kb() - before_kb
    tally.most_mb = max(tally.most_mb, took_kb // 1000)
    if took_kb > GROWTH_KB_MAX:
        raise Crash(target.name, data, f"it took {took_kb // 1000} MB")


def require_both_sides(target: Target, tally: Tally) -> None:
    """Else a fuzzer looks at nothing but the first line of its reader. Raises OneSided."""
    taken, refused = tally.taken[target.name], tally.refused[target.name]
    for side, number in (("taken", taken), ("refused", refused)):
        if number < SIDE_MIN * (taken + refused) or not number:
            raise OneSided(f"{target.name}: only {number} of {taken + refused} inputs were {side}")


def rounds(target: Target, number: int, seed: object) -> Tally:
    """So many drawn inputs: the same ones for the same seed."""
    tally, lots = Tally(), Random(f"{target.name}/{seed}")
    for _ in range(number):
        once(target, target.draw(lots), tally)
    return tally
