"""How long `muster up` takes until every service answers: on an empty data folder, and on the same folder again."""

from statistics import median
from typing import Any

from benchmarks.product import data_folder, running

RUNS = 5


def measure() -> dict[str, Any]:
    with data_folder() as data:
        with running(data) as first:
            first_s = first.ready_s
        again: list[float] = []
        for _ in range(RUNS):
            with running(data) as once:
                again.append(once.ready_s)
    return {
        "first_start_s": round(first_s, 2),
        "second_start_s": {"median": round(median(again), 2), "max": round(max(again), 2), "runs": RUNS},
        "wanted": {"second_start_s": 8},
    }
