"""What the whole product holds when nothing happens: proportional set size over all its processes."""

import time
from typing import Any

import psutil

from benchmarks.product import data_folder, running

IDLE_S = 15.0


def measure() -> dict[str, Any]:
    with data_folder() as data, running(data) as product:
        time.sleep(IDLE_S)
        root = psutil.Process(product.process.pid)
        sizes: dict[str, float] = {}
        for process in [root, *root.children(recursive=True)]:
            name = process.name().split(":")[0]
            sizes[name] = sizes.get(name, 0) + process.memory_full_info().pss / 1e6
    return {
        "pss_mb": round(sum(sizes.values()), 1),
        "by_program_mb": {name: round(size, 1) for name, size in sorted(sizes.items())},
        "wanted": {"pss_mb": 450},
    }
