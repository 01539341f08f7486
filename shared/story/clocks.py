"""Clocks, their ladders, and the grid's verification."""

from collections.abc import Mapping

from shared.story.teller import Data, Names, Teller
from shared.story.words import NOTICE_WHYS, OUTCOMES, POSTS, STAGES, limit_words, said


def _armed(names: Names, data: Data) -> str:
    return (
        f"计时〔{STAGES[data['stage']]}〕责任 {names.unit(data['owes'])}，限 {limit_words(data['limit'])}，"
        f"到期 {names.at(data['due_at'])}（依据 {data['limit_source']}）"
    )


def _met(names: Names, data: Data) -> str:
    return f"〔{STAGES[data['stage']]}〕{'超时完成' if data['late'] else '按时完成'}"


def _notice(names: Names, data: Data) -> str:
    unit = f"{names.unit(data['unit'])} " if data["unit"] else ""
    why = NOTICE_WHYS[data["why"]]
    post = POSTS.get(data["post"], data["post"])
    return f"通知 {unit}{post}：〔{STAGES[data['stage']]}〕第 {data['step']} 步{why}"


TELLERS: Mapping[str, Teller] = {
    "escalation.clock.armed": _armed,
    "escalation.clock.warned": lambda n, d: f"提醒〔{STAGES[d['stage']]}〕已用 {d['percent']}% 时限",
    "escalation.clock.overdue": lambda n, d: f"超时〔{STAGES[d['stage']]}〕责任 {n.unit(d['owes'])}",
    "escalation.clock.met": _met,
    "escalation.clock.cancelled": lambda n, d: f"停止计时〔{STAGES[d['stage']]}〕：{said(d['reason'])}",
    "escalation.notice.issued": _notice,
    "escalation.arrival.given_up": lambda n, d: f"{n.unit(d['unit'])} 到场时限已过，不再等候",
    "escalation.verification.assigned": lambda n, d: f"核查任务派给 {n.place(d['place'])} 网格",
    "escalation.verification.recorded": lambda n, d: f"网格核查：{OUTCOMES[d['outcome']]}",
}
