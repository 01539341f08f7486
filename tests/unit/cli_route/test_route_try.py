"""`muster route try`: a dry run over a folder or the pack in force, explained; bad input in words."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from deploy.packs import default_pack_dir
from shared.contracts.dispatch import ListRulings, Ruling, Rulings
from tests.unit.cli_route.conftest import SMALL, Answering, Spoken, refuses, texts

Muster = Callable[..., Spoken]
DANGER = ("--pack", SMALL, "--category", "help", "--place", "east.g1", "--level", "II", "--flag", "danger")


def ruling(**facts: Any) -> Ruling:
    known = {
        "category": "labour.wages.construction",
        "place": "350521104",
        "unit": "labour-rights",
        "ground": "三定方案",
    }
    who = {"instead_of": ("resources-construction",), "ruled_by": "director.police"}
    when = {"ruling_id": uuid4(), "case_code": "26-0000104-5", "ruled_at": datetime(2026, 9, 1, 2, tzinfo=UTC)}
    return Ruling.model_validate(known | who | when | facts)


def test_a_folder_is_tried_without_any_server(muster: Muster) -> None:
    said = muster("route", "try", *DANGER, "--at", "2025-03-07T12:00")

    assert said.code == 0
    assert "主办 公安分局 (police)" in said
    assert "协办 东镇政府、劳动中心" in said
    assert "规则 help-danger（jurisdiction.yaml 第" in said
    assert "先例：服务未运行，无法查询" in said
    assert "help-at-night" in said
    assert "排在先匹配的规则“help-danger”之后" not in said, "at noon it would not hold in any case"
    assert "只在17:30至次日08:00适用" in said
    assert "II 级出动预案：" in said


def test_json_holds_inputs_decision_runners_up_and_plan(muster: Muster) -> None:
    told = muster("route", "try", *DANGER, "--at", "2025-03-07T20:00", "--json").json

    assert told["inputs"] == {
        "category": "help",
        "place": "east.g1",
        "level": "II",
        "source": "window",
        "flags": ["danger"],
        "at": "2025-03-07T20:00:00+08:00",
    }
    assert (told["route"]["unit"], told["route"]["supporters"]) == ("police", ["east-office", "labour"])
    assert told["route"]["rule_id"] == "help-danger"
    assert told["route"]["pack_version"] == told["pack_version"]
    assert texts(told["route"]["considered"], "rule_id", "why_not") == [
        ("help-at-night", "排在先匹配的规则“help-danger”之后")
    ]
    assert texts(told["response_plan"], "unit", "plan") == [("police", "help-2"), ("labour", "help-2")]
    assert told["precedents"] is None


def test_names_serve_as_well_as_codes_and_an_instant_of_another_zone(muster: Muster) -> None:
    words = ("--pack", SMALL, "--category", "求助", "--place", "西边镇", "--flag", "有危险", "--flag", "crowd")
    told = muster("route", "try", *words, "--at", "2025-03-07T10:00:00+00:00", "--json").json

    assert told["inputs"] | {"level": "IV", "source": "window"} == told["inputs"]
    assert (told["inputs"]["category"], told["inputs"]["place"]) == ("help", "west")
    assert told["inputs"]["flags"] == ["danger", "crowd"]
    assert told["inputs"]["at"] == "2025-03-07T18:00:00+08:00"
    assert told["route"]["rule_id"] == "help-at-night"


def test_without_category_or_place_the_triage_desk_sorts(muster: Muster) -> None:
    said = muster("route", "try", "--pack", SMALL)

    assert said.code == 0
    assert "承办 调度席 (desk)" in said
    assert "依据 人工分派" in said


def test_the_pack_in_force_and_the_precedents_are_asked_for(muster: Muster, services: Callable[..., Answering]) -> None:
    asked = services({ListRulings: lambda request: Rulings(rulings=(ruling(),))})

    said = muster("route", "try", "--category", "工程项目欠薪", "--place", "洛阳镇", "--level", "I")

    assert "主办 劳动保障维权服务中心" in said
    assert "协办 自然资源与规划建设交通局" in said
    assert "construction-wages-1" in said
    assert "construction-wages-3" in said
    assert "26-0000104-5" in said
    assert "三定方案" in said
    (request,) = (each for each in asked.asked if isinstance(each, ListRulings))
    assert (request.category, request.place) == ("labour.wages.construction", "350521104")


@pytest.mark.parametrize("answers", [{}, {ListRulings: refuses("invalid_input")}], ids=["away", "refused"])
def test_without_precedents_the_dry_run_is_shown_all_the_same(
    answers: dict[Any, Any], muster: Muster, services: Callable[..., Answering]
) -> None:
    services(answers)

    said = muster("route", "try", "--pack", default_pack_dir(), "--category", "欠薪", "--place", "洛阳镇")

    assert said.code == 0
    assert "承办 劳动保障维权服务中心" in said
    assert "先例：服务未运行，无法查询" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--category", "欠心"), "is not a category of the pack small"),
        (("--place", "北镇"), "is not a place of the pack small"),
        (("--flag", "fire"), "it has: danger (有危险), crowd (多户)"),
        (("--level", "V"), "there is no level 'V': I, II, III, IV"),
        (("--source", "pigeon"), "there is no source 'pigeon': window, superior_order"),
        (("--at", "yesterday"), "is not an instant: write 2026-10-01T23:00"),
        (("--at", "0001-01-01T00:00:00+23:00"), "is not an instant"),
        (("--category", "help", "--place", "east.g1", "--at", "0001-01-01T00:00"), "no case is accepted in the year 1"),
    ],
)
def test_bad_input_is_said_in_words(words: tuple[str, ...], said: str, muster: Muster) -> None:
    spoken = muster("route", "try", "--pack", SMALL, *words)

    assert spoken.code == 2
    assert said in spoken


def test_a_faulty_folder_is_refused_with_file_and_line(muster: Muster, tmp_path: Any) -> None:
    spoken = muster("route", "try", "--pack", tmp_path / "nowhere", "--category", "help")

    assert spoken.code == 1
    assert "jurisdiction.yaml:0: the file cannot be read" in spoken
