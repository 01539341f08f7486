"""Whatever a command ends with, the user reads words and never a stack trace."""

from errno import ENOENT
from pathlib import Path

import asyncpg
import pytest
import typer

from deploy.cli.words import FAULTY, UNAVAILABLE, run_async
from deploy.session import Place
from shared.errors import Unavailable

AWAY = {
    "nobody listens": ConnectionRefusedError("111"),
    "the database is starting": asyncpg.CannotConnectNowError("the database system is starting up"),
    "the database is shutting down": asyncpg.AdminShutdownError("terminating connection"),
    "a service says so": Unavailable("the intake service is not running"),
}


@pytest.mark.parametrize("what", AWAY)
def test_servers_that_are_away_are_told_in_words(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        raise AWAY[what]

    with pytest.raises(typer.Exit) as ended:
        run_async(work())
    assert ended.value.exit_code == UNAVAILABLE
    said = capsys.readouterr().err
    assert said.startswith("not possible right now: ")
    assert "Traceback" not in said


def test_a_bug_is_not_called_an_outage() -> None:
    async def work() -> None:
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        run_async(work())


def test_a_file_that_cannot_be_used_is_named_and_no_outage(capsys: pytest.CaptureFixture[str]) -> None:
    async def work() -> None:
        raise FileNotFoundError(ENOENT, "No such file or directory", "/nowhere/duty.xlsx")

    with pytest.raises(typer.Exit) as ended:
        run_async(work())
    assert ended.value.exit_code == FAULTY
    assert capsys.readouterr().err == "/nowhere/duty.xlsx: No such file or directory\n"


@pytest.mark.parametrize("named", ["~/muster-of-mine", "muster-of-mine"])
def test_a_data_folder_is_the_same_from_everywhere(named: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert Place.here(Path(named)).data == tmp_path.resolve() / "muster-of-mine"
