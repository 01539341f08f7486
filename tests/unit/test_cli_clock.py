"""`muster clock explain`: the arithmetic of a due time, and what it says to nonsense."""

import json
import shutil
from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli import clock
from deploy.cli.main import app
from deploy.packs import default_pack
from deploy.session import Place
from shared.centre.load import load_pack
from shared.centre.pack import CentrePack

RUN = CliRunner()
SMALL = Path(__file__).parent / "centre" / "small_pack"
OWN_DAYS = """
closures: [{from: 2026-11-24, reason: 停水, townships: [west]}]
"""
SUMMER = """
  seasons: [{from: "06-01", to: "09-30", sessions: [{opens: "08:00", closes: "18:00"}]}]
"""


@pytest.fixture(autouse=True)
def nothing_runs_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_DATA", str(tmp_path / "data"))


@pytest.fixture
def pack(tmp_path: Path) -> str:
    """The small pack with a season, and a closure in one of its two townships."""
    folder = Path(shutil.copytree(SMALL, tmp_path / "pack"))
    centre = (folder / "centre.yaml").read_text(encoding="utf-8")
    before, after = centre.split("holidays:")
    (folder / "centre.yaml").write_text(f"{before}{SUMMER.lstrip(chr(10))}holidays:{after}{OWN_DAYS}", encoding="utf-8")
    return str(folder)


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


async def test_where_a_centre_runs_its_own_hours_count(pack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    own = load_pack(Path(pack))

    async def in_force(_: object) -> CentrePack:
        return own

    where = Place.here(None, None)
    assert await clock._in_force(where) == default_pack()
    monkeypatch.setattr(clock, "find_addresses", lambda _: "somewhere")
    monkeypatch.setattr(clock, "asking", lambda _: nullcontext())
    monkeypatch.setattr(clock, "pack_in_force", in_force)
    assert await clock._in_force(where) == own


def test_line_by_line() -> None:
    _, said = explain("--from", "2026-09-28T10:00", "--limit", "5 working_day")
    lines = said.strip().splitlines()
    assert lines[0].startswith("runs from 2026-09-28 Mon 10:00")
    assert lines[-1] == "due 2026-10-10 Sat 17:30"


def test_elapsed_days_run_from_the_instant() -> None:
    _, said = explain("--from", "2026-09-28T10:00", "--limit", "5 calendar_day elapsed")
    lines = said.strip().splitlines()
    assert "5 times 24 hours" in lines[1]
    assert lines[-1] == "due 2026-10-03 Sat 10:00"


def test_seasons_of_the_pack_are_read(pack: str) -> None:
    _, said = explain("--from", "2026-05-29T10:00", "--limit", "1 working_day", "--pack", pack)
    assert said.strip().splitlines()[-1] == "due 2026-06-01 Mon 18:00"


@pytest.mark.parametrize("place", ["west", "west.g1", "西镇", "西边镇", "西镇一格"])
def test_a_township_s_own_days_count_in_it(place: str, pack: str) -> None:
    """Tuesday 24 November 2026 is closed in the west only."""
    asked = ("--from", "2026-11-23T10:00", "--limit", "1 working_day", "--pack", pack)
    _, there = explain(*asked, "--place", place)
    _, elsewhere = explain(*asked, "--place", "east")
    assert "closed by the centre's own list (停水)" in there
    assert there.strip().splitlines()[-1] == "due 2026-11-25 Wed 17:30"
    assert elsewhere == explain(*asked)[1]
    assert elsewhere.strip().splitlines()[-1] == "due 2026-11-24 Tue 17:30"


@pytest.mark.parametrize(("place", "word"), [("wset", "did you mean west?"), ("月球", "townships are east 东镇")])
def test_an_unknown_place_is_named(place: str, word: str, pack: str) -> None:
    code, said = explain("--from", "2026-11-23", "--limit", "1 hour", "--pack", pack, "--place", place)
    assert code == 2
    assert "--place" in said
    assert word in " ".join(said.split())


def test_a_faulty_holiday_file_is_named_with_its_line(pack: str) -> None:
    notice = "year: 2035\nnotice: 样例\ndays_off: [{from: 2035-01-01, name: 元旦}]\nworkdays: [2035-01-01]\n"
    (Path(pack) / "holidays-2035.yaml").write_text(notice, encoding="utf-8")
    code, said = explain("--from", "2026-11-23", "--limit", "1 hour", "--pack", pack)
    assert code == 1
    assert "holidays-2035.yaml:4: 2035-01-01 is both a day off and a make-up workday" in " ".join(said.split())
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("start", "limit", "word"),
    [
        ("2026-09-28", "5 hour elapsed", "runs from the instant in any case"),
        ("2026-09-28", "5 month slowly", "no style of counting"),
        ("yesterday", "1 hour", "--from"),
        ("2026-09-28T10:00", "five days", "--limit"),
        ("2026-09-28", "0 hour", "--limit"),
    ],
)
def test_nonsense_is_named(start: str, limit: str, word: str) -> None:
    code, said = explain("--from", start, "--limit", limit)
    assert code == 2
    assert word in " ".join(said.split())
    assert "Traceback" not in said
    assert "pydantic" not in said
