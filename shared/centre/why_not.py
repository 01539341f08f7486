"""Why a rule did not decide, in one Chinese phrase. It quotes the rule and the pack, never the case."""

from collections.abc import Callable, Mapping
from datetime import date, time

from shared.centre.conditions import MIDNIGHT, Unmet, passes_midnight
from shared.centre.nouns import CaseSource, Mode, Rule
from shared.centre.pack import CentrePack

SOURCE_NAMES: Mapping[CaseSource, str] = {
    "window": "窗口受理",
    "superior_order": "上级交办",
    "platform_push": "平台推送",
    "grid_patrol": "网格巡查",
}
MODE_NAMES: Mapping[Mode, str] = {
    "normal": "平时",
    "surge": "战时",
    "surge.I": "战时一级",
    "surge.II": "战时二级",
    "surge.III": "战时三级",
    "surge.IV": "战时四级",
}
ELSEWHERE = "适用地点不含此地"


def too_late(winner: Rule) -> str:
    return f"排在先匹配的规则“{winner.id}”之后"


def why_unmet(pack: CentrePack, rule: Rule, condition: Unmet) -> str:
    return _PHRASES[condition](pack, rule)


def _flags(pack: CentrePack, rule: Rule) -> str:
    names = (next((flag.name for flag in pack.flags if flag.code == code), code) for code in rule.flags)
    return f"只适用于标有{'、'.join(f'“{name}”' for name in names)}的事项"


def _hours(rule: Rule) -> str:
    closes = "24:00" if rule.closes in (None, MIDNIGHT) else _clock(rule.closes)
    return f"只在{_clock(rule.opens)}至{'次日' if passes_midnight(rule) else ''}{closes}适用"


def _clock(at: time | None) -> str:
    return f"{at or MIDNIGHT:%H:%M}"


def _day(day: date | None) -> str:
    return "" if day is None else f"{day.year}年{day.month}月{day.day}日"


_PHRASES: Mapping[Unmet, Callable[[CentrePack, Rule], str]] = {
    "level": lambda pack, rule: f"只适用于{'、'.join(rule.levels)}级事项",
    "source": lambda pack, rule: f"只适用于{'、'.join(SOURCE_NAMES[each] for each in rule.sources)}的事项",
    "flags": _flags,
    "mode": lambda pack, rule: f"只在{'、'.join(MODE_NAMES[each] for each in rule.modes)}适用",
    "no_time": lambda pack, rule: "受理时间未定，无法适用限时规则",
    "not_yet": lambda pack, rule: f"自{_day(rule.valid_from)}起才适用",
    "no_more": lambda pack, rule: f"{_day(rule.valid_until)}后不再适用",
    "days": lambda pack, rule: f"只在{'工作日' if rule.days == 'workdays' else '休息日'}适用",
    "hours": lambda pack, rule: _hours(rule),
}
