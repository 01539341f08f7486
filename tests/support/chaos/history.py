"""What happened in a run, in order: enough to understand a fault, and with its seed to have it again."""

import json
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.clock import Clock


class History:
    """`seconds` count from the beginning of the run, `at` is the centre's time."""

    def __init__(self, clock: Clock, settings: Mapping[str, Any]) -> None:
        self._clock = clock
        self._settings = dict(settings)
        self._began_s = time.monotonic()
        self.lines: list[dict[str, Any]] = []

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began_s

    def note(self, what: str, **facts: Any) -> None:
        at = self._clock.now().isoformat(timespec="seconds")
        self.lines.append({"seconds": round(self.seconds, 2), "at": at, "what": what, **facts})

    def keep(self, folder: Path, *, found: list[str], logs: Path, **more: Any) -> None:
        """All that is needed to understand a run that failed: what was done and found, and the logs of the copies."""
        self.write(folder / "history.json", found=found, **more)
        shutil.copytree(logs, folder / "logs", dirs_exist_ok=True)

    def write(self, file: Path, **found: Any) -> None:
        told = {"settings": self._settings, **found, "history": self.lines}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(told, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
