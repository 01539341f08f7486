"""A seeded nemesis against a centre of processes at work, two copies of each service; afterwards everything is checked.

`make chaos` (or `python -m benchmarks.chaos`) has the bounded runs of the test suite; `--long` has at least 200 faults
over 20,000 cases, in legs of a working week each; with `--seed`, one of them. A run that found anything leaves its
history in a folder and says with which command it is had again.
"""

import argparse
import asyncio
import json
import shlex
import signal
import sys
import tempfile
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from benchmarks.chaos_legs import keep_leg
from benchmarks.revision import Revision
from deploy.packs import default_pack
from shared.contracts.subjects import EVERY_SERVICE
from shared.infra.logs import configure_logs
from tests.support.chaos.fault_plan import LONG, MIDDLE, SHORT, SINGLE_KILLS, Scale, draw_faults
from tests.support.chaos.outcome import RECOVERY_MAX_S, Outcome, Settings
from tests.support.chaos.run import run
from tests.support.chaos.workload import compressed, plan_workload, sessions_of
from tests.support.times import MONDAY_MORNING

COPIES = dict.fromkeys(EVERY_SERVICE, 2)
SEEDS = (1,)
"""Of the bounded runs: over them, every kind of fault comes at least once."""
LEGS = (7, 8, 9, 10, 11)
"""Seeds of the long run: a leg each."""
WORDS_MAX = 50
WANTED = {"lost": 0, "missed": 0, "double": 0, "broken": 0, "recovery_from_a_single_kill_s": RECOVERY_MAX_S}
ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".chaos"


class Run(Protocol):
    def __call__(self, settings: Settings, folder: Path, *, keep: Path | None) -> Coroutine[Any, Any, Outcome]: ...


class NotSound(AssertionError):
    """Something was lost, missed, done twice or broken."""


@dataclass(frozen=True, slots=True)
class Size:
    """`within`: the cases come in evenly over so much of the first day; else over the days as at a real centre.

    `to_the_end`: until every case is closed, however long some are open; else until the last fault is over.
    """

    scale: Scale
    cases: int
    faults: int
    days: int
    speed: float
    surge_every_s: float
    within: timedelta | None = None
    to_the_end: bool = False


SIZES: Mapping[str, Size] = {
    "short": Size(SHORT, cases=40, faults=20, days=1, speed=600.0, surge_every_s=8.0, within=timedelta(hours=2)),
    "middle": Size(MIDDLE, cases=500, faults=20, days=2, speed=300.0, surge_every_s=20.0),
    "long": Size(LONG, cases=4_000, faults=44, days=5, speed=120.0, surge_every_s=300.0, to_the_end=True),
}


def settings_of(size: Size, seed: int) -> Settings:
    pack = default_pack()
    sessions = sessions_of(pack, MONDAY_MORNING, size.days)
    plan = plan_workload(pack, first_day=MONDAY_MORNING, days=size.days, cases=size.cases, seed=seed)
    if size.within is not None:
        local = sessions[0][0].astimezone(MONDAY_MORNING.tzinfo)
        plan = compressed(plan, timedelta(hours=local.hour, minutes=local.minute), size.within)
    return Settings(
        seed,
        plan,
        (),
        sessions[0][0],
        size.speed,
        COPIES,
        to_the_end=size.to_the_end,
        faults=draw_faults(seed, size.faults, size.scale),
        scale=size.scale,
        spread=size.within is None,
        pause_s=1.0,
        surge_every_s=size.surge_every_s,
    )


def one_run(size: Size, seed: int, again: Sequence[str], *, carry_out: Run = run) -> Outcome:
    """Raises NotSound where the checks found anything. `again`: what to type after `python -m` to have it again."""
    configure_logs(level=40)
    keep = KEPT / f"{size.scale.name}-{seed}-{datetime.now(UTC):%m%d-%H%M%S}"
    told = f"the history is in {keep}; again: python -m {shlex.join(again)}"
    with tempfile.TemporaryDirectory(prefix="muster-chaos-") as folder:
        Path(folder).chmod(0o755)  # as root, PostgreSQL runs as somebody else who must reach its folder
        try:
            outcome = asyncio.run(carry_out(settings_of(size, seed), Path(folder), keep=keep))
        except BaseException:
            print(f"seed {seed} did not come to its end; {told}", file=sys.stderr)
            raise
    if words := outcome.words():
        shown = "\n  ".join(words[:WORDS_MAX])
        raise NotSound(f"seed {seed}: {len(words)} fault(s) of the product; {told}\n  {shown}")
    return outcome


def figures_of(outcome: Outcome) -> dict[str, Any]:
    felt = outcome.as_dict()["felt_s_by_victim"]
    slowest = max((one["max"] for kind, one in felt.items() if kind in set(SINGLE_KILLS)), default=0.0)
    return {**outcome.as_dict(), "slowest_recovery_from_a_single_kill_s": slowest, "slow_recoveries": outcome.slow()}


def one_leg(size: Size, seed: int, again: Sequence[str]) -> dict[str, Any]:
    before = Revision.read()
    figures = figures_of(one_run(size, seed, again))
    return {"command": f"python -m {shlex.join(again)}", "revision": before.judged(Revision.read()), **figures}


def measure() -> dict[str, Any]:
    """All legs; each is kept before the next begins."""
    told: dict[str, Any] = {}
    for seed in LEGS:
        told = keep_leg(one_leg(SIZES["long"], seed, _again("long", seed)), wanted=WANTED)
    return told


def _again(size: str, seed: int, **changed: float) -> list[str]:
    more = [word for name, value in changed.items() for word in (f"--{name}", str(value))]
    return ["benchmarks.chaos", f"--{size}", "--seed", str(seed), *more]


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.chaos", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    for name, one in SIZES.items():
        words = f"{one.cases} cases, {one.faults} faults"
        size.add_argument(f"--{name}", dest="size", action="store_const", const=name, default="short", help=words)
    parser.add_argument("--seed", type=int, help="the same seed brings the same cases and faults")
    parser.add_argument("--cases", type=int)
    parser.add_argument("--faults", type=int)
    parser.add_argument("--days", type=int, help="working days over which the cases enter")
    parser.add_argument("--speed", type=float, help="how much faster than real time")
    told = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it wants the history, too
    changed = {name: getattr(told, name) for name in ("cases", "faults", "days", "speed") if getattr(told, name)}
    seeds = (told.seed,) if told.seed is not None else LEGS if told.size == "long" else SEEDS
    for seed in seeds:
        again = _again(told.size, seed, **changed)
        try:
            figures = one_leg(replace(SIZES[told.size], **changed), seed, again)
        except NotSound as found:
            print(found, file=sys.stderr)
            return 1
        print(json.dumps({**figures, "wanted": WANTED}, ensure_ascii=False, indent=2))
        if told.size == "long":
            keep_leg(figures, wanted=WANTED)
    return 0


if __name__ == "__main__":
    sys.exit(main())
