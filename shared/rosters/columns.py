"""The columns of a roster sheet, and the words that may stand in them: English as stored, Chinese as people write.

One row is one post in a rotation, in the order of the turns; or, where `action` is filled in, one override. What
belongs to the roster or the rotation stands in its first row; below it may be left empty.
"""

from collections.abc import Mapping

# Column -> the Chinese heading that means the same.
ROSTER: Mapping[str, str] = {
    "roster": "排班",
    "kind": "类型",
    "unit": "单位",
    "title": "名称",
    "timezone": "时区",
    "expects": "应有人",
}
ROTATION: Mapping[str, str] = {
    "rotation": "轮次",
    "shift": "班次",
    "every": "周期",
    "length": "轮长",
    "starts_on": "起始日",
    "ends_on": "截止日",
    "changes_at": "交班时间",
    "opens": "上班",
    "closes": "下班",
    "weekdays": "星期",
    "days": "日子",
    "counts_only_duty_days": "只数值班日",
}
MEMBER: Mapping[str, str] = {"staff": "岗位", "member_unit": "岗位单位"}
OVERRIDE: Mapping[str, str] = {
    "action": "调整",
    "instead_of": "替谁",
    "starts_at": "开始时间",
    "ends_at": "结束时间",
    "reason": "事由",
}
COLUMNS: Mapping[str, str] = {**ROSTER, **ROTATION, **MEMBER, **OVERRIDE}
BY_HEADING: Mapping[str, str] = {chinese: column for column, chinese in COLUMNS.items()} | {
    each: each for each in COLUMNS
}

WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": {
        "轮值主任": "duty_director",
        "轮驻": "presence",
        "轮驻在厅": "presence",
        "联络员": "liaison",
        "值班领导": "leader",
    },
    "shift": {"主班": "primary", "副班": "backup"},
    "every": {"每天": "daily", "每日": "daily", "每周": "weekly", "每月": "monthly"},
    "days": {"全部": "all", "每天": "all", "工作日": "workdays", "休息日": "days_off"},
    "expects": {"总是": "always", "按计划": "planned"},
    "counts_only_duty_days": {"是": "true", "否": "false", "yes": "true", "no": "false", "1": "true", "0": "false"},
    "action": {"增派": "add", "撤下": "remove", "替班": "replace", "临时": "temporary"},
}
WEEKDAYS: Mapping[str, int] = {
    **{name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
    **{f"周{name}": number for number, name in enumerate("一二三四五六日")},
    **{name: number for number, name in enumerate("一二三四五六日")},
}


def plain_word(column: str, cell: str) -> str:
    """The stored word for what stands in a cell."""
    lowered = cell.lower() if column in WORDS else cell
    return WORDS.get(column, {}).get(lowered, lowered)
