"""`running.json`: how another command finds the servers that run over a data folder, and knows that they do."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from deploy.embedded.folders import write_private
from deploy.embedded.lock import lock_holder
from deploy.embedded.ports import answers
from deploy.embedded.processes import pid_runs

FILE_NAME = "running.json"


class ServerAddresses(BaseModel):
    """Where the servers are, passwords included: never to be logged. `nats_urls` by the name of the NATS user."""

    model_config = ConfigDict(frozen=True)

    database_url: str
    nats_urls: dict[str, str]


class RunningServer(BaseModel):
    """`marker`: a path in its command line, which tells it from a later process with the same pid."""

    model_config = ConfigDict(frozen=True)

    name: str
    pid: int
    port: int
    marker: str

    def lives(self) -> bool:
        return pid_runs(self.pid, self.marker) and answers(self.port)


class Running(BaseModel):
    model_config = ConfigDict(frozen=True)

    supervisor_pid: int
    servers: list[RunningServer]
    addresses: ServerAddresses


def write_running(data: Path, running: Running) -> None:
    write_private(data / FILE_NAME, running.model_dump_json(indent=1))


def read_running(data: Path) -> Running | None:
    """What the file says, alive or not; None without a readable file."""
    try:
        return Running.model_validate(json.loads((data / FILE_NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError):
        return None


def forget_running(data: Path) -> None:
    (data / FILE_NAME).unlink(missing_ok=True)


def find_running(data: Path) -> ServerAddresses | None:
    """The servers a program runs over this folder now, if each lives and answers; a stale file counts for nothing."""
    running = read_running(data)
    if running is None or lock_holder(data) != running.supervisor_pid:
        return None
    if not all(server.lives() for server in running.servers):
        return None
    return running.addresses
