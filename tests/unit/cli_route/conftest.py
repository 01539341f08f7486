"""The commands without servers: a folder that holds none, and, where a test wants it, services that answer."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel
from typer.testing import CliRunner, Result

from deploy.cli import centre, pack_diff, route
from deploy.packs import default_pack
from shared.contracts.base import Request
from shared.contracts.dispatch import CentrePackInForce, ReadCentrePack
from shared.errors import RemoteRefusal, Unavailable

HERE = Path(__file__).parent
SMALL = HERE.parent / "centre" / "small_pack"
Answers = dict[type[Request[Any]], Callable[[Any], BaseModel]]


class Spoken:
    """What a command said, without the line breaks of a narrow terminal."""

    def __init__(self, result: Result) -> None:
        self.code = result.exit_code
        self.words = "".join(result.output.split())
        self._out = result.stdout

    @property
    def json(self) -> Any:
        return json.loads(self._out)

    def __contains__(self, text: str) -> bool:
        return "".join(text.split()) in self.words


class Answering:
    """Services that answer what a test gives them an answer for."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self.asked: list[Request[Any]] = []

    async def ask(self, request: Request[Any], answer_type: type[BaseModel], **_: Any) -> BaseModel:
        self.asked.append(request)
        if type(request) not in self._answers:
            raise Unavailable(f"nobody answers {request.NAME}")
        answer = self._answers[type(request)](request)
        assert isinstance(answer, answer_type)
        return answer

    ask_patiently = ask


@pytest.fixture
def muster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Spoken]:
    data = tmp_path / "data"
    monkeypatch.setenv("MUSTER_DATA", str(data))
    for variable in ("MUSTER_DATABASE_URL", "MUSTER_NATS_URL", "MUSTER_CENTRE"):
        monkeypatch.delenv(variable, raising=False)
    app = typer.Typer()
    app.add_typer(route.app, name="route")
    app.add_typer(centre.app, name="centre")

    def run(*words: object) -> Spoken:
        spoken = Spoken(CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False))
        assert not data.exists(), "a server was started"
        return spoken

    return run


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answers], Answering]:
    """Makes the commands find running services; the default pack is in force."""

    def run(answers: Answers) -> Answering:
        pack = default_pack()
        in_force = CentrePackInForce(version=pack.version, pack=pack.model_dump(mode="json"))
        answering = Answering({ReadCentrePack: lambda request: in_force} | answers)

        @asynccontextmanager
        async def asking(*_: object) -> AsyncIterator[Answering]:
            yield answering

        for module in (route, pack_diff):
            monkeypatch.setattr(module, "asking", asking)
            monkeypatch.setattr(module, "find_addresses", lambda where: object())
        return answering

    return run


def refuses(code: str) -> Callable[[Any], BaseModel]:
    def answer(_: Any) -> BaseModel:
        raise RemoteRefusal({"code": code, "message": "no"})

    return answer


def rules_of(folder: Path, old: str, new: str) -> None:
    """Change the copied pack's duty table."""
    file = folder / "jurisdiction.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def texts(rows: Sequence[dict[str, Any]], *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(row[key] for key in keys) for row in rows]
