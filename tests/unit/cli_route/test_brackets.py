"""Brackets in what people wrote are words like any other: never markup of the terminal, never a fault."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from shared.contracts.dispatch import ExplainRoute, ListRulings, Rulings
from tests.unit.cli_route.conftest import SMALL, Answering, Spoken, rules_of
from tests.unit.cli_route.test_route_explain import CODE, explained
from tests.unit.cli_route.test_route_try import DANGER, ruling

Muster = Callable[..., Spoken]
ODD = "纪要[/]"  # short: a longer one is broken up by the columns beside it


def _in_the_pack(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def odd_pack(tmp_path: Path) -> Path:
    folder = tmp_path / "odd"
    copytree(SMALL, folder)
    _in_the_pack(folder, "units.yaml", "公安分局", "公安[/]分局")
    return folder


def test_a_ground_with_brackets_is_shown_as_it_was_typed(muster: Muster, services: Callable[..., Answering]) -> None:
    told = explained()
    odd = told.model_copy(update={"precedents": (told.precedents[0].model_copy(update={"ground": ODD}),)})
    services({ExplainRoute: lambda request: odd})

    assert ODD in muster("route", "explain", CODE)


def test_so_it_is_among_the_precedents_of_a_dry_run(muster: Muster, services: Callable[..., Answering]) -> None:
    services({ListRulings: lambda request: Rulings(rulings=(ruling(ground=ODD),))})

    assert ODD in muster("route", "try", "--category", "工程项目欠薪", "--place", "洛阳镇")


def test_names_of_a_pack_may_have_brackets(muster: Muster, odd_pack: Path) -> None:
    assert "主办 公安[/]分局 (police)" in muster("route", "try", "--pack", odd_pack, *DANGER[2:])
    rules_of(odd_pack, "places: [east.g1, west.g1]\n    unit: territory", "places: [east.g1]\n    unit: police")
    said = muster("centre", "diff", SMALL, odd_pack)
    assert said.code == 0
    assert "[/]" in said
