"""A case: received, accepted, routed, ruled on, followed up, closed."""

from collections.abc import Mapping

from shared.story.teller import Data, Names, Teller
from shared.story.words import ASKED_BY, MISSED, MODES, OUTCOMES, SOURCES, said


def _registered(names: Names, data: Data) -> str:
    what = f"{names.category(data['category'])}，{names.place(data['place'])}，{data['level']} 级"
    return f"登记（{SOURCES[data['source']]}）：{what}；首接 {data['owner']} 负责到底"


def _corrected(names: Names, data: Data) -> str:
    return f"更正：{names.category(data['category'])}，{names.place(data['place'])}，{data['level']} 级"


def _chosen(names: Names, data: Data) -> str:
    taken = f"系统建议的第 {data['by_rank']} 项" if data["by_rank"] else "未采用系统建议"
    return f"确认类别 {names.category(data['chosen'])}（{taken}）"


def _routed(names: Names, data: Data) -> str:
    rule = f"规则 {data['rule']}，" if data["rule"] else ""
    joint = f"，联办 {names.units(data['supporters'])}" if data.get("supporters") else ""
    others = [f"{names.unit(one.get('unit'))}（{one.get('why_not')}）" for one in data["considered"][:2]]
    beside = f"；未选：{'、'.join(others)}" if others else ""
    route = f"研判派向 {names.unit(data['unit'])}{joint}：{rule}{data['reason']}"
    return f"{route}（规则包 {data['pack_version']}）{beside}"


def _designated(names: Names, data: Data) -> str:
    before = f"（此前 {names.units(data['instead_of'])}）" if data["instead_of"] else ""
    return f"轮值主任指定 {names.unit(data['unit'])} 承办{before}，不得再退"


def _proposed(names: Names, data: Data) -> str:
    if data["unit"] == data["instead_of"]:
        return f"情况更正后，建议增加协办 {names.units(data['supporters'])}：{data['reason']}"
    return f"情况更正后，建议由 {names.unit(data['instead_of'])} 改派 {names.unit(data['unit'])}：{data['reason']}"


def _followed_up(names: Names, data: Data) -> str:
    kind = f"（{ASKED_BY[data['kind']]}）"
    if not data["contacted"]:
        why = f"（{MISSED[data['missed']]}）" if data["missed"] else ""
        return f"回访第 {data['attempt']} 次{kind}：未联系上{why}"
    words = {"satisfied": "满意", "basically": "基本满意", "dissatisfied": "不满意"}
    silent = "，承办单位未联系本人" if data["responded"] is False else ""
    solved = "已解决" if data["solved"] else "未解决"
    return f"回访第 {data['attempt']} 次{kind}：{solved}，{words[data['satisfaction']]}{silent}"


def _raised(names: Names, data: Data) -> str:
    next_ = "再次重办" if data["led_to"] == "reopened" else "不再重办，书面答复"
    return f"已重办 {data['reopenings']} 次，{next_}，提请轮值主任督办"


def _delay_explained(names: Names, data: Data) -> str:
    told = ASKED_BY[data["given_by"]]
    return f"暂不能办结，已向诉求人说明（{told}），第 {data['number']} 次承诺：{names.at(data['promised_for'])} 前答复"


def _offered(names: Names, data: Data) -> str:
    shown = f"提示相似案件 {'、'.join(data['offered'])}：" if data["offered"] else ""
    return f"{shown}{'并入 ' + data['taken'] if data['taken'] else '窗口未采用，单独登记'}"


def _joined(names: Names, data: Data) -> str:
    what = {"category": "类别不同", "township": "乡镇不同"}
    differs = "，".join(what[one] for one in data["differs"])
    spite = f"（{differs}，已写明理由）" if differs else ""
    return f"并案：并入 {data['leader']}{spite}，随该案办理；首接 {data['owner']} 仍负责回访"


def _split(names: Names, data: Data) -> str:
    why = "（原案已办结，来访人不满意）" if data["cause"] == "leader_closed" else ""
    return f"拆案：不再随 {data['leader']}，单独受理、单独派单{why}"


TELLERS: Mapping[str, Teller] = {
    "intake.case.registered": _registered,
    "intake.case.accepted": lambda n, d: f"受理，{MODES[d['handling_mode']]}",
    "intake.case.corrected": _corrected,
    "intake.category.chosen": _chosen,
    "intake.case.similar_offered": _offered,
    "intake.case.joined": _joined,
    "intake.case.split": _split,
    "intake.case.leader_solved": lambda n, d: f"主案 {d['leader']} 已解决，开始本案回访",
    "intake.case.leader_reopened": lambda n, d: f"主案 {d['leader']} 重办，本案回访待其办结",
    "intake.case.not_accepted": lambda n, d: f"不予受理（{said(d['reason'])}），已告知法定渠道",
    "intake.case.handled": lambda n, d: "窗口当场办结",
    "intake.case.followed_up": _followed_up,
    "intake.case.reopened": lambda n, d: f"重办，第 {d['round']} 轮",
    "intake.case.explained": lambda n, d: f"书面答复诉求人（{ASKED_BY[d['given_by']]}）",
    "intake.case.raised": _raised,
    "intake.case.delay_explained": _delay_explained,
    "intake.case.closed": lambda n, d: f"办结归档：{OUTCOMES[d['outcome']]}",
    "intake.requester.revealed": lambda n, d: "查看来访人信息（留痕）",
    "intake.requester.erased": lambda n, d: "来访人信息到期删除",
    "dispatch.case.routed": _routed,
    "dispatch.case.designated": _designated,
    "dispatch.route.proposed": _proposed,
    "dispatch.route.decided": lambda n, d: "改派建议已采纳" if d["confirmed"] else "改派建议未采纳",
}
