"""`python -m benchmarks [NAME ...]`: runs measurements and writes `benchmarks/results/<name>.json`."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks import (
    chaos,
    clocks,
    duplicates,
    duty,
    figures,
    fresh_clone,
    importing,
    kills,
    memory,
    notices,
    photos,
    requests,
    routing,
    screens,
    sequences,
    starting,
    suggestions,
    throughput,
    viewing,
    year,
)
from benchmarks.keeping import keep_result

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
    "requests": requests.measure,
    "kills": kills.measure,
    "chaos": chaos.measure,
    "suggestions": suggestions.measure,
    "screens": screens.measure,
    "viewing": viewing.measure,
    "throughput": throughput.measure,
    "figures": figures.measure,
    "year": year.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="all where none is named")
    chosen = parser.parse_args().names or list(MEASURES)
    for name in chosen:
        print(f"measuring {name} ...", file=sys.stderr)
        measured = MEASURES[name]()
        keep_result(name, measured, command=f"python -m benchmarks {name}")
        print(json.dumps({name: measured}, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
