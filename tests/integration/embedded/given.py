"""What these tests start from: users, a program in a process of its own, and who is who."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.embedded.running import ServerAddresses
from deploy.embedded.servers import EmbeddedServers, NatsUser

REPOSITORY = Path(__file__).parents[3]

USERS = [
    NatsUser("admin"),
    NatsUser("intake", publish=["muster.qz.intake.>"], subscribe=["_INBOX.>"]),
    NatsUser("desk", publish=["ask.>"], subscribe=["_INBOX.>"]),
    NatsUser("answerer", subscribe=["ask.>"], allow_responses=True),
]

MakeServers = Callable[[], EmbeddedServers]

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="what is done for root only")


def start_supervised(data: Path) -> tuple[subprocess.Popen[str], ServerAddresses]:
    """A second program over its own servers in `data`, and where they are."""
    program = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("supervised.py"), data],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    assert program.stdout
    return program, ServerAddresses.model_validate_json(program.stdout.readline())


def kill_program(program: subprocess.Popen[str]) -> None:
    program.kill()
    program.communicate()


def close(program: subprocess.Popen[str]) -> None:
    """Lets it stop by itself; its servers are gone when this returns."""
    program.communicate()
    assert program.returncode == 0


def sleep_as_owner_of(folder: Path) -> subprocess.Popen[str]:
    """A process that has nothing to do with us, of the user who owns the folder."""
    owner = folder.stat()
    if os.geteuid() != 0:
        return subprocess.Popen(["sleep", "60"], cwd="/", text=True)
    return subprocess.Popen(["sleep", "60"], cwd="/", text=True, user=owner.st_uid, group=owner.st_gid, extra_groups=[])


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())
