"""All copies of all services, each a process: started, killed by pid, and started again by a keeper."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.chaos.place import Place

ROOT = Path(__file__).parents[3]
STOP_MAX_S = 20.0
LOUD = ("error", "critical")
# A copy that starts while its database or broker is away ends with words, and is started again.
IN_WORDS = ("not possible right now: ", "it took too long; ")
ONE_LINE = {"COLUMNS": "500"}


@dataclass(slots=True)
class Copy:
    """One place for a process; the process in it changes."""

    service: str
    number: int
    process: "subprocess.Popen[bytes] | None" = None
    starts: int = 0
    dead_looks: int = field(default=0, repr=False)

    @property
    def name(self) -> str:
        return f"{self.service}-{self.number}"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Copies:
    """`wanted`: how many copies of each service."""

    def __init__(self, place: Place, wanted: Mapping[str, int]) -> None:
        self._place = place
        self._place_file = place.write()
        self.logs = place.folder / "logs"
        self.logs.mkdir(exist_ok=True)
        self.services = tuple(wanted)
        self.copies = [Copy(service, number) for service, copies in wanted.items() for number in range(1, copies + 1)]

    def start(self) -> None:
        for copy in self.copies:
            self._launch(copy)

    def living(self, service: str) -> list[Copy]:
        return [copy for copy in self.copies if copy.service == service and copy.alive()]

    def restart_dead(self, *, after_looks: int) -> list[Copy]:
        """Starts again what has been found dead so many times; asked every moment, that is how long it stays away."""
        restarted: list[Copy] = []
        for copy in self.copies:
            copy.dead_looks = 0 if copy.alive() else copy.dead_looks + 1
            if copy.dead_looks > after_looks:
                copy.dead_looks = 0
                self._launch(copy)
                restarted.append(copy)
        return restarted

    def stop(self) -> None:
        """Politely, all at once; whoever does not end in time is killed."""
        running = [copy.process for copy in self.copies if copy.process is not None]
        for process in running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in running:
            try:
                process.wait(STOP_MAX_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdin is not None:
                process.stdin.close()

    def loud_lines(self) -> Iterator[str]:
        """Error lines in the logs, and whatever is no log line at all: an interpreter's last words."""
        for file in sorted(self.logs.glob("*.log")):
            for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
                try:
                    loud = json.loads(line).get("level") in LOUD
                except ValueError:
                    loud = bool(line.strip()) and not line.startswith(IN_WORDS)
                if loud:
                    yield f"{file.stem}: {line}"

    def _launch(self, copy: Copy) -> None:
        if copy.process is not None and copy.process.stdin is not None:
            copy.process.stdin.close()
        copy.starts += 1
        with (self.logs / f"{copy.name}.log").open("ab") as log:
            copy.process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.chaos.service_copy", str(self._place_file), copy.service],
                cwd=ROOT,
                env={**os.environ, **ONE_LINE},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def kill(copy: Copy) -> int:
    """At once and without a word. Returns the pid."""
    assert copy.process is not None
    os.kill(copy.process.pid, signal.SIGKILL)
    copy.process.wait()
    return copy.process.pid
