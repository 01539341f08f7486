"""`muster clock explain`: the arithmetic of a due time, and what it says to nonsense."""

import json

import pytest
from typer.testing import CliRunner

from deploy.cli.main import app

RUN = CliRunner()


def explain(*arguments: str) -> tuple[int, str]:
    result = RUN.invoke(app, ["clock", "explain", *arguments])
    return result.exit_code, result.output


def test_five_working_days_over_the_national_day_week() -> None:
    code, said = explain("--from", "2026-09-28T10:00", "--limit", "5 working_day", "--json")
    told = json.loads(said)
    assert code == 0
    assert told["due_at"] == "2026-10-10T09:30:00+00:00"
    assert any("National Day" in line for line in told["steps"])
    assert told["provisional"] is False


def test_line_by_line() -> None:
    _, said = explain("--from", "2026-09-28T10:00", "--limit", "5 working_day")
    lines = said.strip().splitlines()
    assert lines[0].startswith("runs from 2026-09-28 Mon 10:00")
    assert lines[-1] == "due 2026-10-10 Sat 17:30"


@pytest.mark.parametrize(
    ("start", "limit", "word"),
    [
        ("yesterday", "1 hour", "--from"),
        ("2026-09-28T10:00", "five days", "--limit"),
        ("2026-09-28", "0 hour", "--limit"),
    ],
)
def test_nonsense_is_named(start: str, limit: str, word: str) -> None:
    code, said = explain("--from", start, "--limit", limit)
    assert code == 2
    assert word in said
    assert "Traceback" not in said
