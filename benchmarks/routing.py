"""How fast the duty table decides, and how long a large pack takes to be proved: pure computing on one core."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice, product
from typing import Any, get_args

from benchmarks.large_pack import large_pack
from deploy.packs import default_pack
from shared.centre.check import check_pack
from shared.centre.jurisdiction import route
from shared.centre.nouns import LEVELS, CaseSource
from shared.centre.pack import CentrePack

RUNS = 5
DECISIONS = 40_000
AT = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)  # a Friday night: the rules for nights and workdays are asked in full


def measure() -> dict[str, Any]:
    default = default_pack()
    large = large_pack(default)
    faults = check_pack(large)
    if faults:
        raise RuntimeError(f"the generated pack is faulty: {faults[0]}")
    return {
        "decisions_per_s": {"default_pack": decisions_per_s(default), "large_pack": decisions_per_s(large)},
        "large_pack": {
            "leaf_categories": len(large.leaf_categories),
            "townships": len(large.townships),
            "grids": len(large.grids),
            "rules": len(large.rules),
        },
        "check_large_pack_s": round(min(_seconds(lambda: check_pack(large.model_copy())) for _ in range(RUNS)), 3),
        "wanted": {"decisions_per_s": 20_000, "check_large_pack_s": 2},
    }


def decisions_per_s(pack: CentrePack, decisions: int = DECISIONS) -> int:
    """The best of some runs over matters, places, levels, sources and flags, at one instant."""
    codes = [leaf.code for leaf in pack.leaf_categories]
    marks = ((), tuple(flag.code for flag in pack.flags))
    # The places turn fastest, so that even the first cases of a long list are of every kind.
    cases = product(get_args(CaseSource), LEVELS, marks, codes, [place.code for place in pack.places])
    every = list(cases)
    chosen = list(islice(every, 0, None, max(1, len(every) // decisions)))

    def decide() -> None:
        for source, level, flags, category, place in chosen:
            route(pack, category=category, place=place, source=source, level=level, flags=flags, at=AT)

    decide()  # builds the index
    return round(len(chosen) / min(_seconds(decide) for _ in range(RUNS)))


def _seconds(work: Callable[[], object]) -> float:
    """Seconds of one core: what else runs on the machine is not what is asked here."""
    started = time.process_time()
    work()
    return time.process_time() - started
