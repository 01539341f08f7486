"""A year of a centre in simulated time on real PostgreSQL: clocks counted by hand, books balanced, a report written.

`python -m benchmarks.year --cases-a-day 4 --seed 3` has another one; `--begins` and `--ends` say when.
"""

import argparse
import asyncio
import json
import logging
import os
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from deploy.broker_users import nats_users
from deploy.embedded.servers import EmbeddedServers
from shared.infra.logs import configure_logs
from tests.year.live import Lived, live, told
from tests.year.report import as_markdown

BEGINS, ENDS, SURGE_ON = date(2025, 9, 1), date(2026, 9, 1), date(2026, 7, 14)
CASES_A_DAY, SEED = 0.4, 7
REPORT = Path(__file__).parent / "results" / "year.md"
WORDS_MAX = 30


class NotSound(AssertionError):
    """Something was missed, fired at another instant than it should, or does not add up."""


def measure(
    *,
    begins: date = BEGINS,
    ends: date = ENDS,
    surge_on: date | None = SURGE_ON,
    cases_a_day: float = CASES_A_DAY,
    seed: int = SEED,
) -> dict[str, Any]:
    """Writes the year's report beside the results. Raises NotSound, and Broken where a rule of the house is broken."""
    configure_logs(level=logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="muster-year-") as folder:
        root = Path(folder)
        root.chmod(0o755)  # as root, PostgreSQL runs as somebody else who must reach its folder
        servers = EmbeddedServers(root / "servers", nats_users())
        try:
            addresses = servers.start()
            year = live(
                addresses,
                root / "vault.keys",
                begins=begins,
                ends=ends,
                cases_a_day=cases_a_day,
                seed=seed,
                surge_on=surge_on,
            )
            lived = asyncio.run(year)
        finally:
            servers.stop()
    _require_sound(lived)
    REPORT.write_text(as_markdown(lived.report), encoding="utf-8")
    load = {"load_at_the_end": [round(one, 1) for one in os.getloadavg()]}
    return {"cases_a_day": cases_a_day, "seed": seed, **told(lived), **load, "wanted": {"broken": 0, "faults": 0}}


def _require_sound(lived: Lived) -> None:
    words = [*lived.faults, *lived.clocks.faults]
    if words:
        shown = "\n  ".join(words[:WORDS_MAX])
        raise NotSound(f"{len(words)} fault(s):\n  {shown}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.year", description=__doc__)
    parser.add_argument("--begins", type=date.fromisoformat, default=BEGINS)
    parser.add_argument("--ends", type=date.fromisoformat, default=ENDS)
    parser.add_argument("--surge-on", type=date.fromisoformat, default=SURGE_ON)
    parser.add_argument("--cases-a-day", type=float, default=CASES_A_DAY, help="on a working day")
    parser.add_argument("--seed", type=int, default=SEED)
    print(json.dumps(measure(**vars(parser.parse_args())), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
