"""The locks name versions and hashes and nothing of a place: they install from any index or mirror."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.integration.embedded.given import REPOSITORY

LOCKS = REPOSITORY / "deploy" / "lock"
ALLOWED = (
    re.compile(r"# Made by \"make lock\" from pyproject\.toml and build\.in\. Do not edit\."),
    re.compile(r"[a-z0-9-]+==[0-9][0-9a-z.!+]*( ; [^/@:]+)? \\"),
    re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?"),
)


def strange_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if not any(form.fullmatch(line) for form in ALLOWED)]


def locked(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text(), flags=re.MULTILINE))


@pytest.mark.parametrize("name", ["runtime.txt", "dev.txt"])
def test_a_lock_holds_versions_and_hashes_only(name: str) -> None:
    assert strange_lines((LOCKS / name).read_text()) == []


@pytest.mark.parametrize(
    "planted",
    [
        "--index-url https://index.example/simple",
        "--find-links /opt/wheels",
        "muster @ file:///somewhere/muster",
        "rich==15.0.0",
        "rich>=14 \\",
        "# made in /home/somebody",
    ],
)
def test_an_address_a_path_or_a_missing_hash_is_seen(planted: str) -> None:
    assert strange_lines((LOCKS / "runtime.txt").read_text() + planted + "\n") == [planted]


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    runtime, dev = locked(LOCKS / "runtime.txt"), locked(LOCKS / "dev.txt")
    assert missing(project["project"]["dependencies"], runtime) == []
    assert missing(project["dependency-groups"]["dev"], dev) == []
    assert missing(["muster-of-another-place>=1"], runtime) == ["muster-of-another-place>=1"]
    assert {name: dev.get(name) for name in runtime} == runtime, "development runs on the same versions"


def missing(wanted: list[str], versions: dict[str, str]) -> list[str]:
    """The requirements that the lock does not fulfil."""
    requirements = [Requirement(one) for one in wanted]
    return [
        str(one)
        for one in requirements
        if not one.specifier.contains(versions.get(canonicalize_name(one.name), "0.dev0"))
    ]
