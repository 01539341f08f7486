"""`muster suggest` prints three with reasons, and refuses an empty matter in words."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
import typer

from deploy.cli import suggest as command
from shared.contracts.intake import SuggestCategories, SuggestedCategory, Suggestions
from shared.contracts.rights import require_right

ANSWER = Suggestions(
    suggestion_id=UUID(int=7),
    suggestions=(
        SuggestedCategory(category="lamp", name="路灯不亮", reason="诉求中出现关键词「路灯」", score=0.75),
        SuggestedCategory(category="road", name="道路[破损]", reason="用语与 40 件同类事项相近", score=0.2),
    ),
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[SuggestCategories]:
    heard: list[SuggestCategories] = []

    class Intake:
        async def ask(self, request: SuggestCategories, _answer: type[Suggestions]) -> Suggestions:
            require_right(request.actor, request.NAME)
            heard.append(request)
            return ANSWER if "路灯" in request.matter else ANSWER.model_copy(update={"suggestions": ()})

    @asynccontextmanager
    async def asking(_place: Any) -> AsyncIterator[Intake]:
        yield Intake()

    monkeypatch.setattr(command, "asking", asking)
    return heard


def test_each_with_its_reason(asked: list[SuggestCategories], capsys: pytest.CaptureFixture[str]) -> None:
    command.suggest("路灯不亮")
    said = capsys.readouterr().out
    assert [request.matter for request in asked] == ["路灯不亮"]
    for words in ("路灯不亮 lamp", "75%", "关键词「路灯」", "道路[破损] road", "20%", "由人确认"):
        assert words in said


def test_as_json(asked: list[SuggestCategories], capsys: pytest.CaptureFixture[str]) -> None:
    command.suggest("路灯不亮", as_json=True)
    assert json.loads(capsys.readouterr().out) == ANSWER.model_dump(mode="json")


def test_nothing_to_go_by_is_said(asked: list[SuggestCategories], capsys: pytest.CaptureFixture[str]) -> None:
    command.suggest("你好")
    assert "请人工选择" in capsys.readouterr().out


def test_an_empty_matter_is_refused_in_words(
    asked: list[SuggestCategories], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        command.suggest("   ")
    assert ended.value.exit_code == 2
    assert "must not be empty" in capsys.readouterr().err
    assert asked == []
