"""`python -m benchmarks [NAME ...]`: runs measurements and writes `benchmarks/results/<name>.json`."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from itertools import takewhile
from typing import Any

from benchmarks import (
    chaos,
    clocks,
    copies,
    duplicates,
    duty,
    figures,
    fresh_clone,
    growth,
    history,
    importing,
    kills,
    memory,
    notices,
    photos,
    replay,
    requests,
    routing,
    screens,
    sequences,
    soak,
    starting,
    suggestions,
    throughput,
    viewing,
    year,
)
from benchmarks.arithmetic import median_of
from benchmarks.keeping import keep_result
from benchmarks.revision import Revision

MEASURES: Mapping[str, Callable[..., dict[str, Any]]] = {
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
    "copies": copies.measure,
    "figures": figures.measure,
    "history": history.measure,
    "replay": replay.measure,
    "growth": growth.measure,
    "soak": soak.measure,
    "year": year.measure,
}


def _options(parser: argparse.ArgumentParser, chosen: Sequence[str], more: Sequence[str]) -> dict[str, float | None]:
    """What is given beside, as the measure's own arguments: `soak --minutes 3`. Refused where it has no such one."""
    if not more:
        return {}
    if len(chosen) != 1:
        parser.error(f"{more[0]} belongs to one measurement: name it")
    one = argparse.ArgumentParser(prog=f"benchmarks {chosen[0]}")
    for name, parameter in signature(MEASURES[chosen[0]]).parameters.items():
        kind = float if parameter.default is None else type(parameter.default)
        one.add_argument(f"--{name.replace('_', '-')}", type=kind, default=parameter.default)
    return vars(one.parse_args(list(more)))


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--repeat", type=int, default=1, help="so many runs; of each figure the median is kept")
    parser.usage = "benchmarks [--repeat N] [NAME ...] [--option of the one named]; all where none is named"
    arguments, rest = parser.parse_known_args()
    named = list(takewhile(lambda word: not word.startswith("-"), rest))
    chosen, more = named or list(MEASURES), rest[len(named) :]
    if unknown := [name for name in chosen if name not in MEASURES]:
        parser.error(f"there is no measurement {unknown[0]}; there are {', '.join(MEASURES)}")
    options = _options(parser, chosen, more)
    for name in chosen:
        print(f"measuring {name} ...", file=sys.stderr)
        before = Revision.read()
        runs = [MEASURES[name](**options) for _ in range(max(1, arguments.repeat))]
        measured = runs[0] if len(runs) == 1 else {**median_of(runs), "runs": len(runs)}
        command, revision = " ".join(("python -m benchmarks", name, *more)), before.judged(Revision.read())
        keep_result(name, measured, command=command, revision=revision)
        print(json.dumps({name: measured}, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
