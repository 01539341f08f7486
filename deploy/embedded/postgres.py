"""An embedded PostgreSQL: one folder, one loopback port, its own password; survives the kill of anything."""

import signal
import time
from pathlib import Path

from deploy.embedded.binaries import POSTGRES_MIN, find_postgres, postgres_version, readable_postgres
from deploy.embedded.cluster import (
    ADMIN,
    DATABASE,
    check_same_version,
    clear_after_crash,
    is_ready,
    make_cluster,
    single_user,
)
from deploy.embedded.errors import ServerUnusable, unusable
from deploy.embedded.folders import ServerMemory, make_private_dir
from deploy.embedded.ports import LOOPBACK, free_port, is_free
from deploy.embedded.processes import ServerProcess
from deploy.embedded.users import ServerUser, closed_folder, give_tree, server_user

# Crash recovery replays at most max_wal_size of log; slow disks need their time.
START_WAIT_S = 180.0
# How long leftovers of a killed postmaster may hold its shared memory, or a passer-by its port.
RETRY_MAX_S = 20.0
RETRY_PAUSE_S = 0.1

STOP_STEPS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0))

# The whole product must live in 450 MB: every process more costs about 2 MB, every connection in use 5 to 10.
SETTINGS: dict[str, str] = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    # Two copies of each service with every connection in use, and commands beside them; one that is not costs little.
    "max_connections": "160",
    "shared_buffers": "32MB",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "huge_pages": "off",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "max_worker_processes": "2",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "1",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "min_wal_size": "32MB",
    # After a kill the log since the last checkpoint is replayed, 40 MB a second; the centre stands still meanwhile.
    "max_wal_size": "128MB",
    "wal_compression": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    # A statement in the log could carry a requester's datum.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
SETTINGS_SINCE_18 = {"io_method": "sync", "autovacuum_worker_slots": "1"}


class EmbeddedPostgres:
    """`start()` and `stop()` one server over `data_dir`. Calls block: an async program calls them in a thread."""

    name = "PostgreSQL"

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.resolve()
        self.cluster = self.data_dir / "cluster"
        self.port: int | None = None
        self._memory = ServerMemory(self.data_dir / "server.json")
        self._process = ServerProcess(
            self.name, self.data_dir / "postgres.log", death_signal=signal.SIGINT, stop_steps=STOP_STEPS
        )

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def dsn(self) -> str:
        """postgresql://user:password@127.0.0.1:port/database; known once it was started."""
        return f"postgresql://{ADMIN}:{self._memory.password(ADMIN)}@{LOOPBACK}:{self.port}/{DATABASE}"

    def alive(self) -> bool:
        return self._process.alive()

    def stop(self) -> None:
        """Ends connections, writes what is to be written, stops. Idempotent."""
        self._process.stop()

    def bound_log(self) -> None:
        self._process.log.bound()

    def start(self) -> str:
        """Starts it and returns the address. Started before by this object: same port again. Errors: ServerUnusable."""
        if self.alive():
            return self.dsn
        make_private_dir(self.data_dir)
        user = self._user()
        programs = readable_postgres(find_postgres(), user, self.data_dir / "programs")
        version = postgres_version(programs, user)
        if not (self.cluster / "PG_VERSION").exists():
            make_cluster(self.cluster, programs, user, self._memory.password(ADMIN))
        check_same_version(self.cluster, version)
        if not self._memory.knows(ADMIN):  # the file was lost; whoever owns the folder may set a new password
            clear_after_crash(self.cluster)
            single_user(self.cluster, programs, user, f"ALTER ROLE {ADMIN} PASSWORD '{self._memory.password(ADMIN)}'")
        self._launch_until_ready([programs.postgres, "-D", self.cluster, *_options(version)], user)
        return self.dsn

    def _user(self) -> ServerUser | None:
        """Whom it runs as; that user must reach the folder and own what is in it."""
        user = server_user(self.cluster)
        if user is None:
            self._check_ours()
            return None
        if closed := closed_folder(self.data_dir, user):
            raise ServerUnusable(
                f"PostgreSQL refuses to run as root, so it runs as the user `{user.name}`,"
                f" who may not pass through {closed}.",
                "Choose a folder everyone may pass through (MUSTER_DATA=/var/lib/muster), or start Muster as an"
                f" ordinary user, or open that folder: chmod o+x {closed}.",
            )
        if self.cluster.exists() and self.cluster.stat().st_uid != user.uid:
            give_tree(self.cluster, user)
        return user

    def _check_ours(self) -> None:
        try:
            next(self.cluster.iterdir(), None)
        except FileNotFoundError:
            return
        except PermissionError:
            raise ServerUnusable(
                f"The data in {self.cluster} belongs to another user (it was started as root before).",
                "Start Muster as that user again, or choose another MUSTER_DATA.",
            ) from None

    def _launch_until_ready(self, command: list[str | Path], user: ServerUser | None) -> None:
        deadline = time.monotonic() + RETRY_MAX_S
        fixed = self.port
        while True:
            clear_after_crash(self.cluster)
            port = fixed or free_port(self._memory.port())
            pid = self._process.launch([*command, "-p", str(port)], user)
            if self._process.wait_ready(lambda pid=pid: is_ready(self.cluster, pid), timeout_s=START_WAIT_S):
                self.port = port
                self._memory.keep_port(port)
                return
            said = self._process.log.since_launch()
            self._process.stop()
            if not _passes(said, port) or time.monotonic() > deadline:
                raise unusable("PostgreSQL", "did not start", said)
            time.sleep(RETRY_PAUSE_S)


def _passes(said: str, port: int) -> bool:
    """Whether the failure goes away by waiting: a dying predecessor, or a port somebody took a moment before us."""
    return "shared memory block" in said or "lock file" in said or not is_free(port)


def _options(version: tuple[int, ...]) -> list[str]:
    assert version >= POSTGRES_MIN
    settings = SETTINGS | (SETTINGS_SINCE_18 if version >= (18,) else {})
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
