"""A case's events as sentences: what happened, who did it, and why."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.centre.pack import CentrePack
from shared.contracts.base import TimelineEntry

STAGES: Mapping[str, str] = {
    "accept": "受理",
    "dispatch": "派单",
    "sign_off": "签收",
    "return": "退单",
    "handle": "办理",
    "report_back": "办结反馈",
    "verify": "核查",
    "follow_up": "回访",
    "arrival": "到场",
}
SOURCES: Mapping[str, str] = {
    "window": "窗口受理",
    "superior_order": "上级交办",
    "platform_push": "平台推送",
    "grid_patrol": "网格巡查",
}
MODES: Mapping[str, str] = {"self": "自办", "forward": "转办"}
POSTS: Mapping[str, str] = {
    "liaison_officer": "联络员",
    "unit_lead": "分管领导",
    "duty_director": "轮值主任",
    "commander": "指挥长",
    "dispatcher": "调度员",
    "first_receiver": "首接窗口",
    "grid_worker": "网格员",
}


UNITS_OF_TIME: Mapping[str, str] = {
    "minute": "分钟",
    "hour": "小时",
    "working_minute": "分钟（办公时间）",
    "working_hour": "小时（办公时间）",
    "working_day": "个工作日",
    "calendar_day": "日",
    "month": "个月",
}


def limit_words(limit: str) -> str:
    """`5 working_day` -> 5 个工作日"""
    amount, _, unit = limit.partition(" ")
    return f"{amount} {UNITS_OF_TIME.get(unit, unit)}"


REASONS: Mapping[str, str] = {
    "not_our_duty": "不属本单位职责",
    "not_our_place": "不属本单位辖区",
    "facts_wrong": "事实有误",
    "in_court": "已进入诉讼",
    "emergency": "紧急警情，拨 110、119、120",
    "court": "应由法院处理",
    "arbitration": "应经仲裁",
    "under_way_elsewhere": "他处正在办理",
    "state_secret": "涉及国家秘密",
    "not_public": "不属公共事务",
    "returned": "已退单",
    "reopened": "已重办",
    "closed": "案件已办结",
    "not_accepted": "不予受理",
    "not_arrived": "未到场",
    "stood_down": "召集撤销",
    "case closed already": "案件已办结",
}
STATES: Mapping[str, str] = {
    "registered": "待受理",
    "not_accepted": "不予受理",
    "handling": "办理中",
    "to_follow_up": "待回访",
    "followed_up": "已回访",
    "closed": "办结",
}


def said(reason: str) -> str:
    return REASONS.get(reason, reason)


class Story:
    """Tells events in the words of one centre pack."""

    def __init__(self, pack: CentrePack) -> None:
        self._pack = pack
        self.zone = ZoneInfo(pack.timezone)

    def tell(self, entry: TimelineEntry) -> str:
        teller = TELLERS.get(entry.type)
        return teller(self, entry.data) if teller else entry.type

    def unit(self, code: str | None) -> str:
        found = self._pack.unit(code) if code else None
        return found.name if found else (code or "—")

    def place(self, code: str | None) -> str:
        found = self._pack.place(code) if code else None
        return found.name if found else "地点未知"

    def category(self, code: str | None) -> str:
        if code is None:
            return "类别未定"
        chain = [self._pack.category(one) for one in reversed(self._pack.category_chain(code))]
        return "·".join(one.name for one in chain if one is not None) or code

    def at(self, text: str | datetime) -> str:
        instant = text if isinstance(text, datetime) else datetime.fromisoformat(text)
        return f"{instant.astimezone(self.zone):%m-%d %H:%M:%S}"


Data = dict[str, Any]
Teller = Callable[[Story, Data], str]


def _registered(story: Story, data: Data) -> str:
    what = f"{story.category(data['category'])}，{story.place(data['place'])}，{data['level']} 级"
    return f"登记（{SOURCES[data['source']]}）：{what}；首接 {data['owner']} 负责到底"


def _routed(story: Story, data: Data) -> str:
    rule = f"规则 {data['rule']}，" if data["rule"] else ""
    others = [f"{story.unit(one.get('unit'))}（{one.get('why_not')}）" for one in data["considered"][:2]]
    beside = f"；未选：{'、'.join(others)}" if others else ""
    return f"研判派向 {story.unit(data['unit'])}：{rule}{data['reason']}（规则包 {data['pack_version']}）{beside}"


def _armed(story: Story, data: Data) -> str:
    return (
        f"计时〔{STAGES[data['stage']]}〕责任 {story.unit(data['owes'])}，限 {limit_words(data['limit'])}，"
        f"到期 {story.at(data['due_at'])}（依据 {data['limit_source']}）"
    )


def _met(story: Story, data: Data) -> str:
    return f"〔{STAGES[data['stage']]}〕{'超时完成' if data['late'] else '按时完成'}"


def _notice(story: Story, data: Data) -> str:
    unit = f"{story.unit(data['unit'])} " if data["unit"] else ""
    return f"通知 {unit}{POSTS.get(data['post'], data['post'])}：〔{STAGES[data['stage']]}〕第 {data['step']} 步"


def _followed_up(story: Story, data: Data) -> str:
    if not data["contacted"]:
        return f"回访第 {data['attempt']} 次：未联系上"
    words = {"satisfied": "满意", "basically": "基本满意", "dissatisfied": "不满意"}
    return f"回访第 {data['attempt']} 次：{'已解决' if data['solved'] else '未解决'}，{words[data['satisfaction']]}"


OUTCOMES: Mapping[str, str] = {
    "solved": "已解决",
    "partly": "部分解决",
    "explained": "已解释说明",
    "not_solved": "未解决",
    "not_found": "未找到现场",
    "unreachable": "多次未能联系上",
    "assembled": "全部到场",
    "incomplete": "未到齐",
    "stood_down": "撤销",
}

TELLERS: Mapping[str, Teller] = {
    "intake.case.registered": _registered,
    "intake.case.accepted": lambda s, d: f"受理，{MODES[d['handling_mode']]}",
    "intake.case.not_accepted": lambda s, d: f"不予受理（{said(d['reason'])}），已告知法定渠道",
    "intake.case.handled": lambda s, d: "窗口当场办结",
    "intake.case.followed_up": _followed_up,
    "intake.case.reopened": lambda s, d: f"重办，第 {d['round']} 轮",
    "intake.case.closed": lambda s, d: f"办结归档：{OUTCOMES[d['outcome']]}",
    "intake.requester.revealed": lambda s, d: "查看来访人信息（留痕）",
    "intake.requester.erased": lambda s, d: "来访人信息到期删除",
    "dispatch.case.routed": _routed,
    "dispatch.work_order.dispatched": lambda s, d: (
        f"派单 {s.unit(d['unit'])}（{'窗口席位' if d['reached_by'] == 'desk' else '联络员'}）"
    ),
    "dispatch.work_order.signed_off": lambda s, d: f"{s.unit(d['unit'])} 签收",
    "dispatch.work_order.returned": lambda s, d: (
        f"{s.unit(d['unit'])} 退单（{said(d['reason'])}），第 {d['returns']} 次"
    ),
    "dispatch.work_order.reported_back": lambda s, d: f"{s.unit(d['unit'])} 反馈：{OUTCOMES[d['outcome']]}",
    "dispatch.work_order.reopened": lambda s, d: f"退回 {s.unit(d['unit'])} 重办，第 {d['round']} 轮",
    "dispatch.summons.asked": lambda s, d: f"请求召集：{'、'.join(s.unit(u) for u in d['units'])}",
    "dispatch.summons.approved": lambda s, d: "召集获批",
    "dispatch.summons.refused": lambda s, d: "召集未获批准",
    "dispatch.summons.unit_called": lambda s, d: f"吹哨 {s.unit(d['unit'])}，20 分钟内到场",
    "dispatch.summons.unit_acknowledged": lambda s, d: f"{s.unit(d['unit'])} 收到",
    "dispatch.summons.unit_arrived": lambda s, d: f"{s.unit(d['unit'])} 到场",
    "dispatch.summons.unit_not_arrived": lambda s, d: f"{s.unit(d['unit'])} 未到场",
    "dispatch.summons.ended": lambda s, d: f"召集结束：{OUTCOMES[d['outcome']]}",
    "escalation.clock.armed": _armed,
    "escalation.clock.warned": lambda s, d: f"提醒〔{STAGES[d['stage']]}〕已用 {d['percent']}% 时限",
    "escalation.clock.overdue": lambda s, d: f"超时〔{STAGES[d['stage']]}〕责任 {s.unit(d['owes'])}",
    "escalation.clock.met": _met,
    "escalation.clock.cancelled": lambda s, d: f"停止计时〔{STAGES[d['stage']]}〕：{said(d['reason'])}",
    "escalation.notice.issued": _notice,
    "escalation.arrival.given_up": lambda s, d: f"{s.unit(d['unit'])} 到场时限已过，不再等候",
    "escalation.verification.assigned": lambda s, d: f"核查任务派给 {s.place(d['place'])} 网格",
    "escalation.verification.recorded": lambda s, d: f"网格核查：{OUTCOMES[d['outcome']]}",
}
