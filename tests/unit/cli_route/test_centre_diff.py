"""`muster centre diff`: the cases of the last days through both packs, or the whole grid where there are none."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.packs import default_pack_dir
from shared.contracts.dispatch import ListRoutedInputs, RoutedInput, RoutedInputs
from tests.unit.cli_route.conftest import SMALL, Answering, Spoken, rules_of, texts

Muster = Callable[..., Spoken]
AT = datetime(2026, 9, 1, 2, tzinfo=UTC)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """The default pack, to be changed."""
    return Path(shutil.copytree(default_pack_dir(), tmp_path / "draft"))


@pytest.fixture
def small_draft(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "small-draft"))


def _case(code: str, category: str | None, **facts: Any) -> RoutedInput:
    known = {"source": "window", "place": "350521104", "level": "IV", "flags": (), "accepted_at": AT}
    return RoutedInput.model_validate(
        known | {"case_code": code, "category": category, "unit": "labour-rights", "by": "rule"} | facts
    )


def _paged(cases: list[RoutedInput]) -> Callable[[ListRoutedInputs], RoutedInputs]:
    def answer(request: ListRoutedInputs) -> RoutedInputs:
        page = cases[request.offset : request.offset + min(request.limit, 2)]
        return RoutedInputs(cases=tuple(page), total=len(cases))

    return answer


CASES = [
    _case("c1", "labour.wages.arrears"),
    _case("c2", "labour.wages.construction"),
    _case("c3", "environment.noise.social", level="I"),
    _case("c4", None),
    _case("c5", "housing.building.danger", flags=("safety",)),
]


def test_real_cases_are_replayed_page_by_page(muster: Muster, services: Callable[..., Answering], draft: Path) -> None:
    rules_of(draft, "    supporters: [resources-construction]\n", "")
    rules_of(
        draft,
        "categories: [environment.noise.social]\n    unit: police",
        "categories: [environment.noise.social]\n    unit: market",
    )
    asked = services({ListRoutedInputs: _paged(CASES)})

    told = muster("centre", "diff", "current", draft, "--days", "7", "--json").json

    assert (told["over"], told["compared"], told["changed"], told["why_grid"]) == ("cases", 5, 2, None)
    assert {name: total for name, total in told["totals"].items() if total} == {"owner": 1, "supporters": 1}
    assert texts(told["differences"], "label", "changed") == [("c2", ["supporters"]), ("c3", ["owner"])]
    assert (told["differences"][1]["before"]["unit"], told["differences"][1]["after"]["unit"]) == ("police", "market")
    pages = [each for each in asked.asked if isinstance(each, ListRoutedInputs)]
    assert [each.offset for each in pages] == [0, 2, 4]
    assert timedelta(days=6) < datetime.now(UTC) - pages[0].since < timedelta(days=8)


def test_flags_and_the_time_of_acceptance_count(
    muster: Muster, services: Callable[..., Answering], draft: Path
) -> None:
    rules_of(draft, "supporters: [fire-rescue, territory]", "supporters: [fire-rescue]")
    rules_of(draft, "    supporters: [police]\n", "    supporters: [traffic-police]\n")
    night = _case("night", "environment.noise.construction", accepted_at=AT.replace(hour=15))
    services({ListRoutedInputs: _paged([*CASES, night, _case("day", "environment.noise.construction")])})

    said = muster("centre", "diff", "current", draft)

    assert "7 cases compared, 2 change: 协办 2" in said
    assert "c5" in said
    assert "协办 消防救援大队、洛阳镇人民政府 → 消防救援大队" in said
    assert "night" in said
    assert "协办 公安分局 → 交警大队" in said


def test_limits_are_compared_by_stage(muster: Muster, services: Callable[..., Answering], draft: Path) -> None:
    limits = draft / "limits.yaml"
    text = limits.read_text(encoding="utf-8").replace(
        "id: handle, stage: handle, amount: 5", "id: handle, stage: handle, amount: 7"
    )
    limits.write_text(
        text.replace("id: sign-off, stage: sign_off, amount: 1,", "id: sign-off, stage: sign_off, amount: 2,"),
        encoding="utf-8",
    )
    services({ListRoutedInputs: _paged(CASES)})

    said = muster("centre", "diff", "current", draft)

    assert "5 change: 签收 5，办理 2" in said
    assert "签收 1 个工作日 → 2 个工作日；办理 5 个工作日 → 7 个工作日" in said


def test_two_folders_without_services_are_compared_over_the_grid(muster: Muster, small_draft: Path) -> None:
    rules_of(small_draft, "categories: [noise]\n    unit: police", "categories: [noise]\n    unit: labour")

    told = muster("centre", "diff", SMALL, small_draft, "--json").json
    said = muster("centre", "diff", SMALL, small_draft)

    assert (told["over"], told["why_grid"]) == ("grid", "no services run here")
    assert told["compared"] == 4 * 4 * 4, "leaf categories x places x levels"
    assert (told["changed"], told["totals"]["owner"]) == (8, 8)
    assert "Compared over the whole grid of category x place x level: no services run here." in said
    assert "噪声I、II、III、IV2承办公安分局→劳动中心" in said


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({}, "the cases cannot be read: nobody answers list_routed_inputs"),
        ({ListRoutedInputs: _paged([])}, "no case was accepted in the last 30 days"),
    ],
    ids=["no answer", "no case"],
)
def test_without_cases_it_says_so_and_compares_the_grid(
    answers: Any, why: str, muster: Muster, services: Callable[..., Answering]
) -> None:
    services(answers)

    told = muster("centre", "diff", "current", default_pack_dir(), "--json").json

    assert (told["over"], told["why_grid"], told["changed"]) == ("grid", why, 0)


def test_the_same_pack_changes_nothing(muster: Muster) -> None:
    assert "nothing changes" in muster("centre", "diff", SMALL, SMALL)


def test_a_faulty_draft_is_not_compared(muster: Muster, small_draft: Path) -> None:
    rules_of(small_draft, "unit: police", "unit: polcie")

    spoken = muster("centre", "diff", SMALL, small_draft)

    assert spoken.code == 1
    assert "Did you mean 'police'" in spoken
