"""The installed product as a process of its own, over a data folder of its own."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MUSTER = (sys.executable, "-m", "deploy")
UP = "Muster is up"
START_MAX_S = 120.0
STOP_MAX_S = 30.0


@dataclass(frozen=True, slots=True)
class Running:
    process: "subprocess.Popen[str]"
    data: Path
    ready_s: float


@contextmanager
def data_folder() -> Generator[Path]:
    """Gone afterwards, with what was started in it, also where somebody ends the measurement from outside."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
            Path(folder).chmod(0o755)  # as root, PostgreSQL runs as somebody else who must reach its folder
            yield Path(folder) / "data"
    finally:
        signal.signal(signal.SIGTERM, before)


def environment(data: Path) -> dict[str, str]:
    return {**os.environ, "MUSTER_DATA": str(data), "PYTHONUNBUFFERED": "1"}


@contextmanager
def running(data: Path, *arguments: str) -> Generator[Running]:
    """`muster up` until it says that it is up; ended politely, by its own pid."""
    began = time.monotonic()
    process = subprocess.Popen(
        [*MUSTER, "up", *arguments], env=environment(data), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if UP in line:
                break
            if time.monotonic() - began > START_MAX_S:
                raise TimeoutError("muster up took too long")
        else:
            raise RuntimeError("muster up ended before it was up")
        yield Running(process, data, time.monotonic() - began)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(STOP_MAX_S)
