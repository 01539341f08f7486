"""Ten thousand random sequences of dispatch verbs, every invariant looked at after each verb.

`python -m benchmarks sequences --seed 7` has another ten thousand; the same seed, the same ones.
"""

import time
from collections import Counter
from typing import Any

from hypothesis import seed as beginning_with
from hypothesis.stateful import run_state_machine_as_test

from tests.sequences.invariants import INVARIANTS
from tests.sequences.machine import AnySequence, searching

SEQUENCES, STEPS = 10_000, 30


def measure(*, seed: float | None = None) -> dict[str, Any]:
    """Raises where a sequence breaks an invariant. Without a seed it is those hypothesis makes of the machine itself.

    A whole number: options without a default come from the command line as floats.
    """
    number = None if seed is None else int(seed)
    told: Counter[str] = Counter()

    class Counted(AnySequence):
        def teardown(self) -> None:
            told["sequences"] += 1
            told["events"] += len(self.desk.events)
            told["refused"] += self.desk.refused
            told["cases with a lead's report"] += bool(self.desk.tasks)
            told["rulings"] += self.desk.rulings
            told["summonses"] += len(self.desk.rolls)
            super().teardown()

    machine = Counted if number is None else beginning_with(number)(Counted)
    began = time.perf_counter()
    run_state_machine_as_test(machine, settings=searching(SEQUENCES, steps=STEPS))
    return {
        "seed": "none: the same every time" if number is None else number,
        **told,
        "steps_at_most": STEPS,
        "invariants": [check.__name__ for check in INVARIANTS],
        "broken": 0,
        "seconds": round(time.perf_counter() - began, 1),
        "wanted": {"sequences": SEQUENCES, "broken": 0},
    }
