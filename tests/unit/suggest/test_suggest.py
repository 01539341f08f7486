"""Keywords and history together."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.centre.pack import Category
from shared.suggest import SUGGESTED_MAX, Keywords, suggest
from tests.unit.suggest.history import CATEGORIES, LEAVES, learned, matters, pack

KEYWORDS = Keywords(pack())


def codes(matter: str, *, history: bool = True) -> list[str]:
    return [one.code for one in suggest(KEYWORDS, learned() if history else None, matter)]


def test_keywords_alone_name_their_words() -> None:
    first, *rest = suggest(KEYWORDS, None, "路灯不亮，巷子很黑")
    assert (first.code, rest) == ("lamp", [])
    assert first.reason == "诉求中出现关键词「路灯不亮」「路灯」" or first.reason == "诉求中出现关键词「路灯不亮」"
    assert 0.5 < first.score < 1


def test_without_history_nothing_found_is_nothing_suggested() -> None:
    assert suggest(KEYWORDS, None, "请问今天上班吗") == ()


def test_history_knows_words_the_pack_does_not_have() -> None:
    assert codes("巷子里晚上很黑，看不见", history=False) == []
    first, *_ = suggest(KEYWORDS, learned(), "巷子里晚上很黑，看不见")
    assert first.code == "lamp"
    assert "本中心已确认的 40 件同类事项" in first.reason


def test_at_most_three_and_the_likeliest_first() -> None:
    found = suggest(KEYWORDS, learned(), "工地施工打桩扰民，广场舞音响，路灯，工伤，欠薪，路面坑洼")
    assert len(found) == SUGGESTED_MAX
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert sum(one.score for one in found) <= 1


def test_what_was_told_anew_is_recognised() -> None:
    fresh = matters(120, seed=2)
    right = sum(codes(matter)[0] == category for category, matter in fresh)
    assert right / len(fresh) > 0.95


def test_a_new_category_is_carried_by_its_keywords() -> None:
    new = Category(code="lift", name="电梯困人", keywords=("电梯",))
    keywords = Keywords(pack().model_copy(update={"categories": (*CATEGORIES, new)}))
    assert "lift" in [one.code for one in suggest(keywords, learned(), "小区电梯坏了，老人孩子出门怕")]
    assert "lift" not in [one.code for one in suggest(keywords, learned(), "巷子里晚上很黑")]


def test_a_category_the_pack_no_longer_has_is_not_suggested() -> None:
    without = tuple(category for category in CATEGORIES if category.code != "lamp")
    keywords = Keywords(pack().model_copy(update={"categories": without}))
    found = suggest(keywords, learned(), "巷子里晚上很黑，看不见")
    assert found
    assert "lamp" not in [one.code for one in found]


def test_a_reason_quotes_no_case() -> None:
    for _, matter in matters(60, seed=3):
        for one in suggest(KEYWORDS, learned(), matter):
            words = [part.split("」")[0] for part in one.reason.split("「")[1:]]
            assert all(KEYWORDS.find(word) for word in words), "only words of the pack are quoted"


@given(st.text(max_size=300), st.booleans())
@settings(deadline=None)
def test_whatever_is_typed_the_answer_is_in_order_and_repeatable(matter: str, history: bool) -> None:
    model = learned() if history else None
    found = suggest(KEYWORDS, model, matter)
    assert found == suggest(KEYWORDS, model, matter)
    assert len({one.code for one in found}) == len(found) <= SUGGESTED_MAX
    assert all(one.code in LEAVES and one.reason and 0 < one.score <= 1 for one in found)


@pytest.mark.parametrize("module", ["shared.suggest", "shared.suggest.training", "services.intake.main"])
def test_starting_loads_nothing_heavy(module: str) -> None:
    asks = f"import sys, {module}; sys.exit(any(one in sys.modules for one in ('numpy', 'scipy', 'sklearn')))"
    assert subprocess.run([sys.executable, "-c", asks], check=False).returncode == 0
