"""A data folder is the demo's or a real centre's, for good: neither is ever started as the other.

In the demo's folder time has run ahead, and people who do not exist have accounts; in a real one the demo would take up
real cases at sixty times the speed of time, and notify real people.
"""

from pathlib import Path

from deploy.embedded.errors import ServerUnusable
from deploy.embedded.folders import write_private

MARK = "demo"
SIGN_INS = "demo-sign-ins.txt"
REAL = ("postgres", "nats", "vault.keys")


def require_of_its_own(data: Path, *, demo: bool, servers_given: bool) -> None:
    """Marks a new folder of the demo. Raises ServerUnusable where the folder, or a server, is not for this."""
    if demo and servers_given:
        raise ServerUnusable(
            "The demo has no business on servers of your own: its cases are invented.",
            "Leave MUSTER_DATABASE_URL and MUSTER_NATS_URL out for it.",
        )
    is_demo = any((data / name).exists() for name in (MARK, SIGN_INS))
    if is_demo and not demo:
        raise ServerUnusable(
            f"The data folder {data} is the demo's: its cases and accounts are invented, and its time has run ahead.",
            "Give a real centre a folder of its own: MUSTER_DATA=/another/folder. The demo again: make run.",
        )
    if demo and not is_demo:
        if any((data / name).exists() for name in REAL):
            raise ServerUnusable(
                f"The data folder {data} is a real centre's: the demo would take up its cases.",
                "Give the demo a folder of its own: MUSTER_DATA=/another/folder make run.",
            )
        write_private(data / MARK, "An invented centre: see `muster up --demo`.\n")
