"""An embedded NATS server with JetStream: one folder, one loopback port, named users only."""

import json
import os
import signal
import socket
import time
from pathlib import Path

from deploy.embedded.binaries import find_nats_server, nats_version
from deploy.embedded.errors import ServerUnusable, unusable
from deploy.embedded.folders import ServerMemory, make_private_dir, write_private
from deploy.embedded.nats_config import NatsUser, configuration
from deploy.embedded.ports import LOOPBACK, free_port, is_free
from deploy.embedded.processes import ServerProcess, wait_gone

# JetStream reads its stores before the port opens.
START_WAIT_S = 120.0
RETRY_MAX_S = 20.0
RETRY_PAUSE_S = 0.1
DYING_POLITE_S, DYING_MAX_S = 3.0, 30.0
GREETING_BYTES_MAX = 4096

STOP_STEPS = ((signal.SIGTERM, 20.0),)


class EmbeddedNats:
    """`start()` and `stop()` one server over `data_dir`. Calls block: an async program calls them in a thread."""

    name = "NATS"

    def __init__(self, data_dir: Path, users: list[NatsUser]) -> None:
        self.data_dir = data_dir.resolve()
        self.users = users
        self.port: int | None = None
        self._config = self.data_dir / "nats.conf"
        self._memory = ServerMemory(self.data_dir / "server.json")
        self._process = ServerProcess(
            self.name, self.data_dir / "nats.log", death_signal=signal.SIGTERM, stop_steps=STOP_STEPS
        )

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def url(self, user: str) -> str:
        """nats://user:password@127.0.0.1:port of one of the users given; known once it was started."""
        if user not in {known.name for known in self.users}:
            raise KeyError(user)
        return f"nats://{user}:{self._memory.password(user)}@{LOOPBACK}:{self.port}"

    def alive(self) -> bool:
        return self._process.alive()

    def stop(self) -> None:
        """Flushes the streams and stops. Idempotent."""
        self._process.stop()

    def bound_log(self) -> None:
        self._process.log.bound()

    def start(self) -> None:
        """Starts it; JetStream is ready on return. Started before by this object: same port. Errors: ServerUnusable."""
        if self.alive():
            return
        make_private_dir(self.data_dir)
        program = find_nats_server()
        nats_version(program)
        self._wait_out_predecessor()
        self._launch_until_ready(program)

    def _wait_out_predecessor(self) -> None:
        """Two servers over one store would ruin it, and NATS has no lock against that."""
        try:
            pid = int((self.data_dir / "nats.pid").read_text())
        except (FileNotFoundError, ValueError):
            return
        told = {"polite_s": DYING_POLITE_S, "timeout_s": DYING_MAX_S}
        if not wait_gone(pid, str(self._config), stop_signal=signal.SIGTERM, **told):
            raise ServerUnusable(
                f"An old NATS server (process {pid}) still holds {self.data_dir}.",
                f"Wait a minute and start again; if it stays, end that process: kill {pid}.",
            )

    def _launch_until_ready(self, program: Path) -> None:
        deadline = time.monotonic() + RETRY_MAX_S
        fixed = self.port
        while True:
            port = fixed or free_port(self._memory.port())
            server_name = f"muster-{os.getpid()}-{port}"
            self._write_config(server_name, port)
            self._process.launch([program, "-c", self._config], None)
            if self._process.wait_ready(lambda n=server_name, p=port: _jetstream_ready(n, p), timeout_s=START_WAIT_S):
                self.port = port
                self._memory.keep_port(port)
                return
            said = self._process.log.since_launch()
            self._process.stop()
            if is_free(port) or time.monotonic() > deadline:
                raise unusable("The NATS server", "did not start", said)
            time.sleep(RETRY_PAUSE_S)

    def _write_config(self, name: str, port: int) -> None:
        passwords = {user.name: self._memory.password(user.name) for user in self.users}
        write_private(self._config, configuration(self.users, passwords, name=name, port=port, folder=self.data_dir))


def _jetstream_ready(name: str, port: int) -> bool:
    """A server greets each connection with `INFO {json}`; whether it is ours there, and its JetStream runs."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1.0) as connection:
            greeting = connection.recv(GREETING_BYTES_MAX)
    except OSError:
        return False
    try:
        info = json.loads(greeting.removeprefix(b"INFO ").split(b"\r\n")[0])
    except ValueError:
        return False
    return info.get("server_name") == name and info.get("jetstream") is True
