"""A ruling offered as a rule: it would decide as the director did, and it is proved before anybody takes it over."""

from datetime import date

from ruamel.yaml import YAML

from deploy.cli.rulings import as_yaml
from deploy.packs import default_pack
from shared.centre.jurisdiction import route
from shared.centre.offered import offered_rule

PACK = default_pack()
ASKED = {"category": "labour.wages.arrears", "place": "350521104"}
RULED = {"case_code": "26-0000001-4", "ruled_on": date(2026, 11, 23)}


def test_the_offered_rule_decides_as_was_ruled() -> None:
    offered = offered_rule(PACK, **ASKED, unit="livelihood", **RULED)
    assert offered.faults == ()
    at = next(number for number, rule in enumerate(PACK.rules) if rule.id == offered.before)
    draft = PACK.model_copy(update={"rules": (*PACK.rules[:at], offered.rule, *PACK.rules[at:])})
    decided = route(draft, **ASKED, source="window", level="IV")
    assert (decided.rule_id, decided.unit) == ("ruling-26-0000001-4", "livelihood")
    elsewhere = route(draft, category=ASKED["category"], place="350521105", source="window", level="IV")
    assert (
        elsewhere.unit == route(PACK, category=ASKED["category"], place="350521105", source="window", level="IV").unit
    )


def test_a_ruling_for_a_unit_that_is_gone_is_offered_with_its_fault() -> None:
    offered = offered_rule(PACK, **ASKED, unit="no-such-unit", **RULED)
    assert any("no-such-unit" in fault for fault in offered.faults)
    assert "校验未通过" in as_yaml(offered)


def test_it_is_written_as_rows_of_the_pack() -> None:
    text = as_yaml(offered_rule(PACK, **ASKED, unit="livelihood", **RULED))
    [row] = YAML(typ="safe").load(text)
    assert row == {
        "id": "ruling-26-0000001-4",
        "categories": ["labour.wages.arrears"],
        "places": ["350521104"],
        "unit": "livelihood",
        "source": "轮值主任裁定，案件26-0000001-4，2026-11-23",
    }
    assert text.startswith("# 放在规则")


def test_a_ruling_without_a_place_holds_everywhere() -> None:
    text = as_yaml(offered_rule(PACK, category="labour", place=None, unit="livelihood", **RULED))
    assert "places" not in text
