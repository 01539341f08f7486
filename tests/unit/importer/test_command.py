"""What is wrong for a whole file is said once, in plain words, before a server is started or a case registered."""

from collections.abc import Coroutine, Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from deploy.cli import importing
from deploy.cli.importing import _check_window, receiver  # type: ignore[attr-defined]
from deploy.importer.taking import Report, RowRefusal
from shared.centre.load import load_pack

PACK = Path(__file__).parents[2] / "packs" / "lettered-places"
GOOD = ("编号,内容", "P1,x")


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["SaidBy"]:
    monkeypatch.setenv("MUSTER_DATA", str(tmp_path / "data"))
    yield SaidBy(tmp_path)
    assert not (tmp_path / "data").exists(), "nothing was started"


class SaidBy:
    """The command's words, without the line breaks of a narrow terminal."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "push.csv"
        self._app = typer.Typer()
        self._app.command()(importing.import_file)

    def __call__(self, lines: tuple[str, ...], *options: str) -> str:
        self._file.write_text("\n".join(lines), encoding="utf-8")
        done = CliRunner().invoke(self._app, [str(self._file), *options])
        assert done.exit_code == 2, done.output
        return squeezed(done.output)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("lines", "options", "words"),
    [
        (("编号,备注", "P1,x"), (), ("no column for matter", "编号, 备注", "--map matter=COLUMN")),
        (("甲,乙", "P1,x"), (), ("no column for reference and matter", "甲, 乙", "--map reference=COLUMN")),
        (GOOD, ("--map", "place=区"), ("no column '区'", "编号, 内容")),
        (GOOD, ("--map", "colour=内容"), ("write FIELD=COLUMN", "requester_phone")),
        (("编号,内容,编号", "P1,x,P1"), (), ("names a column twice",)),
        (("编号,内容", 'P1,"x'), (), ("near line 2", "quotation mark")),
        (("",), (), ("is empty",)),
        (GOOD, ("--source", "pigeon"), ("no source 'pigeon'", "platform")),
        (GOOD, ("--source", "window"), ("which window", "--window")),
        (GOOD, ("--owner", "王 小明"), ("--owner", "clerk.general")),
    ],
    ids=str,
)
def test_in_words(said: "SaidBy", lines: tuple[str, ...], options: tuple[str, ...], words: tuple[str, ...]) -> None:
    told = said(lines, *options)
    assert [word for word in words if squeezed(word) not in told] == []


def test_a_window_the_centre_does_not_have(capsys: pytest.CaptureFixture[str]) -> None:
    pack = load_pack(PACK)
    _check_window(pack, None)
    _check_window(pack, pack.windows[0].code)
    with pytest.raises(typer.Exit) as ended:
        _check_window(pack, "w-nowhere")
    assert ended.value.exit_code == 2
    assert pack.windows[0].code in squeezed(capsys.readouterr().err)


def test_somebody_who_works_there_answers_for_what_came_by_file() -> None:
    pack = load_pack(PACK)
    assert receiver(pack, None, None) == ("desk.general", "general")
    assert receiver(pack, None, "labour") == ("desk.labour", "labour")
    assert receiver(pack, "clerk.1", None) == ("clerk.1", None)
    assert receiver(pack, "clerk.1", "labour") == ("clerk.1", "labour")


@pytest.mark.parametrize(("refusals", "code"), [([], 0), ([RowRefusal(2, "place", "there is no such place")], 1)])
def test_a_script_sees_that_rows_were_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusals: list[RowRefusal], code: int
) -> None:
    def answered(work: Coroutine[object, object, Report]) -> Report:
        work.close()
        return Report(rows=1, registered=1 - len(refusals), refusals=refusals)

    monkeypatch.setattr(importing, "run_async", answered)
    file = tmp_path / "push.csv"
    file.write_text("\n".join(GOOD), encoding="utf-8")
    app = typer.Typer()
    app.command()(importing.import_file)
    for option in ("--json", None):
        done = CliRunner().invoke(app, [str(file), *([option] if option else [])])
        assert done.exit_code == code, done.output
        assert ("there is no such place" in done.output) == bool(refusals)
