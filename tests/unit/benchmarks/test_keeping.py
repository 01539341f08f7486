"""A result tells of which revision it is, where its figures do not tell it themselves."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as program
from benchmarks.keeping import keep_result
from benchmarks.revision import Revision


def kept(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "one.json").read_text(encoding="utf-8"))


def test_the_revision_stands_beside_the_figures(tmp_path: Path) -> None:
    keep_result("one", {"a": 1}, command="c", revision={"commit": "f00", "clean": True}, results=tmp_path)
    assert kept(tmp_path)["revision"] == {"commit": "f00", "clean": True}
    keep_result("one", {"a": 1}, command="c", results=tmp_path)
    assert "revision" not in kept(tmp_path)


def test_what_changes_while_it_is_measured_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = iter((Revision("f00", ()), Revision("f01", ())))
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(program, "MEASURES", {"one": lambda: {"a": 1}})
    monkeypatch.setattr(program.Revision, "read", lambda: next(read))
    monkeypatch.setattr(program, "keep_result", lambda *_, **more: told.append(more["revision"]))
    monkeypatch.setattr("sys.argv", ["benchmarks", "one"])
    assert program.main() == 0
    assert told == [
        {"commit": "f00", "clean": False, "not_clean_because": ["another revision was checked out meanwhile: f01"]}
    ]
