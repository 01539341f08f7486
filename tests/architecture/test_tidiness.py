"""The house is tidy, and each rule of tidiness is able to fail."""

import subprocess
from pathlib import Path

import pytest

from shared.infra import lock_spaces
from tests.architecture.tidiness import FUNCTION_LINES_MAX, LINES_MAX, RULES

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path for folder in ("services", "shared", "deploy", "benchmarks") for path in (ROOT / folder).rglob("*.py")
)

PLANTED = {
    "not_too_long": ("services/x.py", '"""x"""\n' + "a = 1\n" * (LINES_MAX + 1)),
    "functions_not_too_long": ("services/x.py", "def f():\n" + "    a = 1\n" * (FUNCTION_LINES_MAX + 1)),
    "says_what_it_is": ("services/x.py", "a = 1\n"),
    "no_vague_names": ("services/utils.py", '"""x"""\n'),
    "time_is_an_argument": ("services/x.py", "now = datetime.now(UTC)\n"),
    "nothing_is_swallowed": ("services/x.py", "try:\n    f()\nexcept Exception:\n    pass\n"),
    "locks_are_numbered_in_one_place": ("services/x.py", 'lock = "select pg_advisory_xact_lock(7004, name)"\n'),
    "no_registry_is_named": ("deploy/x.py", "url = 'https://py" + "pi.org/simple'\n"),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps(rule: str) -> None:
    found = [
        fault
        for path in SOURCES
        for fault in RULES[rule](path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


def test_every_purpose_of_a_lock_has_a_number_of_its_own() -> None:
    numbers = [number for name, number in vars(lock_spaces).items() if name.isupper()]
    assert len(numbers) == len(set(numbers)) > 0


def test_suppressing_everything_is_seen_too() -> None:
    assert list(RULES["nothing_is_swallowed"]("x.py", "with suppress(Exception):\n    f()\n"))


@pytest.mark.parametrize("rule", RULES)
def test_a_planted_untidiness_is_seen(rule: str) -> None:
    path, source = PLANTED[rule]
    assert list(RULES[rule](path, source))


def test_no_file_of_the_project_names_a_registry_or_a_foreign_path() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in listed:
        path = ROOT / name
        if path.suffix in {".py", ".md", ".txt", ".toml", ".yaml", ".in", ""} and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not list(RULES["no_registry_is_named"](name, text)), name
