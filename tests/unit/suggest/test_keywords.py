"""What the pack's words say."""

from shared.centre.pack import Category
from shared.suggest import Keywords
from shared.suggest.private import READ_MAX
from tests.unit.suggest.history import CATEGORIES, LEAVES, pack

KEYWORDS = Keywords(pack())


def test_only_leaves_are_found() -> None:
    assert KEYWORDS.leaves == LEAVES
    assert set(KEYWORDS.find("劳动保障")) == {"labour.arrears", "labour.injury"}, (
        "a parent's name speaks for each below"
    )


def test_nothing_found_is_nothing() -> None:
    assert KEYWORDS.find("想问一下天气") == {}


def test_names_aliases_and_keywords_count() -> None:
    for text in ("被拖欠工资", "公司欠薪", "去讨薪"):
        assert list(KEYWORDS.find(text)) == ["labour.arrears"]


def test_a_word_inside_a_longer_found_one_is_not_counted_twice() -> None:
    found = KEYWORDS.find("工伤认定")["labour.injury"]
    assert found.words == ("工伤认定",)


def test_a_long_word_weighs_more_and_a_repeated_one_a_little_more() -> None:
    short, long, twice = (KEYWORDS.find(text)["noise.social"].weight for text in ("扰民", "广场舞", "扰民又扰民"))
    assert short < twice < long * 2
    assert short < long


def test_a_word_of_two_categories_is_worth_half_to_each() -> None:
    shared = Category(code="sound", name="声响", keywords=("广场舞",))
    both = Keywords(pack().model_copy(update={"categories": (*CATEGORIES, shared)}))
    assert both.find("广场舞")["noise.social"].weight == KEYWORDS.find("广场舞")["noise.social"].weight / 2


def test_width_and_capitals_do_not_matter() -> None:
    wide = Category(code="net", name="网络", keywords=("WiFi",))
    found = Keywords(pack().model_copy(update={"categories": (*CATEGORIES, wide)})).find("小区ＷＩＦＩ不通")
    assert list(found) == ["net"]


def test_only_the_beginning_is_read() -> None:
    assert KEYWORDS.find("啊" * READ_MAX + "路灯") == {}
