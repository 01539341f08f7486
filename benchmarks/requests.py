"""Random sequences of requests by anybody, over real PostgreSQL: every event judged as it is recorded.

`python -m benchmarks.requests --sequences N --first M` looks for longer, or elsewhere; a sequence that breaks a rule
is told by its number, and `--first NUMBER --sequences 1` has it again.
"""

import argparse
import asyncio
import json
import logging
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from deploy.broker_users import nats_users
from deploy.embedded.running import ServerAddresses
from deploy.embedded.servers import EmbeddedServers
from shared.infra.logs import configure_logs
from tests.requests.machine import NAMES, Sequence, World
from tests.requests.nouns import Broken
from tests.requests.rules import RULES
from tests.support.direct import DirectCentre

SEQUENCES, STEPS = 300, 40


def measure(*, sequences: int = SEQUENCES, steps: int = STEPS, first: int = 0) -> dict[str, Any]:
    """Raises Broken where a rule does not hold."""
    configure_logs(level=logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="muster-requests-") as folder:
        root = Path(folder)
        root.chmod(0o755)  # as root, PostgreSQL runs as somebody else who must reach its folder
        servers = EmbeddedServers(root / "servers", nats_users())
        try:
            return _search(servers.start(), root, range(first, first + sequences), steps)
        finally:
            servers.stop()


def _search(addresses: ServerAddresses, root: Path, numbers: range, steps: int) -> dict[str, Any]:
    loop = asyncio.new_event_loop()
    centre = DirectCentre(addresses, "requests", root / "vault.keys", without=("intake-learn-categories",))
    loop.run_until_complete(centre.open())
    world = World(centre, loop)
    heard: Counter[str] = Counter()
    began = time.perf_counter()
    try:
        for number in numbers:
            try:
                Sequence(world, number).run(steps)
            except Broken as broken:
                raise Broken(f"sequence {number}: {broken}") from broken
            heard += world.ledger.heard
    finally:
        loop.run_until_complete(centre.close())
        loop.close()
    told = world.tally
    return {
        "sequences": told["sequences"],
        "steps": steps,
        "requests_done": sum(told[name] for name in NAMES),
        "requests_refused": told["refused"],
        "kinds_of_requests_done": sum(1 for name in NAMES if told[name]),
        "never_done": [name for name in NAMES if not told[name]],
        "refusals": sum(1 for name in told if name.startswith("refused ")),
        "events": heard.total(),
        "events_with_rules": sum(number for name, number in heard.items() if name in RULES),
        "broken": 0,
        "seconds": round(time.perf_counter() - began, 1),
        "wanted": {"broken": 0},
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.requests", description=__doc__)
    parser.add_argument("--sequences", type=int, default=SEQUENCES)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--first", type=int, default=0, help="the number of the first sequence")
    print(json.dumps(measure(**vars(parser.parse_args())), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
