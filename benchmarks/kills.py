"""Fifty random kills while a centre of processes works through 2,000 cases in compressed time: missed 0, double 0.

Embedded servers and every copy of every service are ended with SIGKILL (a relay also by cutting the connection it leads
by), and started again as their keepers would. What must hold afterwards is read from the databases, the streams and the
answers the clients were given. `python -m benchmarks.kills --seed N` has one run again.
"""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

from deploy.packs import default_pack
from shared.infra.logs import configure_logs
from tests.support.chaos.kill_plan import draw_kills
from tests.support.chaos.outcome import Outcome, Settings
from tests.support.chaos.run import run
from tests.support.chaos.workload import plan_workload, sessions_of
from tests.support.times import MONDAY_MORNING

CASES, KILLS, DAYS, SPEED, SEED = 2_000, 50, 5, 240.0, 7
COPIES = {"intake": 1, "dispatch": 2, "escalation": 2, "notification": 1}
HISTORY = Path(__file__).parent / "results" / "kills_failed.json"
WORDS_MAX = 50


class NotSound(AssertionError):
    """Something was missed or done twice; the history says when, and the seed brings it again."""


def measure(
    *, cases: int = CASES, kills: int = KILLS, days: int = DAYS, speed: float = SPEED, seed: int = SEED
) -> dict[str, Any]:
    """Raises NotSound where anything was missed or done twice."""
    configure_logs(level=40)
    pack = default_pack()
    sessions = sessions_of(pack, MONDAY_MORNING, days)
    plan = plan_workload(pack, first_day=MONDAY_MORNING, days=days, cases=cases, seed=seed)
    settings = Settings(seed, plan, draw_kills(seed, sessions, kills), sessions[0][0], speed, COPIES)
    with tempfile.TemporaryDirectory(prefix="muster-kills-") as folder:
        Path(folder).chmod(0o755)  # as root, PostgreSQL runs as somebody else who must reach its folder
        outcome = asyncio.run(run(settings, Path(folder)))
    _keep_history_of_failure(outcome)
    return {**outcome.as_dict(), "days": days, "wanted": {"missed": 0, "double": 0}}


def _keep_history_of_failure(outcome: Outcome) -> None:
    words = outcome.words()
    if words or outcome.loud:
        outcome.history.write(HISTORY, found=words, loud=outcome.loud, figures=outcome.as_dict())
    if words:
        shown = "\n  ".join(words[:WORDS_MAX])
        raise NotSound(f"seed {outcome.settings.seed}: {len(words)} fault(s), the history is in {HISTORY}:\n  {shown}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.kills", description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--days", type=int, default=DAYS, help="working days over which the cases enter")
    parser.add_argument("--speed", type=float, default=SPEED, help="how much faster than real time")
    parser.add_argument("--seed", type=int, default=SEED, help="the same seed brings the same cases and blows")
    print(json.dumps(measure(**vars(parser.parse_args())), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
