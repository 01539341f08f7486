"""`muster route explain`: each decision about who answers for a case, as it was taken."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from shared.contracts.dispatch import ExplainRoute, Proposal, RouteExplained, Routing, Ruling
from tests.unit.cli_route.conftest import Answering, Spoken, refuses

CODE = "26-0000104-5"
AT = datetime(2026, 9, 1, 2, tzinfo=UTC)
WHERE: dict[str, Any] = {"category": "labour.wages.construction", "place": "350521104", "level": "III"}
PLACED = {name: WHERE[name] for name in ("category", "place")}
ROUTING: dict[str, Any] = {
    "number": 1,
    "by": "rule",
    "unit": "labour-rights",
    "supporters": ("resources-construction",),
    "rule": "construction-wages",
    "reason": "“工程项目欠薪”在洛阳镇，按规则办。",
    "considered": ({"rule_id": "labour", "unit": "labour-rights", "why_not": "排在先匹配的规则之后"},),
    "source": "window",
    "flags": ("safety",),
    "pack_version": "0123456789ab",
    "decided_by": "table",
    "routed_at": AT,
    **WHERE,
}
BY_PERSON = ROUTING | {
    "number": 2,
    "by": "person",
    "unit": "police",
    "supporters": (),
    "rule": None,
    "considered": (),
    "decided_by": "director.police",
    "words": "现场由公安处置",
}


def explained() -> RouteExplained:
    ruling = {"ruling_id": uuid4(), "case_code": CODE, "unit": "police", "instead_of": (), "ground": "三定方案"}
    proposal = {"proposal_id": uuid4(), "case_code": CODE, "unit": "market", "instead_of": "police", "rule": None}
    return RouteExplained(
        case_code=CODE,
        owner="police",
        state="dispatched",
        hops=2,
        routings=(Routing.model_validate(ROUTING), Routing.model_validate(BY_PERSON)),
        precedents=(Ruling.model_validate(ruling | PLACED | {"ruled_by": "director.police", "ruled_at": AT}),),
        proposal=Proposal.model_validate(proposal | WHERE | {"reason": "更正地点[后]", "proposed_at": AT}),
    )


def test_every_routing_is_told_with_its_why(muster: Callable[..., Spoken], services: Callable[..., Answering]) -> None:
    services({ExplainRoute: lambda request: explained()})

    said = muster("route", "explain", CODE)

    assert said.code == 0
    assert f"{CODE} 已派单 · 现由 公安分局 负责 · 转办 2 次" in said
    assert "第 1 次 09-01 10:00:00 规则 construction-wages" in said
    assert "劳动保障维权服务中心，协办 自然资源与规划建设交通局" in said
    assert "窗口受理 · 标记 存在安全隐患 · 规则包 0123456789ab" in said
    assert "排在先匹配的规则之后" in said
    assert "第 2 次 09-01 10:00:00 人工指定 · 决定人 director.police" in said
    assert "理由：现场由公安处置" in said
    assert "待确认改派 公安分局 → 市场监督管理局：更正地点[后]" in said
    assert "先例：" in said
    assert "三定方案" in said


def test_json_is_the_answer_itself(muster: Callable[..., Spoken], services: Callable[..., Answering]) -> None:
    told = explained()
    services({ExplainRoute: lambda request: told})

    assert muster("route", "explain", CODE, "--json").json == told.model_dump(mode="json")


def test_no_case_code_and_no_such_case_are_said_in_words(
    muster: Callable[..., Spoken], services: Callable[..., Answering]
) -> None:
    services({ExplainRoute: refuses("not_found")})

    assert "is not a case code" in muster("route", "explain", "26-0000104-8")
    refused = muster("route", "explain", CODE)
    assert refused.code == 2
    assert "refused: no" in refused
