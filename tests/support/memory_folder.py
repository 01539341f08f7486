"""A folder in memory for the servers of tests: what they write is gone with them, so no disk has to be waited for.

What is promised of the disk is tested on one, in tests/integration/embedded.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

MEMORY = Path("/dev/shm")
ROOM_MIN_BYTES = 4 * 1024**3
"""Two or three processes of tests, each with servers whose logs may grow to half a gigabyte."""
PREFIX = "muster-test-"


@contextmanager
def folder_for_servers(memory: Path = MEMORY) -> Iterator[Path]:
    """On disk where there is no such memory, or too little of it."""
    above = memory if has_room(memory) else None
    if above:
        clear_after_killed(above)
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-", dir=above) as folder:
        root = Path(folder)
        root.chmod(0o755)  # as root, PostgreSQL runs as somebody else who must reach its folder
        yield root


def has_room(memory: Path) -> bool:
    if not os.access(memory, os.W_OK):
        return False
    return min(shutil.disk_usage(memory).free, psutil.virtual_memory().available) >= ROOM_MIN_BYTES


def clear_after_killed(memory: Path) -> None:
    """A run that was killed left its folder behind; in memory that is more than untidy."""
    for folder in memory.glob(f"{PREFIX}*"):
        pid = folder.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)
