"""`python -m tests.fuzz --seconds 60 [--target NAME]`: every reader in turn, until the time is up or something crashes.

With atheris installed (`pip install --group fuzz`) and `--guided`, one target is led by coverage into new branches.
"""

import argparse
import importlib
import json
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fuzz.targets import Target

GUIDED = "--guided"
OURS = ["shared", "services", "deploy"]


def guide() -> Any:
    """Atheris, where it is asked for; it has to be there before what it watches is imported."""
    if GUIDED not in sys.argv:
        return None
    try:
        return importlib.import_module("atheris")
    except ImportError:
        sys.exit("atheris is not installed: pip install --group fuzz (Linux and macOS, Python 3.11 to 3.13)")


ATHERIS = guide()
watching: AbstractContextManager[Any] = nullcontext() if ATHERIS is None else ATHERIS.instrument_imports(include=OURS)
with watching:
    rounds = importlib.import_module("tests.fuzz.rounds")
    TARGETS = importlib.import_module("tests.fuzz.targets").TARGETS

CRASHES = Path("fuzz-crashes")


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--target", choices=sorted(TARGETS), help="only this one")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument(GUIDED, action="store_true", help="by coverage, with atheris; needs --target")
    parser.add_argument("--again", type=Path, help="one kept input, for the target named")
    asked = parser.parse_args()
    chosen = [TARGETS[asked.target]] if asked.target else list(TARGETS.values())
    if asked.again is not None:
        rounds.once(chosen[0], asked.again.read_bytes(), rounds.Tally())
        return 0
    if asked.guided:
        return guided(chosen[0], asked.seconds)
    return drawn(chosen, asked.seconds, asked.seed)


def drawn(chosen: "list[Target]", seconds: float, seed: int) -> int:
    tally, lots, until_s = rounds.Tally(), Random(seed), time.monotonic() + seconds
    weights = [target.weight for target in chosen]
    while time.monotonic() < until_s:
        target = lots.choices(chosen, weights)[0]
        data = target.draw(lots)
        try:
            rounds.once(target, data, tally)
        except AssertionError as crash:
            return keep(target, data, crash)
    told = {"seed": seed, "taken": tally.taken, "refused": tally.refused, "slowest_s": tally.slowest_s}
    print(json.dumps({**told, "most_mb": tally.most_mb}))
    if not tally.each_peak_is_its_own:
        print(rounds.memory.BLIND, file=sys.stderr)
    return 0


def guided(target: "Target", seconds: float) -> int:
    """libFuzzer under atheris; ends by itself, or with the input that crashed. It begins with drawn inputs."""
    lots, seeds = Random(0), CRASHES.with_name("fuzz-seeds") / target.name
    seeds.mkdir(parents=True, exist_ok=True)
    for number in range(20):
        (seeds / str(number)).write_bytes(target.draw(lots))

    def read(data: bytes) -> None:
        rounds.once(target, data, rounds.Tally())

    ATHERIS.Setup([sys.argv[0], f"-max_total_time={int(seconds)}", "-max_len=20000", "-timeout=20", str(seeds)], read)
    ATHERIS.Fuzz()
    return 0


def keep(target: "Target", data: bytes, crash: AssertionError) -> int:
    CRASHES.mkdir(exist_ok=True)
    file = CRASHES / f"{target.name}-{abs(hash(data)):x}"
    file.write_bytes(data)
    print(
        f"{crash}\nkept in {file}; again: python -m tests.fuzz --target {target.name} --again {file}", file=sys.stderr
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
