"""Why the embedded servers cannot be used, in words for whoever started the program."""

from pathlib import Path


class ServerUnusable(Exception):
    """A server cannot be found, started or kept: `what` is wrong, `advice` is what to do, `log` its last words."""

    def __init__(self, what: str, advice: str, *, log: str = "") -> None:
        parts = [what, advice, f"Last words of the server:\n{log}" if log else ""]
        super().__init__("\n".join(part for part in parts if part))
        self.what = what
        self.advice = advice
        self.log = log


class DataFolderInUse(ServerUnusable):
    """Another program already runs the servers of this data folder."""

    def __init__(self, data: Path, holder_pid: int | None) -> None:
        who = f"process {holder_pid}" if holder_pid else "another program"
        super().__init__(
            f"The data folder {data} is in use by {who}.",
            "Stop that program first, or give this one a folder of its own: MUSTER_DATA=/another/folder.",
        )
        self.holder_pid = holder_pid


# The servers' own words, in small letters, on the left; order matters only where one text could hold two of them.
_PLAIN_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        "no space left on device",
        "The disk is full.",
        "Free some space (500 MB at least), or point MUSTER_DATA to a larger disk. Nothing committed is lost.",
    ),
    (
        "disk quota exceeded",
        "The disk quota is used up.",
        "Free some space, or point MUSTER_DATA to another disk.",
    ),
    (
        "invalid locale name",
        "This system has no C.UTF-8 locale.",
        "Install it (Debian: apt-get install locales), or use a PostgreSQL of your own: MUSTER_DATABASE_URL.",
    ),
    (
        "permission denied",
        "A file or folder may not be used by the server.",
        "Run `muster doctor`; it names the folder. Or choose another one: MUSTER_DATA=/another/folder.",
    ),
    (
        "cannot allocate memory",
        "The machine has too little free memory.",
        "Close other programs, or use servers on another machine: MUSTER_DATABASE_URL, MUSTER_NATS_URL.",
    ),
)


def unusable(name: str, happened: str, log: str) -> ServerUnusable:
    """The refusal for a server that `happened` ("did not start"); the cause in plain words where its log tells it."""
    for words, what, advice in _PLAIN_WORDS:
        if words in log.lower():
            return ServerUnusable(f"{name} {happened}: {what[0].lower()}{what[1:]}", advice, log=log)
    return ServerUnusable(f"{name} {happened}.", "Run `muster doctor` to see what is missing or wrong.", log=log)
