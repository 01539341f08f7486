"""What `muster doctor` looks at: each finding says in plain words what is so, and what to do where it is wrong."""

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.binaries import find_nats_server, find_postgres, nats_version, postgres_version
from deploy.embedded.errors import ServerUnusable
from deploy.embedded.lock import lock_holder
from deploy.embedded.ports import free_port
from deploy.embedded.running import read_running
from deploy.embedded.users import closed_folder, may_run, server_user

PYTHON_MIN, PYTHON_END = (3, 11), (3, 14)
FREE_BYTES_MIN = 500 * 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """`advice` is empty when all is well."""

    ok: bool
    what: str
    advice: str = ""


def examine(data: Path) -> list[Finding]:
    """Everything the embedded servers need, looked at without changing or starting anything. May take a second."""
    looks: list[Callable[[Path], Finding]] = [
        _python,
        _uvloop,
        _postgres,
        _nats_server,
        _folder_writable,
        _free_space,
        _postgres_user,
        _ports,
        _lock,
        _servers,
    ]
    return [_look(look, data) for look in looks]


def _look(look: Callable[[Path], Finding], data: Path) -> Finding:
    try:
        return look(data)
    except ServerUnusable as wrong:
        return Finding(False, wrong.what, wrong.advice)


def _python(data: Path) -> Finding:
    version = ".".join(str(number) for number in sys.version_info[:3])
    if PYTHON_MIN <= sys.version_info[:2] < PYTHON_END:
        return Finding(True, f"Python {version}")
    return Finding(False, f"Python {version} is not supported.", "Use Python 3.11, 3.12 or 3.13.")


def _uvloop(data: Path) -> Finding:
    if importlib.util.find_spec("uvloop"):
        return Finding(True, "uvloop is installed")
    return Finding(False, "uvloop is not installed; everything is slower without it.", "Run `make setup` again.")


def _postgres(data: Path) -> Finding:
    programs = find_postgres()
    version = postgres_version(programs)
    return Finding(True, f"PostgreSQL {'.'.join(map(str, version))} at {programs.folder}")


def _nats_server(data: Path) -> Finding:
    program = find_nats_server()
    return Finding(True, f"nats-server {'.'.join(map(str, nats_version(program)))} at {program}")


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _folder_writable(data: Path) -> Finding:
    place = _nearest(data)
    if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
        return Finding(True, f"The data folder is {data}" + ("" if place == data else " (to be made)"))
    return Finding(False, f"{place} cannot be written.", "Choose another folder: MUSTER_DATA=/another/folder.")


def _free_space(data: Path) -> Finding:
    place = _nearest(data)
    free_mb = shutil.disk_usage(place).free // 1_000_000
    if free_mb * 1_000_000 >= FREE_BYTES_MIN:
        return Finding(True, f"{free_mb} MB free at {place}")
    return Finding(False, f"Only {free_mb} MB free at {place}.", "Free 500 MB at least, or move MUSTER_DATA elsewhere.")


def _postgres_user(data: Path) -> Finding:
    user = server_user(data / "postgres" / "cluster")
    if user is None:
        return Finding(True, "The servers run as the present user")
    closed = closed_folder(_nearest(data.parent), user)
    if closed:
        return Finding(
            False,
            f"As root, PostgreSQL runs as the user `{user.name}`, who may not pass through {closed}.",
            f"Use MUSTER_DATA=/var/lib/muster, or an ordinary user, or: chmod o+x {closed}",
        )
    programs = find_postgres()
    if not may_run(programs.postgres, user) and not programs.from_wheel:
        return Finding(
            False, f"The user `{user.name}` may not run {programs.postgres}.", "Let others read that folder."
        )
    return Finding(True, f"As root, PostgreSQL runs as the user `{user.name}`")


def _ports(data: Path) -> Finding:
    running = read_running(data)
    if running and lock_holder(data):
        return Finding(True, "Ports in use: " + ", ".join(f"{one.name} {one.port}" for one in running.servers))
    return Finding(True, f"Ports on 127.0.0.1 can be opened (tried {free_port()})")


def _lock(data: Path) -> Finding:
    if not data.exists():
        return Finding(True, "No program uses the data folder")
    if holder := lock_holder(data):
        return Finding(True, f"Process {holder} uses the data folder")
    return Finding(True, "No program uses the data folder")


def _servers(data: Path) -> Finding:
    running = read_running(data)
    if running is None or lock_holder(data) is None:
        return Finding(True, "The servers are not running; a command that needs them starts them")
    dead = [server.name for server in running.servers if not server.lives()]
    if dead:
        return Finding(
            False,
            f"{' and '.join(dead)} should be running and does not answer.",
            f"Look at the logs under {data}, or stop process {running.supervisor_pid} and start it again.",
        )
    return Finding(True, "The servers are running and answer")
