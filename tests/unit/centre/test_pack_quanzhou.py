"""The default pack says what its source documents say; the second pack proves that another centre needs no code."""

import time
from collections import Counter
from pathlib import Path

import pytest

from shared.centre.check import check_pack
from shared.centre.jurisdiction import route
from shared.centre.load import LEFT_ALONE, SECTIONS, load_pack
from shared.centre.pack import LEVELS, STAGES, CentrePack, Flag

LOAD_MAX_S = 3.0  # measured at 0.2 s; loose, for a busy machine
# What a case's category must never be about: who somebody is, believes or petitions for.
BEYOND_THE_LINE = ("上访", "缠访", "稳控", "重点人", "宗教", "邪教", "舆情", "政治", "涉稳", "信仰", "党员", "人员管控")


def test_both_packs_are_free_of_faults(quanzhou: CentrePack, lettered: CentrePack) -> None:
    assert check_pack(quanzhou) == ()
    assert check_pack(lettered) == ()


def test_presence_is_as_the_operating_mechanism_lists_it(quanzhou: CentrePack) -> None:
    presence = {unit.code: unit.presence for unit in quanzhou.units if unit.kind != "centre"}
    resident = {"legal-aid", "labour-rights", "grid-centre"}
    rotating = {
        "party-masses",
        "resources-construction",
        "agriculture-environment",
        "enforcement-emergency",
        "education-culture",
        "police",
        "court",
    }
    assert {code for code, kind in presence.items() if kind == "resident"} == resident
    assert {code for code, kind in presence.items() if kind == "rotating"} == rotating
    assert Counter(presence.values())["on_call"] == 14


def test_nine_units_give_a_duty_director_and_it_is_another_register(quanzhou: CentrePack) -> None:
    assert set(quanzhou.directors) == {
        "party-masses",
        "governance-office",
        "agriculture-environment",
        "resources-construction",
        "education-culture",
        "livelihood",
        "market",
        "enforcement-emergency",
        "police",
    }
    assert set(quanzhou.directors) != {unit.code for unit in quanzhou.units if unit.presence == "rotating"}


def test_six_fixed_and_eight_flexible_windows(quanzhou: CentrePack) -> None:
    names = {
        kind: {window.name for window in quanzhou.windows if window.kind == kind} for kind in ("fixed", "flexible")
    }
    assert {name.removesuffix("窗口") for name in names["fixed"]} == {
        "信访",
        "法律援助",
        "劳动监察",
        "争议仲裁",
        "工伤认定",
        "综合受理",
    }
    assert len(names["flexible"]) == 8


def test_townships_are_real_and_grids_are_marked_as_samples(quanzhou: CentrePack) -> None:
    townships = {township.code: township.name for township in quanzhou.townships}
    assert townships == {
        "350521104": "洛阳镇",
        "350521105": "东园镇",
        "350521106": "张坂镇",
        "350521200": "百崎回族乡",
    }
    assert len(quanzhou.grids) == 24
    assert all(grid.sample for grid in quanzhou.grids)
    assert {unit.territory for unit in quanzhou.units if unit.kind == "township"} == set(townships)


def test_categories_are_about_matters_at_three_levels(quanzhou: CentrePack) -> None:
    leaves = quanzhou.leaf_categories
    assert 55 <= len(leaves) <= 70
    assert {len(quanzhou.category_chain(leaf.code)) for leaf in leaves} == {3}
    assert _beyond_the_line(quanzhou) == []


def test_a_category_beyond_the_line_would_be_seen(quanzhou: CentrePack) -> None:
    planted = quanzhou.categories[-1].model_copy(update={"keywords": ("重点人员",)})
    assert _beyond_the_line(quanzhou.model_copy(update={"categories": (planted,)})) == [planted.code]
    marked = quanzhou.model_copy(update={"flags": (Flag(code="watched", name="重点人员"),)})
    assert _beyond_the_line(marked) == ["watched"]


