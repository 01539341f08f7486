"""One program at a time over one data folder, held by the kernel: it falls with the program, however that dies."""

import fcntl
import os
import time
from pathlib import Path

from deploy.embedded.errors import DataFolderInUse, ServerUnusable
from deploy.embedded.folders import LOCK_NAME

# Long enough for a passing look by `lock_holder`.
ACQUIRE_WAIT_S = 1.0
POLL_S = 0.05


class FolderLock:
    def __init__(self, data: Path) -> None:
        self._data = data
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Errors: DataFolderInUse, naming the holder."""
        descriptor = self._open()
        deadline = time.monotonic() + ACQUIRE_WAIT_S
        while not _taken(descriptor):
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise DataFolderInUse(self._data, _pid_in(self._data / LOCK_NAME))
            time.sleep(POLL_S)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """The file stays: removing it would let two programs lock two files of the same name."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _open(self) -> int:
        try:
            return os.open(self._data / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise ServerUnusable(
                f"The data folder {self._data} cannot be written: {error.strerror}.",
                "Start Muster as the folder's owner, or choose another folder: MUSTER_DATA=/another/folder.",
            ) from error


def lock_holder(data: Path) -> int | None:
    """The pid of the program that runs over this folder now, if one does."""
    try:
        descriptor = os.open(data / LOCK_NAME, os.O_RDWR)
    except OSError:
        return None
    try:
        return None if _taken(descriptor) else _pid_in(data / LOCK_NAME)
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _pid_in(path: Path) -> int | None:
    text = path.read_text().strip()
    return int(text) if text.isdigit() else None
