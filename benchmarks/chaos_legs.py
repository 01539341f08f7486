"""The long run leg by leg: each leg is a centre of its own, checked whole at its end and kept before the next begins.

A leg that finds something, or that somebody has to break off, costs itself and not the others.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.keeping import RESULTS, keep_result

Legs = Mapping[str, Mapping[str, Any]]
"""By seed; each as `Outcome` tells it, with its command and its revision."""
COMMAND = "python -m benchmarks.chaos --long"
SUMMED = ("cases", "lost", "missed", "double", "broken", "events", "answers_checked", "clocks_fired", "error_lines")


def total_of(legs: Legs) -> dict[str, Any]:
    """What all legs come to; of recoveries the slowest. A leg of another revision counts, and its revision is told."""
    return {
        **{name: sum(leg[name] for leg in legs.values()) for name in SUMMED},
        "faults": sum(sum(leg["faults_struck"].values()) for leg in legs.values()),
        "seconds": round(sum(leg["seconds"] for leg in legs.values())),
        "slowest_recovery_from_a_single_kill_s": max(
            leg["slowest_recovery_from_a_single_kill_s"] for leg in legs.values()
        ),
        "revisions": sorted({leg["revision"]["commit"] for leg in legs.values()}),
        "clean": all(leg["revision"]["clean"] for leg in legs.values()),
        "centres": len(legs),
        "legs": dict(legs),
    }


def keep_leg(leg: Mapping[str, Any], *, wanted: Mapping[str, Any], results: Path = RESULTS) -> dict[str, Any]:
    """Beside those that are kept already; in place of an earlier one of the same seed. Returns what all come to."""
    path = results / "chaos.json"
    kept: Legs = json.loads(path.read_text(encoding="utf-8"))["figures"]["legs"] if path.exists() else {}
    legs = {**kept, str(leg["seed"]): leg}
    told = {**total_of(dict(sorted(legs.items(), key=lambda one: int(one[0])))), "wanted": wanted}
    keep_result("chaos", told, command=COMMAND, results=results)
    return told
