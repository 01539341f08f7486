"""Ten thousand random sequences of dispatch verbs, every invariant looked at after each verb."""

import time
from collections import Counter
from typing import Any

from hypothesis.stateful import run_state_machine_as_test

from tests.sequences.invariants import INVARIANTS
from tests.sequences.machine import AnySequence, searching

SEQUENCES, STEPS = 10_000, 30


def measure() -> dict[str, Any]:
    """Raises where a sequence breaks an invariant."""
    told: Counter[str] = Counter()

    class Counted(AnySequence):
        def teardown(self) -> None:
            told["sequences"] += 1
            told["events"] += len(self.desk.events)
            told["refused"] += self.desk.refused
            told["cases with a lead's report"] += bool(self.desk.tasks)
            told["rulings"] += self.desk.rulings
            told["summonses"] += len(self.desk.rolls)

    began = time.perf_counter()
    run_state_machine_as_test(Counted, settings=searching(SEQUENCES, steps=STEPS))
    return {
        **told,
        "steps_at_most": STEPS,
        "invariants": [check.__name__ for check in INVARIANTS],
        "broken": 0,
        "seconds": round(time.perf_counter() - began, 1),
        "wanted": {"sequences": SEQUENCES, "broken": 0},
    }
