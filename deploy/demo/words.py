"""The live view's words: short Chinese for stages, states and events, with the pack's own short names."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shared.centre.pack import CentrePack
from shared.contracts.base import Envelope
from shared.contracts.dispatch import UnitSummonsState
from shared.story import STAGES

GRID = ("grid:", "grid.")  # who owes a verification, and a grid worker who received a case
WEEKDAYS = "一二三四五六日"
POSTS: Mapping[str, str] = {"dispatcher": "调度席", "first_receiver": "首接窗口"}
UNIT_STATES: Mapping[UnitSummonsState, str] = {
    UnitSummonsState.NAMED: "待批",
    UnitSummonsState.CALLED: "已吹哨",
    UnitSummonsState.ACKNOWLEDGED: "已收到",
    UnitSummonsState.ARRIVED: "已到场",
    UnitSummonsState.NOT_ARRIVED: "未到场",
    UnitSummonsState.STOOD_DOWN: "已撤销",
}
GROUNDS: Mapping[str, str] = {"major": "重大", "urgent": "紧急", "difficult": "疑难", "disputed": "争议"}
Teller = Callable[["Words", Mapping[str, Any]], str]


class Words:
    def __init__(self, pack: CentrePack) -> None:
        self.title = pack.title
        self._pack = pack
        self._zone = ZoneInfo(pack.timezone)

    def unit(self, code: str | None) -> str:
        found = self._pack.unit(code) if code else None
        return found.short if found else (code or "—")

    def owes(self, who: str) -> str:
        """The unit, window or post that owes something."""
        if who.startswith("clerk."):
            window = self._pack.window(who.removeprefix("clerk."))
            return window.name if window else who
        if who.startswith(GRID):
            place = self._pack.place(who[len(GRID[0]) :])
            return place.name if place else "网格员"
        return POSTS.get(who) or self.unit(who)

    def category(self, code: str | None) -> str:
        found = self._pack.category(code) if code else None
        return found.name if found else "类别未定"

    def stage(self, stage: str) -> str:
        return STAGES.get(stage, stage)

    def day_and_time(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        return f"{local:%Y-%m-%d} 周{WEEKDAYS[local.weekday()]} {local:%H:%M}"

    def time(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%H:%M}"

    def tell(self, event: Envelope) -> str | None:
        """One short line; None for events that are not worth a line."""
        teller = TELLERS.get(event.type)
        return teller(self, event.data) if teller else None


def span(of: timedelta) -> str:
    """`3天04时`, `2时05分`, `07:30`: the two greatest parts. Without a sign."""
    seconds = int(abs(of).total_seconds())
    days, hours, minutes = seconds // 86_400, seconds // 3_600 % 24, seconds // 60 % 60
    if days:
        return f"{days}天{hours:02}时"
    return f"{hours}时{minutes:02}分" if hours else f"{minutes:02}:{seconds % 60:02}"


def _routed(words: Words, data: Mapping[str, Any]) -> str | None:
    return "规则定不了，转人工分派" if data["by"] == "triage" else None


def _verified(_: Words, data: Mapping[str, Any]) -> str:
    return "核查属实，已解决" if data["outcome"] == "solved" else "核查未通过"


def _followed_up(_: Words, data: Mapping[str, Any]) -> str:
    moods = {"satisfied": "满意", "basically": "基本满意", "dissatisfied": "不满意"}
    return f"回访：{moods[data['satisfaction']]}" if data["contacted"] else "回访：未联系上"


TELLERS: Mapping[str, Callable[[Words, Mapping[str, Any]], str | None]] = {
    "intake.case.registered": lambda w, d: f"登记：{w.category(d['category'])}",
    "intake.case.not_accepted": lambda w, d: "不予受理，已告知渠道",
    "intake.case.handled": lambda w, d: "窗口当场办结",
    "intake.case.followed_up": _followed_up,
    "intake.case.reopened": lambda w, d: "来访人不满意，重办",
    "intake.case.closed": lambda w, d: "办结归档",
    "dispatch.case.routed": _routed,
    "dispatch.work_order.dispatched": lambda w, d: f"派给{w.unit(d['unit'])}",
    "dispatch.work_order.signed_off": lambda w, d: f"{w.unit(d['unit'])}签收",
    "dispatch.work_order.requester_contacted": lambda w, d: f"{w.unit(d['unit'])}联系来访人",
    "dispatch.work_order.returned": lambda w, d: f"{w.unit(d['unit'])}退单",
    "dispatch.work_order.reported_back": lambda w, d: f"{w.unit(d['unit'])}反馈结果",
    "dispatch.work_order.reopened": lambda w, d: f"{w.unit(d['unit'])}重办，第{d['round']}轮",
    "dispatch.summons.asked": lambda w, d: f"请求召集{len(d['units'])}家单位（{GROUNDS[d['ground']]}）",
    "dispatch.summons.unit_called": lambda w, d: f"吹哨：{w.unit(d['unit'])}",
    "dispatch.summons.unit_arrived": lambda w, d: f"{w.unit(d['unit'])}到场",
    "dispatch.summons.unit_not_arrived": lambda w, d: f"{w.unit(d['unit'])}未到场",
    "escalation.clock.overdue": lambda w, d: f"超时〔{w.stage(d['stage'])}〕{w.owes(d['owes'])}",
    "escalation.verification.recorded": _verified,
}
