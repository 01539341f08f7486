"""What is counted of measurements: percentiles, a series' last ten against its first ten, the median of runs."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

PARTS = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
FLAT_MAX = 1.1


def percentiles(values: Sequence[float], *, digits: int = 1) -> dict[str, float]:
    """By rank: each is a value that was measured. Empty where nothing was."""
    if not values:
        return {}
    ordered = sorted(values)
    last = len(ordered) - 1
    return {name: round(ordered[min(last, int(len(ordered) * part))], digits) for name, part in PARTS.items()}


def last_to_first(series: Sequence[float], *, window: int = 10) -> float | None:
    """The median of the last `window` against that of the first; of less than two windows, of the halves.

    None where there is nothing to compare.
    """
    size = min(window, len(series) // 2)
    first = median(series[:size]) if size else 0
    return round(median(series[-size:]) / first, 3) if first else None


def judged(series: Mapping[str, Sequence[float]], *, window: int = 10) -> dict[str, dict[str, Any]]:
    """Each series: how far it rose, and whether that is called flat."""
    found: dict[str, dict[str, Any]] = {}
    for name, values in series.items():
        rise = last_to_first(values, window=window)
        found[name] = {"last_to_first": rise, "flat": rise is not None and rise <= FLAT_MAX}
    return found


def median_of(runs: Sequence[Any]) -> Any:
    """The runs' figures, number by number at its place; what is no number, or not in every run, is the first run's."""
    first = runs[0]
    if isinstance(first, Mapping) and all(isinstance(one, Mapping) for one in runs):
        return {
            name: median_of([one[name] for one in runs]) if all(name in one for one in runs) else value
            for name, value in first.items()
        }
    if all(isinstance(one, int | float) and not isinstance(one, bool) for one in runs):
        middle = median(runs)
        return int(middle) if all(isinstance(one, int) for one in runs) and middle == int(middle) else round(middle, 3)
    return first
