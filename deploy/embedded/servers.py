"""Both embedded servers over one data folder, as one thing that starts, is kept alive, and stops."""

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.embedded.folders import default_data_dir, make_data_dir
from deploy.embedded.lock import FolderLock
from deploy.embedded.nats import EmbeddedNats
from deploy.embedded.nats_config import NatsUser
from deploy.embedded.postgres import EmbeddedPostgres
from deploy.embedded.running import (
    Running,
    RunningServer,
    ServerAddresses,
    find_running,
    forget_running,
    write_running,
)

__all__ = ["EmbeddedServers", "NatsUser", "ServerAddresses", "default_data_dir", "find_running"]


class EmbeddedServers:
    """Starts PostgreSQL and NATS over `data`, one program at a time.

    A server that is given from outside (`database_url`, or `nats_urls` by user) is not started; its address is handed
    on as it is. Calls block and may come from any thread; an async program makes them with `asyncio.to_thread`.
    """

    def __init__(
        self,
        data: Path,
        users: list[NatsUser],
        *,
        database_url: str | None = None,
        nats_urls: dict[str, str] | None = None,
    ) -> None:
        self.data = data.resolve()
        self._given_database_url = database_url
        self._given_nats_urls = nats_urls
        self.postgres = None if database_url else EmbeddedPostgres(self.data / "postgres")
        self.nats = None if nats_urls else EmbeddedNats(self.data / "nats", users)
        self._lock = FolderLock(self.data)
        self._turn = threading.Lock()
        self._started = False

    def start(self) -> ServerAddresses:
        """Errors: DataFolderInUse when another program runs here; ServerUnusable in plain words for everything else."""
        with self._turn:
            make_data_dir(self.data)
            self._lock.acquire()
            try:
                return self._start_all()
            except BaseException:
                self._stop_all()
                raise

    def stop(self) -> None:
        """Stops both cleanly and lets the folder go. Idempotent."""
        with self._turn:
            self._stop_all()

    def restart_dead(self) -> bool:
        """Starts again, on the same port with the same passwords, what died since; True if anything had died.

        To be called every second or so while the program runs. Errors: ServerUnusable when it will not start again.
        """
        with self._turn:
            if not self._started:
                return False
            for server in self._servers():
                server.bound_log()
            if all(server.alive() for server in self._servers()):
                return False
            self._start_all()
            return True

    @property
    def addresses(self) -> ServerAddresses:
        """Where the servers are; known once they were started."""
        return self._addresses()

    def _start_all(self) -> ServerAddresses:
        for server in self._servers():
            server.start()
        self._started = True
        addresses = self._addresses()
        write_running(self.data, self._running(addresses))
        return addresses

    def _stop_all(self) -> None:
        if self._started:
            forget_running(self.data)
        self._started = False
        for server in self._servers():
            server.stop()
        self._lock.release()

    def _servers(self) -> list[EmbeddedPostgres | EmbeddedNats]:
        return [server for server in (self.postgres, self.nats) if server]

    def _addresses(self) -> ServerAddresses:
        database_url = self.postgres.dsn if self.postgres else self._given_database_url
        nats_urls = {user.name: self.nats.url(user.name) for user in self.nats.users} if self.nats else None
        return ServerAddresses(database_url=database_url or "", nats_urls=nats_urls or self._given_nats_urls or {})

    def _running(self, addresses: ServerAddresses) -> Running:
        servers = [
            RunningServer(name=server.name, pid=server.pid, port=server.port, marker=str(server.data_dir))
            for server in self._servers()
            if server.pid and server.port
        ]
        return Running(supervisor_pid=os.getpid(), servers=servers, addresses=addresses)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
