"""Names are found by their initials."""

import json

import pytest

from deploy.packs import default_pack
from services.console.web.choices import categories_of, places_of, units_of
from services.console.web.pinyin import index_of, keys_of


@pytest.mark.parametrize(
    ("name", "typed"),
    [("公安分局", "gafj"), ("拖欠工资", "tqgz"), ("拖欠工资", "tuoqian"), ("洛阳镇", "lyz"), ("A座3栋", "az3d")],
)
def test_initials_and_full_pinyin(name: str, typed: str) -> None:
    assert any(key.startswith(typed) for key in keys_of(name).split())


def test_one_index_for_the_whole_pack() -> None:
    pack = default_pack()
    index = json.loads(index_of(pack))
    assert index_of(pack) is index_of(pack), "made once"
    assert {one.code for one in units_of(pack)} <= set(index["units"])
    assert {one.code for one in categories_of(pack)} <= set(index["categories"])
    assert {one.code for one in places_of(pack)} == set(index["places"])
    assert "gafj" in index["units"]["police"].split()
    assert len(index_of(pack)) < 60_000, "it is fetched over a phone's line"
