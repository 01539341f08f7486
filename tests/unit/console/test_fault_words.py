"""What the proof finds wrong is told in Chinese, for the faults an edit is likely to make."""

from collections.abc import Callable
from typing import Any

import pytest

from deploy.packs import default_pack
from services.console.web.fault_words import fault_words
from shared.centre.errors import Fault, PackFaulty
from shared.centre.prove import proved

Content = dict[str, Any]
Break = Callable[[Content], None]


def entry(content: Content, section: str, place: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = content[section][place]
    return found


BREAKS: dict[str, Break] = {
    "部门“nobody”不存在": lambda c: entry(c, "rules").update(unit="nobody"),
    "永远轮不到": lambda c: c["rules"].append({**entry(c, "rules"), "id": "again"}),
    "无人负责": lambda c: c.update(fallbacks=[]),
    "重复": lambda c: c["units"].append(entry(c, "units")),
    "缺少通用时限": lambda c: c.update(limits=[one for one in c["limits"] if one["id"] != "return"]),
    "适用范围完全相同": lambda c: c["limits"].append({**entry(c, "limits"), "id": "again"}),
    "不能写真实号码": lambda c: entry(c, "units")["lead"].update(contact="13800001234"),
    "不可用": lambda c: entry(c, "limits").update(amount=0),
    "日期颠倒": lambda c: c.update(closures=[{"from_": "2026-12-05", "to": "2026-12-01", "reason": "停电"}]),
    "缺少升级阶梯": lambda c: c.update(ladders=[one for one in c["ladders"] if "handle" not in one["stages"]]),
}


@pytest.mark.parametrize("says", BREAKS)
def test_a_fault_is_told_in_chinese(says: str) -> None:
    content = default_pack().model_dump(mode="json")
    BREAKS[says](content)
    with pytest.raises(PackFaulty) as refused:
        proved(content)
    told = [fault_words(fault) for fault in refused.value.faults]
    assert any(each is not None and says in each for each in told), [fault.what for fault in refused.value.faults]


def test_what_has_no_chinese_is_left_to_the_sentence_itself() -> None:
    assert fault_words(Fault("x.yaml", 0, "something nobody thought of", "Mend it")) is None
