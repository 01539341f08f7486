"""The `muster` command as processes of their own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
UP = "Muster is up"
WAIT_MAX_S = 60.0


class Program:
    """One installation over a data folder."""

    def __init__(self, data: Path, more: Mapping[str, str] | None = None) -> None:
        self.data = data
        clean = {key: value for key, value in os.environ.items() if not key.startswith("MUSTER_")}
        self.environment = {**clean, "MUSTER_DATA": str(data), "COLUMNS": "200", **(more or {})}

    def run(self, *arguments: str, code: int = 0) -> str:
        """Runs a command to its end and returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "deploy", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=WAIT_MAX_S,
            check=False,
        )
        assert done.returncode == code, f"exit {done.returncode}: {done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout if code == 0 else done.stderr

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json"))

    @contextmanager
    def started(self, *arguments: str, ready: str = UP) -> Generator["subprocess.Popen[str]"]:
        """A command that stays, from when it says it is ready; ended politely, by its own pid."""
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert process.stderr is not None
            said: list[str] = []
            for line in process.stderr:
                said.append(line)
                if ready in line:
                    break
            else:
                raise AssertionError(f"it ended before it was ready: {''.join(said)}")
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait(WAIT_MAX_S)
            assert process.stderr is not None
            process.stderr.close()


def until(true: Any, *, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.1)
