"""What may be learned from holds nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.suggest.private import READ_MAX, ngrams, without_persons


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("电话13812345678请回复", "电话 请回复"),
        ("电话１３８ １２３４ ５６７８请回复", "电话 请回复"),
        ("身份证350502199001011234", "身份证"),
        ("微信号abc_123，车牌闽C12345", "微信号 车牌闽"),
        ("手机一三八一二三四五六七八", "手机"),
        ("手机幺三八 零零零零", "手机幺三八 零零零零"),
        ("拖欠三个月工资", "拖欠三个月工资"),
        ("a@b.cn", ""),
    ],
)
def test_numbers_and_letters_end_a_run(text: str, left: str) -> None:
    assert without_persons(text) == left


def test_what_is_known_of_the_requester_is_cut_out() -> None:
    text = "我叫王小明，住洛阳镇桥头村8号，王小明的工资没发"
    assert without_persons(text, ("王小明", "洛阳镇桥头村8号", None, "")) == "我叫 住 的工资没发"


def test_a_long_name_is_cut_out_before_a_short_one_inside_it() -> None:
    assert without_persons("欧阳小明来电", ("小明", "欧阳小明")) == "来电"


def test_ngrams_never_reach_over_what_was_cut_out() -> None:
    assert sorted(ngrams("路灯 不亮")) == sorted(["路", "灯", "路灯", "不", "亮", "不亮"])


def test_only_the_beginning_is_read() -> None:
    assert len(without_persons("路" * (READ_MAX + 500))) == READ_MAX


@given(st.text(), st.lists(st.text(min_size=1, max_size=6), max_size=3))
def test_whatever_is_typed_only_chinese_runs_are_left(text: str, known: list[str]) -> None:
    left = without_persons(text, known)
    assert all("\u4e00" <= character <= "\u9fff" or character == " " for character in left)
