"""The data folder: where it is, who may look into it, and small files in it that survive a crash."""

import json
import os
import secrets
from pathlib import Path
from typing import Any, cast

from deploy.embedded.errors import ServerUnusable
from deploy.embedded.users import closed_folder, nobody

SYSTEM_DATA = Path("/var/lib/muster")
LOCK_NAME = "muster.lock"


def default_data_dir() -> Path:
    """MUSTER_DATA, else `usual_data_dir`."""
    if named := os.environ.get("MUSTER_DATA"):
        return Path(named).expanduser().resolve()
    return usual_data_dir()


def usual_data_dir() -> Path:
    """A folder of the user's (XDG: ~/.local/share/muster): where commands look that were told nothing.

    Root's home is usually closed to the user PostgreSQL runs as; then it is /var/lib/muster.
    """
    shared = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    folder = (Path(shared).expanduser() / "muster").resolve()
    if os.geteuid() == 0 and closed_folder(folder.parent, nobody()):
        return SYSTEM_DATA
    return folder


def make_data_dir(data: Path) -> None:
    """Makes the folder ours alone. For root it can be passed through (not read), as PostgreSQL's user must get below.

    Only the data folder itself is opened so, and only when it is new, empty or already Muster's; never a parent.
    """
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        ours = (data / LOCK_NAME).exists() or not any(data.iterdir())
        if os.geteuid() == 0 and ours:
            data.chmod(data.stat().st_mode | 0o111)
    except OSError as error:
        raise ServerUnusable(
            f"The data folder {data} cannot be used: {error.strerror}.",
            "Choose another one: MUSTER_DATA=/another/folder.",
        ) from error


def has_data(data: Path) -> bool:
    """Whether embedded PostgreSQL has ever been started over this folder."""
    return (data / "postgres" / "cluster").exists()


def make_private_dir(folder: Path) -> None:
    """A folder below the data folder, ours alone; as root others may pass through it but not read it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def write_private(path: Path, text: str) -> None:
    """Replaces the file whole or not at all, readable by its owner only, on disk when this returns."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ServerUnusable(
            f"{path} cannot be written: {error.strerror}.", "Look at the disk and its space."
        ) from error


class ServerMemory:
    """What a server keeps from one start to the next: its port and its passwords, in one private file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def port(self) -> int | None:
        port = self._read().get("port")
        return port if isinstance(port, int) else None

    def keep_port(self, port: int) -> None:
        if self.port() != port:
            self._write({**self._read(), "port": port})

    def knows(self, user: str) -> bool:
        return user in self._passwords()

    def password(self, user: str) -> str:
        """The password of this user, made up on first asking. Letters, digits, - and _: safe in a URL as it stands."""
        known = self._passwords()
        if user not in known:
            known = {**known, user: secrets.token_urlsafe(24)}
            self._write({**self._read(), "passwords": known})
        return known[user]

    def _passwords(self) -> dict[str, str]:
        passwords = self._read().get("passwords")
        return cast(dict[str, str], passwords) if isinstance(passwords, dict) else {}

    def _read(self) -> dict[str, Any]:
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return cast(dict[str, Any], content) if isinstance(content, dict) else {}

    def _write(self, content: dict[str, Any]) -> None:
        write_private(self._path, json.dumps(content, indent=1))
