"""Whom PostgreSQL runs as: it refuses to run as root, so root lends it the system's `nobody`. No account is made."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.errors import ServerUnusable

NOBODY = "nobody"


@dataclass(frozen=True)
class ServerUser:
    name: str
    uid: int
    gid: int


def server_user(cluster: Path) -> ServerUser | None:
    """None: as ourselves. As root: the owner the cluster has (a user's own folder stays the user's), or nobody."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and cluster.stat().st_uid != 0:
        return _known(cluster.stat().st_uid)
    return nobody()


def nobody() -> ServerUser:
    try:
        entry = pwd.getpwnam(NOBODY)
    except KeyError:
        raise ServerUnusable(
            "PostgreSQL refuses to run as root, and this system has no user `nobody` to run it as.",
            "Start Muster as an ordinary user, or use a PostgreSQL of your own: MUSTER_DATABASE_URL.",
        ) from None
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _known(uid: int) -> ServerUser:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return nobody()
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def closed_folder(path: Path, user: ServerUser) -> Path | None:
    """The first folder on the way to `path` (itself included) that `user` may not pass; None if all are open."""
    path = path.resolve()
    for folder in (*reversed(path.parents), path):
        if folder.is_dir() and not _may(folder.stat(), user, stat.S_IXOTH):
            return folder
    return None


def may_run(program: Path, user: ServerUser) -> bool:
    program = program.resolve()
    return closed_folder(program.parent, user) is None and _may(program.stat(), user, stat.S_IROTH | stat.S_IXOTH)


def _may(status: os.stat_result, user: ServerUser, wanted_of_others: int) -> bool:
    """Permission bits as the kernel reads them: the owner's count for the owner, then the group's, then the others'."""
    shift = 6 if status.st_uid == user.uid else 3 if status.st_gid == user.gid else 0
    wanted = wanted_of_others << shift
    return status.st_mode & wanted == wanted


def give_tree(folder: Path, user: ServerUser) -> None:
    """Makes `user` the owner of a folder of ours and all in it. Links are changed themselves, never followed."""
    os.chown(folder, user.uid, user.gid)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(parent) / name, user.uid, user.gid, follow_symlinks=False)
