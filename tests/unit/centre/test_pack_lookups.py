"""What the services look up in a pack."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.centre.check import check_pack
from shared.centre.load import load_pack
from shared.centre.pack import CentrePack, Grid, Ladder, LadderStep, Level, Limit, Mode, Township

Plant = Callable[[str, str, str], Path]


def test_a_grid_knows_its_township_and_a_township_is_its_own_chain(small: CentrePack) -> None:
    grid, township = small.place("east.g1"), small.place("east")
    assert isinstance(grid, Grid)
    assert isinstance(township, Township)
    assert grid.chain == ("east.g1", "east")
    assert township.chain == ("east",)
    assert small.place("north") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("家住东镇，投诉", "east"),
        ("在西边镇附近", "west"),
        ("东镇一格门前", "east.g1"),  # longer than 东镇, which occurs as well
        ("先西镇后东镇", "west"),  # equally long: the first in the text
        ("先东镇后西镇", "east"),
        ("东镇二格", "east"),
        ("没有地名", None),
        ("", None),
    ],
)
def test_the_longest_place_name_in_a_text_is_found(small: CentrePack, text: str, code: str | None) -> None:
    found = small.find_place(text)
    assert (found and found.code) == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("labour.wages.arrears", "labour.wages.arrears"),
        ("LABOUR.Wages", "labour.wages"),
        ("拖欠工资", "labour.wages.arrears"),
        (" 欠薪 ", "labour.wages.arrears"),
        ("wages", "labour.wages"),
        ("欠", None),
        ("", None),
    ],
)
def test_a_category_is_found_by_code_name_or_alias(small: CentrePack, name: str, code: str | None) -> None:
    found = small.find_category(name)
    assert (found and found.code) == code


def test_chains_leaves_units_and_windows(small: CentrePack) -> None:
    assert small.category_chain("labour.wages.arrears") == ("labour.wages.arrears", "labour.wages", "labour")
    assert small.category_chain("nothing") == ()
    assert [leaf.code for leaf in small.leaf_categories] == [
        "labour.wages.arrears",
        "labour.wages.overtime",
        "noise",
        "help",
    ]
    unit, window = small.unit("police"), small.window("general")
    assert unit is not None
    assert unit.presence == "rotating"
    assert window is not None
    assert window.unit == "desk"
    assert small.unit("army") is None
    assert small.window("x") is None


@pytest.mark.parametrize(
    ("category", "level", "limit"),
    [
        ("noise", "IV", "handle"),  # general
        (None, "IV", "handle"),
        ("no.such", "III", "handle"),
        ("noise", "I", "handle-emergency"),  # level alone
        (None, "I", "handle-emergency"),
        ("labour", "IV", "handle-labour"),  # category alone
        ("labour.wages.overtime", "III", "handle-labour"),  # its grandparent's
        ("labour.wages.arrears", "IV", "handle-arrears"),  # exact beats grandparent
        ("labour", "I", "handle-emergency"),  # level beats category
        ("labour.wages.arrears", "I", "handle-wages-urgent"),  # the parent with the level beats both
        ("labour.wages.overtime", "II", "handle-wages-urgent"),
        ("labour", "II", "handle-labour"),
    ],
)
def test_the_most_specific_limit_wins(small: CentrePack, category: str | None, level: Level, limit: str) -> None:
    assert small.limit_for("handle", category, level).id == limit


def with_limits(small: CentrePack, *more: dict[str, object]) -> CentrePack:
    added = tuple(Limit.model_validate({"stage": "handle", "unit": "hour", "source": "样例", **one}) for one in more)
    return small.model_copy(update={"limits": (*small.limits, *added)})


@pytest.mark.parametrize(
    ("category", "level", "mode", "limit"),
    [
        ("noise", "IV", "normal", "handle"),
        ("noise", "IV", "surge", "surge"),
        ("noise", "IV", "surge.III", "surge"),  # every level of a surge
        ("noise", "IV", "surge.I", "surge-highest"),  # the highest alone beats it
        ("noise", "I", "surge.I", "handle-emergency"),  # a surge's general limit does not slow an emergency
        ("labour", "IV", "surge.I", "handle-labour"),  # nor does it cut short a category's own
        ("help", "IV", "surge.IV", "help-surge"),
        ("help", "IV", "normal", "help-normal"),
    ],
)
def test_the_mode_decides_between_limits_of_one_category_and_level(
    small: CentrePack, category: str, level: Level, mode: Mode, limit: str
) -> None:
    pack = with_limits(
        small,
        {"id": "surge", "amount": 8, "modes": ["surge"]},
        {"id": "surge-highest", "amount": 4, "modes": ["surge.I"]},
        {"id": "help-normal", "amount": 7, "categories": ["help"], "modes": ["normal"]},
        {"id": "help-surge", "amount": 6, "categories": ["help"], "modes": ["surge"]},
    )
    assert pack.limit_for("handle", category, level, mode).id == limit


def test_in_a_surge_a_stage_may_climb_a_ladder_of_its_own(small: CentrePack) -> None:
    hurried = Ladder.model_validate({**small.ladder_for("verify").model_dump(), "id": "hurried", "modes": ["surge"]})
    pack = small.model_copy(update={"ladders": (*small.ladders, hurried)})
    assert [pack.ladder_for("verify", mode).id for mode in ("normal", "surge", "surge.II")] == [
        "others",
        "hurried",
        "hurried",
    ]
    assert pack.ladder_for("arrival", "surge.I").id == "arrival"


def test_each_stage_climbs_its_ladder(small: CentrePack) -> None:
    assert small.ladder_for("arrival").id == "arrival"
    assert small.ladder_for("return").id == "others"


def test_an_unchecked_pack_without_a_clock_says_so(small: CentrePack) -> None:
    bare = small.model_copy(update={"limits": (), "ladders": ()})
    with pytest.raises(LookupError, match="no general limit for the stage 'handle'"):
        bare.limit_for("handle", None, "IV")
    with pytest.raises(LookupError, match="no ladder for the stage 'handle'"):
        bare.ladder_for("handle")


def test_a_pack_goes_through_json_unchanged(quanzhou: CentrePack) -> None:
    stored = quanzhou.model_dump_json()
    again = CentrePack.model_validate_json(stored)

    assert again == quanzhou
    assert again.version == quanzhou.version
    assert again.rules[3].line == quanzhou.rules[3].line > 1
    assert CentrePack.model_validate(json.loads(stored)) == quanzhou
    assert "version" not in json.loads(stored)
    assert check_pack(again) == ()


def test_a_pack_cannot_be_changed(small: CentrePack) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        small.title = "另一个"  # type: ignore[misc]


def test_a_changed_copy_brings_no_old_index_along(small: CentrePack) -> None:
    assert small.find_category("噪声") is not None
    before = small.version
    copy = small.model_copy(update={"categories": small.categories[:4], "title": "改名"})

    assert copy.find_category("噪声") is None
    assert copy.version != before == small.version


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("units.yaml", "units:\n", "# a comment\n\nunits:\n"),
        ("jurisdiction.yaml", "rules:\n", "rules:\n  # lines move down\n"),
        ("windows.yaml", "{code: general, name: 综合受理窗口,", "{name: 综合受理窗口, code: general,"),
        ("limits.yaml", ", warn_percent: [50, 80]", ""),  # the default, written out or not
        ("units.yaml", "    kind: centre\n    presence: resident\n", "    presence: resident\n    kind: centre\n"),
    ],
)
def test_the_version_ignores_how_it_is_written(small: CentrePack, plant: Plant, file: str, old: str, new: str) -> None:
    assert load_pack(plant(file, old, new)).version == small.version


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("limits.yaml", "amount: 20", "amount: 25"),
        ("units.yaml", "presence: rotating", "presence: on_call"),
        ("jurisdiction.yaml", "reason: 由调度席核实", "reason: 由调度席再核实"),
        ("ladders.yaml", "minutes: 60", "minutes: 61"),
        ("centre.yaml", "[labour, police]", "[police, labour]"),
        ("categories.yaml", "aliases: [欠薪]", "aliases: [欠薪, 讨薪]"),
    ],
)
def test_the_version_follows_the_content(small: CentrePack, plant: Plant, file: str, old: str, new: str) -> None:
    changed = load_pack(plant(file, old, new)).version

    assert changed != small.version
    assert len(changed) == 12
    assert int(changed, 16) >= 0


def test_the_order_of_rules_is_content(small: CentrePack) -> None:
    assert small.model_copy(update={"rules": small.rules[::-1]}).version != small.version


def test_a_ladder_step_is_written_from_and_read_from_underscore() -> None:
    step = LadderStep.model_validate({"from": "due", "minutes": 5, "action": "remind"})
    assert step == LadderStep(from_="due", minutes=5, action="remind")
    assert LadderStep.model_validate_json(step.model_dump_json()) == step
