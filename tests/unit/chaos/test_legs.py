"""The long run is the sum of its legs, and whatever one of them found is in it."""

import json
from pathlib import Path
from typing import Any

from benchmarks.chaos import WANTED
from benchmarks.chaos_legs import SUMMED, keep_leg, total_of


def leg(seed: int, *, kill_s: float = 2.0, commit: str = "a", clean: bool = True, **found: int) -> dict[str, Any]:
    return {
        **dict.fromkeys(SUMMED, 0),
        "seed": seed,
        "cases": 5_000,
        "faults_struck": {"freeze": 30, "kill intake": 25},
        "seconds": 2_000.4,
        "slowest_recovery_from_a_single_kill_s": kill_s,
        "revision": {"commit": commit, "clean": clean},
        **found,
    }


def test_counts_are_added_and_the_slowest_recovery_is_told() -> None:
    total = total_of({"7": leg(7, kill_s=4.1), "8": leg(8, kill_s=9.9, missed=2), "9": leg(9, broken=1)})
    assert (total["cases"], total["faults"], total["centres"]) == (15_000, 165, 3)
    assert (total["lost"], total["missed"], total["double"], total["broken"]) == (0, 2, 0, 1)
    assert total["slowest_recovery_from_a_single_kill_s"] == 9.9


def test_a_leg_of_another_revision_or_of_files_not_committed_is_told() -> None:
    total = total_of({"7": leg(7), "8": leg(8, commit="b", clean=False)})
    assert (total["revisions"], total["clean"]) == (["a", "b"], False)


def test_a_leg_is_added_to_those_kept_and_takes_the_place_of_its_earlier_one(tmp_path: Path) -> None:
    for one in (leg(10), leg(8, missed=3), leg(8, double=1)):
        keep_leg(one, wanted=WANTED, results=tmp_path)
    kept = json.loads((tmp_path / "chaos.json").read_text(encoding="utf-8"))
    assert list(kept["figures"]["legs"]) == ["8", "10"]
    assert (kept["figures"]["missed"], kept["figures"]["double"]) == (0, 1)
    assert kept["figures"]["wanted"]["lost"] == 0
    assert kept["command"] == "python -m benchmarks.chaos --long"
