"""A PostgreSQL cluster on disk: made once, whole or not at all; cleared of what a crash left behind."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

from deploy.embedded.binaries import PostgresPrograms
from deploy.embedded.errors import ServerUnusable, unusable
from deploy.embedded.processes import pid_exists, pid_runs, run_to_end, wait_gone
from deploy.embedded.users import ServerUser, give_tree

ADMIN = "muster"
DATABASE = "muster"

INITDB_WAIT_S = 300.0
SINGLE_USER_WAIT_S = 120.0
# A postmaster whose supervisor died shuts down by itself; a busy one first writes its checkpoint.
DYING_POLITE_S, DYING_MAX_S = 5.0, 60.0

_DRAFT = "cluster-draft-"


def make_cluster(cluster: Path, programs: PostgresPrograms, user: ServerUser | None, password: str) -> None:
    """initdb and the database, in a draft folder that takes its name only when all is done."""
    for leftover in cluster.parent.glob(f"{_DRAFT}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=cluster.parent))
    if user:
        give_tree(draft, user)
    try:
        _initdb(draft, programs, user, password)
        single_user(draft, programs, user, f"CREATE DATABASE {DATABASE}")
        draft.rename(cluster)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _initdb(folder: Path, programs: PostgresPrograms, user: ServerUser | None, password: str) -> None:
    password_file = _password_file(folder, password, user)
    try:
        code, said = run_to_end(
            [programs.initdb, "-D", folder, "-U", ADMIN, f"--pwfile={password_file}", *_INITDB_OPTIONS],
            user,
            timeout_s=INITDB_WAIT_S,
        )
    finally:
        password_file.unlink()
    if code != 0:
        raise unusable("PostgreSQL's data folder", "could not be made", _last_lines(said))


_INITDB_OPTIONS = ("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums")


def _password_file(folder: Path, password: str, user: ServerUser | None) -> Path:
    """Beside the folder, as initdb wants that empty; 0600 and its user's. No pipe: another user may not reopen it."""
    descriptor, name = tempfile.mkstemp(prefix=_DRAFT, dir=folder.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(password)
    if user:
        os.chown(name, user.uid, user.gid)
    return Path(name)


def single_user(cluster: Path, programs: PostgresPrograms, user: ServerUser | None, statement: str) -> None:
    """Runs one statement with no server up. Its exit code tells nothing of the statement, so its words are read."""
    command = [programs.postgres, "--single", "-D", cluster, "postgres"]
    code, said = run_to_end(command, user, timeout_s=SINGLE_USER_WAIT_S, text_in=f"{statement};\n")
    if code != 0 or "ERROR:" in said or "FATAL:" in said or "PANIC:" in said:
        raise unusable("PostgreSQL's data folder", "could not be prepared", _last_lines(said))


def _last_lines(said: str) -> str:
    return "\n".join(said.strip().splitlines()[-8:])


def check_same_version(cluster: Path, version: tuple[int, ...]) -> None:
    made_by = (cluster / "PG_VERSION").read_text().strip()
    if made_by != str(version[0]):
        raise ServerUnusable(
            f"The data in {cluster} was made by PostgreSQL {made_by}, which PostgreSQL {version[0]} cannot read.",
            f"Set MUSTER_POSTGRES_BIN to the programs of PostgreSQL {made_by}, or choose another MUSTER_DATA.",
        )


def clear_after_crash(cluster: Path) -> None:
    """Makes the folder startable whatever its last postmaster died of. A living one is never adopted: it is waited out.

    A pid file whose process is not that postmaster (the pid went to another process, or to a zombie) would make
    PostgreSQL refuse for ever; naming its own parent there makes it look further, at the shared memory, and decide.
    """
    pid_file = cluster / "postmaster.pid"
    lines = _lines(pid_file)
    if not lines or not lines[0].isdigit():
        pid_file.unlink(missing_ok=True)
        return
    pid = int(lines[0])
    told = {"polite_s": DYING_POLITE_S, "timeout_s": DYING_MAX_S}
    if not wait_gone(pid, str(cluster), stop_signal=signal.SIGINT, **told):
        raise ServerUnusable(
            f"An old PostgreSQL (process {pid}) still holds {cluster}.",
            f"Wait a minute and start again; if it stays, end that process: kill -INT {pid}.",
        )
    if pid_exists(pid) and not pid_runs(pid, str(cluster)) and pid_file.exists():
        pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")


def is_ready(cluster: Path, pid: int) -> bool:
    """Whether the postmaster with this pid says that it takes connections (line 8 of its pid file)."""
    lines = _lines(cluster / "postmaster.pid")
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        return []
