"""What the proof finds wrong is told in Chinese, for the faults an edit is likely to make."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import shared.centre
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


CHECKS = sorted(Path(shared.centre.__file__).parent.glob("check_*.py"))


def sentences(source: str) -> Iterator[str]:
    """Every `what` of a fault, its values as a day; one that is handed on is named where it was made."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == "what" for to in node.targets)
        ) or (isinstance(node, ast.keyword) and node.arg == "what"):
            yield from said(node.value)


def said(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(words)):
            yield words
        case ast.JoinedStr(values=parts):
            yield "".join(each for part in parts for each in [next(said(part), "7")])
        case ast.FormattedValue(value=ast.IfExp(body=body)):
            yield from said(body)
        case ast.FormattedValue(value=ast.Call(func=ast.Name(id="_word"))):
            yield "off"
        case ast.FormattedValue(value=ast.Name(id="by")):
            yield "the rule '7'"
        case _:
            return


@pytest.mark.parametrize("check", CHECKS, ids=lambda path: path.stem)
def test_every_sentence_of_the_proof_has_chinese(check: Path) -> None:
    untold = [each for each in sentences(check.read_text("utf-8")) if fault_words(Fault("x", 0, each, "")) is None]
    assert not untold


def test_a_sentence_without_chinese_is_seen() -> None:
    planted = "def f(x):\n    what = f'the thing {x} is odd'\n"
    assert [fault_words(Fault("x", 0, each, "")) for each in sentences(planted)] == [None]


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (lambda c: entry(c, "units").pop("name"), "缺少"),
        (lambda c: entry(c, "units").update(code="Gong An"), "不能作代码"),
        (lambda c: entry(c, "limits").update(amount="three"), "不合规定"),
        (lambda c: entry(c, "rules").update(wehn=1), "没有“wehn”这一项"),
    ],
)
def test_what_does_not_fit_its_field_is_told_in_chinese(break_it: Break, says: str) -> None:
    content = default_pack().model_dump(mode="json")
    break_it(content)
    with pytest.raises(PackFaulty) as refused:
        proved(content)
    assert any(says in (fault_words(fault) or "") for fault in refused.value.faults), refused.value.faults