@pytest.mark.parametrize(
    ("stage", "category", "level", "amount", "unit"),
    [
        ("arrival", None, "I", 20, "minute"),
        ("accept", None, "IV", 15, "working_minute"),
        ("dispatch", None, "IV", 15, "working_minute"),
        ("sign_off", None, "IV", 1, "working_day"),
        ("return", None, "IV", 2, "working_day"),
        ("handle", "city.order.stalls", "IV", 5, "working_day"),
        ("handle", "city.order.stalls", "I", 2, "hour"),
        ("report_back", None, "II", 24, "hour"),
        ("report_back", "labour.welfare.insurance", "III", 5, "working_day"),
        ("report_back", "labour.wages.arrears", "III", 60, "working_day"),  # it concludes what a statute gives time for
        ("report_back", "labour.wages.arrears", "I", 60, "working_day"),
        ("contact", "labour.wages.arrears", "I", 2, "hour"),  # but the requester hears as soon as of any other
        ("report_back", "utility.water.outage", "IV", 24, "hour"),
        ("report_back", "utility.water.outage", "I", 2, "hour"),
        ("report_back", "land.use.occupation", "IV", 15, "calendar_day"),
        ("handle", "legal.aid.advice", "IV", 1, "calendar_day"),
        ("handle", "land.use.occupation", "IV", 20, "calendar_day"),
        ("handle", "labour.contract.unsigned", "IV", 45, "calendar_day"),
        ("handle", "legal.mediation.confirmation", "IV", 30, "calendar_day"),
        ("handle", "consumer.goods.quality", "IV", 45, "working_day"),
        ("handle", "consumer.food.catering", "IV", 15, "working_day"),
        ("handle", "labour.injury.recognition", "IV", 60, "calendar_day"),
        ("handle", "labour.injury.recognition", "I", 60, "calendar_day"),  # a statutory limit prevails at any level
        ("handle", "legal.aid.application", "IV", 7, "calendar_day"),
        ("verify", None, "IV", 2, "working_day"),
        ("follow_up", None, "IV", 3, "working_day"),
    ],
)
def test_limits_are_the_presets(
    quanzhou: CentrePack, stage: str, category: str | None, level: str, amount: int, unit: str
) -> None:
    limit = quanzhou.limit_for(stage, category, level)  # type: ignore[arg-type]
    assert (limit.amount, limit.unit) == (amount, unit)
    assert limit.source


def test_every_stage_has_a_clock_and_a_ladder_at_every_level(quanzhou: CentrePack, lettered: CentrePack) -> None:
    for pack in (quanzhou, lettered):
        for stage in STAGES:
            assert all(pack.limit_for(stage, None, level).amount > 0 for level in LEVELS)
            assert pack.ladder_for(stage).steps


def test_the_arrival_ladder_is_the_twenty_minute_summons(quanzhou: CentrePack) -> None:
    steps = [
        (step.from_, step.minutes, step.unless, step.notify, step.action)
        for step in quanzhou.ladder_for("arrival").steps
    ]
    assert steps == [
        ("start", 0, None, ("liaison_officer",), None),
        ("start", 3, "acknowledged", ("liaison_officer", "unit_lead"), None),
        ("acknowledged", 10, "on_the_way", ("liaison_officer", "unit_lead"), "remind"),
        ("start", 15, "arrived", ("liaison_officer",), "remind"),
        ("due", 0, "arrived", ("duty_director", "commander"), "overdue"),
        ("start", 60, "arrived", (), "end"),
    ]


def test_every_case_of_the_zone_has_an_owner_and_help_stays_with_the_township(quanzhou: CentrePack) -> None:
    outcomes = Counter(
        route(quanzhou, category=leaf.code, place=place.code, source="grid", level="IV").by
        for leaf in quanzhou.leaf_categories
        for place in quanzhou.places
    )
    assert set(outcomes) == {"rule", "fallback"}
    helped = route(quanzhou, category="help.daily.animals", place="350521200.g01", source="grid", level="IV")
    assert (helped.by, helped.unit) == ("fallback", "baiqi")


def test_every_rule_knows_the_line_it_was_written_on(quanzhou: CentrePack, quanzhou_folder: Path) -> None:
    lines = (quanzhou_folder / "jurisdiction.yaml").read_text(encoding="utf-8").splitlines()
    for rule in quanzhou.rules:
        assert f"id: {rule.id}" in lines[rule.line - 1]


def test_the_lettered_places_and_classes_are_found(lettered: CentrePack) -> None:
    names = ("劳动和社会保障", "城乡建设", "教育文体", "交通运输", "卫生计生", "商贸旅游", "环境保护")
    found = [lettered.find_category(name) for name in names]
    assert len({category.code for category in found if category is not None}) == len(names)
    assert len(lettered.places) == 137
    district = lettered.find_place("A市A3区")
    assert district is not None
    assert district.chain == ("a3-qu", "a-shi")


def test_loading_is_quick(quanzhou_folder: Path) -> None:
    started = time.perf_counter()
    load_pack(quanzhou_folder)
    assert time.perf_counter() - started < LOAD_MAX_S


def test_a_pack_is_its_files_and_perhaps_rosters(quanzhou_folder: Path) -> None:
    there = {path.name for path in quanzhou_folder.iterdir()}
    assert there - LEFT_ALONE == set(SECTIONS)


def _beyond_the_line(pack: CentrePack) -> list[str]:
    words = {category.code: (category.name, *category.aliases, *category.keywords) for category in pack.categories}
    words |= {flag.code: (flag.name,) for flag in pack.flags}
    return [code for code, texts in words.items() if any(word in text for word in BEYOND_THE_LINE for text in texts)]
