"""Clocks, their ladders, and the grid's verification."""

from collections.abc import Mapping

from shared.story.teller import Data, Names, Teller
from shared.story.words import FINDINGS, GOES_TO, NOTICE_WHYS, OUTCOMES, POSTS, STAGES, limit_words, said

LATE_TOLD_S = 60


def _armed(names: Names, data: Data) -> str:
    beside = ""
    if data["service_due_at"]:
        told = f"{limit_words(data['service_limit'])}内即 {names.at(data['service_due_at'])} 前应答复诉求人"
        beside = f"；法定时限优先，{told}"
    anew = "重新" if data["replaces"] else ""
    return (
        f"{anew}计时〔{STAGES[data['stage']]}〕责任 {names.owes(data['owes'])}，限 {limit_words(data['limit'])}，"
        f"到期 {names.at(data['due_at'])}（依据 {data['limit_source']}{beside}）"
    )


def _late(data: Data) -> str:
    """After an outage things are done late, and it is said by how much."""
    return f"（系统中断，迟 {data['late_s'] // 60} 分钟补记）" if data["late_s"] >= LATE_TOLD_S else ""


def _overdue(names: Names, data: Data) -> str:
    return f"超时〔{STAGES[data['stage']]}〕责任 {names.owes(data['owes'])}{_late(data)}"


def _met(names: Names, data: Data) -> str:
    return f"〔{STAGES[data['stage']]}〕{'超时完成' if data['late'] else '按时完成'}"


def _notice(names: Names, data: Data) -> str:
    unit = f"{names.unit(data['unit'])} " if data["unit"] else ""
    why = NOTICE_WHYS[data["why"]]
    post = POSTS.get(data["post"], data["post"])
    return f"通知 {unit}{post}：〔{STAGES[data['stage']]}〕第 {data['step']} 步{why}{_late(data)}"


def _recomputed(names: Names, data: Data) -> str:
    stage = f"〔{STAGES[data['stage']]}〕"
    if data["old_due_at"] == data["due_at"]:
        return f"节假日安排公布，{stage}到期 {names.at(data['due_at'])} 核定不变"
    return f"节假日安排公布，重算{stage}：到期由 {names.at(data['old_due_at'])} 改为 {names.at(data['due_at'])}"


def _found(names: Names, data: Data) -> str:
    stage, mended = f"〔{STAGES[data['stage']]}〕", "" if data["mended"] else "，需人工核查"
    return f"核对发现{stage}{FINDINGS[data['finding']]}{mended}"


def _verification(names: Names, data: Data) -> str:
    again = f"，第 {data['attempt']} 次" if data["attempt"] > 1 else ""
    return f"核查任务派给 {names.place(data['place'])} 网格{again}"


def _verified(names: Names, data: Data) -> str:
    photos = f"，照片 {data['photos']} 张" if data["photos"] else ""
    seen = f"，{names.at(data['found_at'])} 到现场" if data["found_at"] else ""
    next_ = f"，{GOES_TO[data['goes_to']]}" if data["goes_to"] not in {None, "first_receiver"} else ""
    return f"网格核查：{OUTCOMES[data['outcome']]}{photos}{seen}{next_}"


TELLERS: Mapping[str, Teller] = {
    "escalation.clock.armed": _armed,
    "escalation.clock.recomputed": _recomputed,
    "escalation.clock.warned": lambda n, d: f"提醒〔{STAGES[d['stage']]}〕已用 {d['percent']}% 时限{_late(d)}",
    "escalation.clock.overdue": _overdue,
    "escalation.clock.met": _met,
    "escalation.clock.cancelled": lambda n, d: f"停止计时〔{STAGES[d['stage']]}〕：{said(d['reason'])}",
    "escalation.audit.found": _found,
    "escalation.notice.issued": _notice,
    "escalation.arrival.given_up": lambda n, d: f"{n.unit(d['unit'])} 到场时限已过，不再等候",
    "escalation.verification.assigned": _verification,
    "escalation.verification.recorded": _verified,
    "escalation.verification.photo_read": lambda n, d: "查看核查照片（留痕）",
    "escalation.verification.photos_erased": lambda n, d: f"核查照片到期删除（{d['photos']} 张）",
}
