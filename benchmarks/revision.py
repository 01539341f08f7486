"""Which revision was measured: a result is clean where it began on a committed tree and no file changed meanwhile."""

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[1]
LEFT_OUT = ":(exclude)benchmarks/results"
TOLD_MAX = 10


@dataclass(frozen=True, slots=True)
class Revision:
    """`changed`: files that are not as committed, with what marks their content."""

    commit: str
    changed: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, root: Path = ROOT) -> Self:
        """Results do not count, measuring writes them. Outside a repository the commit is unknown: never clean."""
        try:
            commit = _git(root, "rev-parse", "HEAD").strip()
            lines = _git(root, "status", "--porcelain", "--untracked-files=all", "-z", "--", ".", LEFT_OUT).split("\0")
        except (OSError, subprocess.CalledProcessError):
            return cls("unknown", ())
        names = sorted(line[3:] for line in lines if len(line) > 3)
        return cls(commit, tuple((name, _mark(root / name)) for name in names))

    def judged(self, after: "Revision") -> dict[str, Any]:
        """For the result of what ran between the two."""
        reasons: list[str] = []
        if self.commit == "unknown":
            reasons.append("the revision is not known")
        if self.changed:
            reasons.append("files were not committed: " + _names(self.changed))
        if after.commit != self.commit:
            reasons.append(f"another revision was checked out meanwhile: {after.commit}")
        if after.changed != self.changed:
            reasons.append("files changed meanwhile: " + _names(set(self.changed) ^ set(after.changed)))
        return {"commit": self.commit, "clean": not reasons, **({"not_clean_because": reasons} if reasons else {})}


def _names(changed: "set[tuple[str, str]] | tuple[tuple[str, str], ...]") -> str:
    names = sorted({name for name, _ in changed})
    more = f" and {len(names) - TOLD_MAX} more" if len(names) > TOLD_MAX else ""
    return ", ".join(names[:TOLD_MAX]) + more


def _mark(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "gone"


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout
