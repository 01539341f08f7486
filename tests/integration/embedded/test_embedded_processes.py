"""How server processes are launched, and what is known of others'."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from deploy.embedded import processes
from deploy.embedded.processes import ServerLog, ServerProcess, pid_runs, run_to_end, wait_gone

pytestmark = pytest.mark.servers


def sleeper(tmp_path: Path) -> ServerProcess:
    return ServerProcess(
        "sleep", tmp_path / "sleep.log", death_signal=signal.SIGTERM, stop_steps=((signal.SIGTERM, 5.0),)
    )


def test_a_server_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    """The kernel ends it with its launching *thread*; a worker thread of an async program may pass away any time."""
    server = sleeper(tmp_path)
    thread = threading.Thread(target=lambda: server.launch(["/bin/sleep", "60"], None))
    thread.start()
    thread.join()
    time.sleep(0.3)
    assert server.alive()
    server.stop()
    assert not server.alive()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_launched_straight_from_a_passing_thread_it_would_not(tmp_path: Path) -> None:
    """The danger above is real: without the lasting launcher thread the process is ended."""
    started: list[subprocess.Popen[bytes]] = []
    command = processes.launched_command(["/bin/sleep", "60"], None, signal.SIGTERM)

    def launches() -> None:
        """And stays until it runs: only from then on does it ask to be told of its parent's end."""
        started.append(subprocess.Popen(command))
        while Path(f"/proc/{started[0].pid}/cmdline").read_bytes() != b"/bin/sleep\x0060\x00":
            time.sleep(0.01)

    thread = threading.Thread(target=launches)
    thread.start()
    thread.join()
    assert started[0].wait(5) == -signal.SIGTERM


def test_a_server_that_ignores_the_polite_word_is_killed(tmp_path: Path) -> None:
    server = ServerProcess(
        "deaf", tmp_path / "deaf.log", death_signal=signal.SIGKILL, stop_steps=((signal.SIGTERM, 0.2),)
    )
    server.launch(["/bin/sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 0.1; done"], None)
    assert server.wait_ready(lambda: "deaf" in server.log.since_launch(), timeout_s=5)
    pid = server.pid
    assert pid
    server.stop()
    assert not pid_runs(pid, "trap")


def test_a_program_that_hangs_is_given_up() -> None:
    code, said = run_to_end(["/bin/sleep", "60"], None, timeout_s=0.3)
    assert code == processes.TIMED_OUT
    assert "no answer within" in said


def test_a_pid_counts_only_with_its_marker() -> None:
    assert pid_runs(os.getpid(), sys.executable)
    assert not pid_runs(os.getpid(), "/no/such/folder/cluster")
    gone = subprocess.Popen(["true"])
    os.waitid(os.P_PID, gone.pid, os.WEXITED | os.WNOWAIT)
    assert not pid_runs(gone.pid, "true"), "a zombie does not run"
    gone.wait()


def test_a_leftover_that_will_not_die_is_told_to_and_waited_for() -> None:
    leftover = subprocess.Popen(["sleep", "61.5"])
    waiting = threading.Thread(target=leftover.wait)  # somebody must bury it, as init would
    waiting.start()
    assert not wait_gone(leftover.pid, "61.5", polite_s=9, stop_signal=signal.SIGTERM, timeout_s=0.1)
    assert wait_gone(leftover.pid, "61.5", polite_s=0, stop_signal=signal.SIGTERM, timeout_s=5)
    waiting.join()


def test_a_log_is_bounded_and_read_from_the_last_launch_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    log = ServerLog(tmp_path / "server.log")
    for word in ("first", "second"):
        descriptor = log.open_for_launch()
        os.write(descriptor, f"{word}\n".encode())
        os.close(descriptor)
    assert log.since_launch() == "second"
    log.bound()
    assert log.path.read_text() == "first\nsecond\n", "small ones are left alone"
    monkeypatch.setattr(processes, "LOG_BYTES_MAX", 5)
    log.bound()
    assert log.path.read_text() == ""
    assert (tmp_path / "server.log.1").read_text() == "first\nsecond\n"
