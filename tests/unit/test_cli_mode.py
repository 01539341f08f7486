"""`muster mode`: what it shows, what it asks for in whose name, and what it says to nonsense."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from deploy.cli import mode
from deploy.cli.main import app
from shared.contracts.base import Request
from shared.contracts.dispatch import (
    EndSurge,
    ListModePeriods,
    ModePeriods,
    ModeView,
    ReadMode,
    SurgeFigures,
    SurgeSummary,
    SwitchMode,
    UnitFigures,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
RUN = CliRunner()


def view(name: str = "surge.II", *, late: bool = False) -> ModeView:
    surging = name != "normal"
    return ModeView.model_validate(
        {
            "number": 2,
            "mode": name,
            "measures": ("micro-grids",) if surging else (),
            "reason": "台风登陆前后" if surging else None,
            "switched_by": "commander.1",
            "began_at": NOW,
            "ended_at": None,
            "expected_end": NOW + timedelta(hours=30) if surging else None,
            "late": late,
        }
    )


class Answering:
    """Answers what the command asks, and remembers it."""

    def __init__(self) -> None:
        self.asked: list[Request[Any]] = []

    async def ask(self, request: Request[Any], answer: type[BaseModel]) -> BaseModel:
        self.asked.append(request)
        if isinstance(request, ListModePeriods):
            figures = SurgeFigures(
                cases_accepted=41,
                cases_closed=17,
                work_orders=52,
                overdue=3,
                summonses=2,
                summoned=9,
                arrived_in_time=8,
                prolonged=1,
                units=(UnitFigures(unit="fire-rescue", work_orders=12, overdue=1, summoned=2, arrived_in_time=2),),
            )
            over = SurgeSummary(
                surge_id=UUID(int=1),
                began_at=NOW,
                ended_at=NOW + timedelta(days=1),
                highest="surge.I",
                figures=figures,
            )
            return ModePeriods(periods=(view("normal"), view()), summaries=(over,), total=2)
        return view("normal" if isinstance(request, EndSurge) else "surge.II")

    ask_patiently = ask


@pytest.fixture
def asker(monkeypatch: pytest.MonkeyPatch) -> Answering:
    answering = Answering()

    def with_zone(ask: Callable[[Any, ZoneInfo], Awaitable[Any]], _data: object, _centre: object) -> Any:
        return asyncio.run(ask(answering, ZONE))  # type: ignore[arg-type]

    monkeypatch.setattr(mode, "with_zone", with_zone)
    return answering


def said(*arguments: str, code: int = 0) -> str:
    result = RUN.invoke(app, ["mode", *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.output


def test_the_head_line_says_the_mode_until_when_and_whether_that_is_past() -> None:
    assert mode.head_words(view("normal"), ZONE) == "平时"
    assert mode.head_words(view(), ZONE) == "战时二级，预计至 11-24 15:00"
    assert "尚未结束" in mode.head_words(view(late=True), ZONE)


def test_it_shows_the_mode_with_reason_and_measures(asker: Answering) -> None:
    told = said()
    assert all(word in told for word in ("战时二级", "台风登陆前后", "micro-grids", "第 2 段"))
    (asked,) = asker.asked
    assert isinstance(asked, ReadMode)


def test_the_commander_switches_what_they_looked_at(asker: Answering) -> None:
    end = "2026-11-24 15:00"
    told = said(
        *("surge", "--level", "ii", "--until", end, "--reason", "台风", "--measure", "micro-grids"),
        *("--as", "deputy.1", "--deputy"),
    )
    assert "✓" in told
    looked, asked = asker.asked
    assert isinstance(looked, ReadMode)
    assert isinstance(asked, SwitchMode)
    assert (asked.level, asked.seen, asked.measures) == ("II", 2, ("micro-grids",))
    assert (asked.actor.staff, asked.actor.role) == ("deputy.1", "deputy_commander")
    assert asked.expected_end == NOW + timedelta(hours=30)


def test_back_to_normal(asker: Answering) -> None:
    assert "平时" in said("normal", "--reason", "险情解除", "--as", "commander.1")
    assert isinstance(asker.asked[-1], EndSurge)


def test_the_history_ends_with_what_a_surge_came_to(asker: Answering) -> None:
    told = said("history")
    assert all(word in told for word in ("平时", "战时二级", "最高战时一级", "受理转办 41 件", "8/9", "fire-rescue"))


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("surge", "--level", "II", "--reason", "台风", "--as", "commander.1"), "--until"),
        (("surge", "--level", "II", "--until", "soon", "--reason", "台风", "--as", "commander.1"), "soon"),
        (("normal", "--as", "commander.1"), "--reason"),
        (("normal", "--reason", "险情解除", "--as", "王小明"), "no post"),
    ],
)
def test_nonsense_is_told_in_words(asker: Answering, arguments: tuple[str, ...], why: str) -> None:
    result = RUN.invoke(app, ["mode", *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert why in result.output
