"""Server processes: launched tied to our life, watched, stopped; and what can be known of processes left by others."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deploy.embedded.users import ServerUser

LOG_BYTES_MAX = 10 * 1024 * 1024
LOG_TAIL_LINES = 12
POLL_S = 0.01
TIMED_OUT = 124

_LAUNCH = Path(__file__).with_name("launch.py")

# The kernel counts the *thread* that launched a process as its parent: were it a passing worker thread, the server
# would be told to stop when that thread ends. This one lives as long as the program.
_launcher = ThreadPoolExecutor(max_workers=1, thread_name_prefix="muster-launcher")

StopStep = tuple[signal.Signals, float]


def launched_command(command: Sequence[str | Path], user: ServerUser | None, death_signal: signal.Signals) -> list[str]:
    """The command line that runs `command` as `user` and sends it `death_signal` when we die."""
    uid, gid = (user.uid, user.gid) if user else (-1, -1)
    head = [sys.executable, "-I", "-S", _LAUNCH, os.getpid(), int(death_signal), uid, gid]
    return [str(word) for word in (*head, *command)]


def server_environment() -> dict[str, str]:
    """Ours, without what would steer PostgreSQL programs from outside (PGDATA, PGPORT and the like)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def run_to_end(
    command: Sequence[str | Path], user: ServerUser | None, *, timeout_s: float, text_in: str = ""
) -> tuple[int, str]:
    """(exit code, everything it said). Killed with us, or after `timeout_s` with exit code TIMED_OUT."""

    def run() -> tuple[int, str]:
        try:
            done = subprocess.run(
                launched_command(command, user, signal.SIGKILL),
                input=text_in,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=server_environment(),
                cwd="/",
                text=True,
                errors="replace",
                timeout=timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return TIMED_OUT, f"{command[0]} gave no answer within {timeout_s:.0f} s"
        return done.returncode, done.stdout

    return _launcher.submit(run).result()


class ServerLog:
    """The file a server writes its words to; bounded, and readable from the last launch on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._launch_at = 0

    def open_for_launch(self) -> int:
        self.bound()
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._launch_at = os.fstat(descriptor).st_size
        return descriptor

    def since_launch(self) -> str:
        """The last lines since the last launch, at most LOG_TAIL_LINES."""
        if not self.path.exists():
            return ""
        with self.path.open("rb") as file:
            file.seek(self._launch_at)
            lines = file.read(1_000_000).decode(errors="replace").splitlines()
        return "\n".join(lines[-LOG_TAIL_LINES:])

    def bound(self) -> None:
        """Sets a log that has grown too large aside (one old one is kept). Safe while the server writes: it appends."""
        if self.path.exists() and self.path.stat().st_size > LOG_BYTES_MAX:
            self.path.with_suffix(".log.1").write_bytes(self.path.read_bytes())
            os.truncate(self.path, 0)
            self._launch_at = 0


class ServerProcess:
    """One child process: `launch`, `alive`, `stop`. Its signals from the terminal are not ours (own session)."""

    def __init__(self, name: str, log: Path, *, death_signal: signal.Signals, stop_steps: Sequence[StopStep]) -> None:
        self.name = name
        self.log = ServerLog(log)
        self._death_signal = death_signal
        self._stop_steps = stop_steps
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def launch(self, command: Sequence[str | Path], user: ServerUser | None) -> int:
        output = self.log.open_for_launch()
        try:
            self._process = _launcher.submit(
                subprocess.Popen[bytes],
                launched_command(command, user, self._death_signal),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=server_environment(),
                cwd="/",
                start_new_session=True,
            ).result()
        finally:
            os.close(output)
        return self._process.pid

    def wait_ready(self, ready: Callable[[], bool], *, timeout_s: float) -> bool:
        """True when `ready()` says so; False when the process ended first or the time is over."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline and self.alive():
            if ready():
                return True
            time.sleep(POLL_S)
        return False

    def stop(self) -> None:
        """Asks politely, then less so: each step is a signal and the seconds it is given. Idempotent."""
        process, self._process = self._process, None
        if process is None:
            return
        for number, wait_s in self._stop_steps:
            if process.poll() is not None:
                return
            process.send_signal(number)
            try:
                process.wait(wait_s)
            except subprocess.TimeoutExpired:
                continue
        process.kill()
        process.wait()


def pid_runs(pid: int, marker: str) -> bool:
    """Whether a live process with this pid has `marker` (a path of ours) in its command line.

    A pid alone proves nothing: it may have been given to another process since, or be a zombie nobody buries.
    """
    return marker in _command_line(pid)


def _command_line(pid: int) -> str:
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout if shown.returncode == 0 else ""


def pid_exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def wait_gone(pid: int, marker: str, *, polite_s: float, stop_signal: signal.Signals, timeout_s: float) -> bool:
    """Waits for a server left by a dead supervisor to finish dying; after `polite_s` tells it. False: it lives on."""
    began = time.monotonic()
    told = False
    while pid_runs(pid, marker):
        waited = time.monotonic() - began
        if waited > timeout_s:
            return False
        if waited > polite_s and not told:
            told = _tell(pid, stop_signal)
        time.sleep(POLL_S)
    return True


def _tell(pid: int, number: signal.Signals) -> bool:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
