"""`muster similar` prints what is near with the reasons, and knows of no contact."""

import inspect
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import typer

from deploy.cli import similar as command
from deploy.packs import default_pack
from shared.contracts.intake import FindSimilarCases, SimilarCase, SimilarCases
from shared.contracts.rights import require_right

FOUND = SimilarCase(
    case_code="26-0000104-5",
    category="labour.wages.arrears",
    place="350521104",
    state="handling",
    open=True,
    unit="labour-rights",
    age_days=3,
    joined=2,
    reasons=("same_category", "near_place"),
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[FindSimilarCases]:
    heard: list[FindSimilarCases] = []

    class Intake:
        async def ask(self, request: FindSimilarCases, _answer: type[SimilarCases]) -> SimilarCases:
            require_right(request.actor, request.NAME)
            heard.append(request)
            return SimilarCases(cases=(FOUND,) if request.category == "labour.wages.arrears" else (), days=30)

    @asynccontextmanager
    async def asking(_place: Any) -> AsyncIterator[Intake]:
        yield Intake()

    async def pack_in_force(_asker: Any) -> Any:
        return default_pack()

    monkeypatch.setattr(command, "asking", asking)
    monkeypatch.setattr(command, "pack_in_force", pack_in_force)
    return heard


def test_each_with_its_reasons(asked: list[FindSimilarCases], capsys: pytest.CaptureFixture[str]) -> None:
    command.similar("labour.wages.arrears", "350521104", as_json=True)
    assert json.loads(capsys.readouterr().out)["cases"] == [FOUND.model_dump(mode="json")]
    command.similar("labour.wages.arrears", "350521104")
    said = "".join(capsys.readouterr().out.split())
    for words in ("26-0000104-5", "洛阳镇", "办理中", "3天", "由人判断"):
        assert words in said
    assert len(asked) == 2


def test_nothing_near_and_nonsense_are_said(asked: list[FindSimilarCases], capsys: pytest.CaptureFixture[str]) -> None:
    command.similar("noise", "350521104")
    assert "没有相似案件" in capsys.readouterr().out
    with pytest.raises(typer.Exit) as ended:
        command.similar("noise", "x" * 81)
    assert ended.value.exit_code == 2
    assert "--place" in capsys.readouterr().err
    assert len(asked) == 1


def test_a_contact_is_no_argument_that_a_shell_would_remember() -> None:
    assert {"contact", "phone"}.isdisjoint(inspect.signature(command.similar).parameters)
